"""Calls to other machines: with an end, without following, and not to our own network."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from shop.core import calls


@contextmanager
def server(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A machine that takes one call and then does as `speak` says."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _address = listening.accept()
        with line, suppress(OSError):
            speak(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/path?q=1"
    finally:
        listening.close()
        thread.join(5)


def test_an_answer_is_read_and_a_redirect_is_not_followed():
    heard: list[bytes] = []

    def speak(line: socket.socket) -> None:
        heard.append(line.recv(65_536))
        line.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 2\r\n\r\nok"
        )

    with server(speak) as url:
        answer = calls.post(url, b"body", {"Authorization": "Bearer x"})
    assert (answer.status, answer.body, answer.headers["location"]) == (
        302,
        b"ok",
        "http://elsewhere/",
    )
    assert heard[0].startswith(b"POST /path?q=1 HTTP/1.1\r\n")


def test_who_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calls, "PATIENCE_SECONDS", 0.2)
    begun = time.monotonic()
    with server(lambda line: time.sleep(1)) as url, pytest.raises(calls.Unreachable):
        calls.post(url, b"", {})
    assert time.monotonic() - begun < 3


def test_who_answers_drop_by_drop_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calls, "PATIENCE_SECONDS", 0.3)

    def drip(line: socket.socket) -> None:
        line.recv(65_536)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
        for _ in range(100):
            line.sendall(b"x")
            time.sleep(0.05)

    begun = time.monotonic()
    with server(drip) as url:
        try:
            answer = calls.post(url, b"", {})
        except calls.Unreachable:
            pass
        else:
            assert len(answer.body) < 100
        assert time.monotonic() - begun < 2


def test_nobody_there_and_nonsense_are_no_answer():
    with (
        server(lambda line: line.sendall(b"what?\r\n\r\n")) as url,
        pytest.raises(calls.Unreachable),
    ):
        calls.post(url, b"", {})
    with pytest.raises(calls.Unreachable):
        calls.post(url, b"", {})


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "::1", "fd00::1",
     "::ffff:10.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_machines_inside_our_network_are_not_called(monkeypatch: pytest.MonkeyPatch, address: str):
    found: list[Any] = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(calls.NotPublic):
        calls.post("https://push.example/", b"", {}, public=True)


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 443))]
    called: list[Any] = []

    def connect(address: Any, *_more: Any) -> Any:
        called.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(calls.Unreachable):
        calls.post("https://push.example/", b"", {}, public=True)
    assert called == [("93.184.216.34", 443)]
