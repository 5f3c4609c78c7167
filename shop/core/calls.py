"""Calls to other machines over HTTP: never longer than a while, never further than asked.

They are made with no transaction open: by jobs, or where somebody waits for the answer. No
redirect is followed, so that a key in a header goes nowhere else.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

PATIENCE_SECONDS = 10.0
"""For every single wait; a whole call may take twice as long."""
MOST_BYTES = 64 * 1024


class Unreachable(Exception):
    """No answer was to be had; what was asked may have been done nevertheless."""


class NotPublic(Exception):
    """The address is not one of the open Internet."""


@dataclass(frozen=True)
class Answer:
    """What the other machine said; of a long body only the beginning."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    public: bool = False,
) -> Answer:
    """POST to `url` and read its answer. `public` refuses machines inside our own network.

    Raises `Unreachable`, `NotPublic`.
    """
    return call("POST", url, body, headers, public=public)


def call(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    public: bool = False,
    patience: float | None = None,
) -> Answer:
    """Ask `url` by any method; `patience` seconds for each wait, twice that for all of it.

    Raises `Unreachable`, `NotPublic`.
    """
    parts = urlsplit(url)
    host, patience = parts.hostname or "", patience or PATIENCE_SECONDS
    try:
        address = public_address(host, parts.port or 443) if public else host
        connection = _connection(parts, address, patience)
        with closing(connection):
            connection.connect()
            with cut_after(2 * patience, lambda: connection.sock):
                path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
                connection.request(method, path, body, {"Host": parts.netloc, **headers})
                answer = connection.getresponse()
                said = answer.read(MOST_BYTES)
                return Answer(answer.status, said, {k.lower(): v for k, v in answer.getheaders()})
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from None


def public_address(host: str, port: int) -> str:
    """An address of `host`, all of whose addresses are public.

    Who connects must use this one: the name may mean another machine a moment later. Raises
    `NotPublic`, `OSError`.
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(ipaddress.ip_address(one).is_global for one in found):
        raise NotPublic(host)
    return found[0]


class _Pinned(http.client.HTTPSConnection):
    """Connects to `address`, yet asks for the certificate of the host that was named."""

    address = ""

    def connect(self) -> None:
        """Connect and check the certificate."""
        plain = socket.create_connection((self.address, self.port), self.timeout)
        try:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _connection(parts: SplitResult, address: str, patience: float) -> http.client.HTTPConnection:
    if parts.scheme == "http":
        return http.client.HTTPConnection(address, parts.port, timeout=patience)
    connection = _Pinned(parts.hostname or "", parts.port, timeout=patience)
    connection.address = address
    return connection


@contextmanager
def cut_after(seconds: float, line: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Cut the line after so many seconds, however slowly and steadily the other side speaks.

    `line` gives the one in use then: TLS may begin in the middle of a talk.
    """
    timer = threading.Timer(seconds, _cut, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(line: Callable[[], socket.socket | None]) -> None:
    found = line()
    if found is not None:
        with suppress(OSError):
            found.shutdown(socket.SHUT_RDWR)
