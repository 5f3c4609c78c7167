"""A browser without a screen, for tests against a shop in processes of its own."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

Fields = Sequence[tuple[str, str]]
CUT = (OSError, HTTPException)
"""What a request raises when the server went away under it."""
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """What came back; `location` is the path sent on to, or empty."""

    status: int
    location: str
    text: str

    def hidden(self) -> list[tuple[str, str]]:
        """Names and values of the page's hidden fields."""
        found = [dict(_ATTRIBUTE.findall(tag)) for tag in _INPUT.findall(self.text)]
        return [
            (tag["name"], html.unescape(tag.get("value", "")))
            for tag in found
            if tag.get("type") == "hidden" and "name" in tag
        ]

    @property
    def csrf(self) -> tuple[str, str]:
        """The page's token against forged forms, as a field."""
        return next(field for field in self.hidden() if field[0] == "csrf_token")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: Any, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Follow nothing: where a form sends its sender is what the test looks at."""


class Browser:
    """One visitor with a cookie jar. Every method may raise one of `CUT`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), _Stay()
        )

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._open(urllib.request.Request(self._url + path))

    def post(self, path: str, fields: Fields) -> Answer:
        """Send a form."""
        return self._open(urllib.request.Request(self._url + path, urlencode(fields).encode()))

    def send_photo(self, path: str, fields: Fields, photo: bytes) -> Answer:
        """Send a form with one photo in the field `photos`."""
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields
        ]
        parts.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="photos"; filename="a.png"\r\n'
            "Content-Type: image/png\r\n\r\n".encode()
        )
        body = b"".join([*parts, photo, f"\r\n--{edge}--\r\n".encode()])
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._open(urllib.request.Request(self._url + path, body, kind))

    def sign_in(self, phone: str, password: str) -> None:
        """Sign in by the page for it."""
        page = self.get("/sign-in")
        answer = self.post(
            "/sign-in", [page.csrf, ("phone", phone), ("password", password), ("next", "")]
        )
        assert answer.status == 303, answer.text

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=20) as response:
                return _answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.headers, error.read())


def _answer(status: int, headers: HTTPMessage, body: bytes) -> Answer:
    return Answer(status, urlsplit(headers.get("Location", "")).path, body.decode())
