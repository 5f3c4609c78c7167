"""Pages made smaller on their way to the phone.

Only anonymous, cacheable pages are squeezed: they repeat no secret of a visitor, so their size
tells an onlooker nothing (BREACH, https://www.breachattack.com/).
"""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, request

_SMALLEST = 600
"""Bytes under which squeezing is not worth its header."""
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6


def init_app(app: Flask) -> None:
    """Squeeze pages after everything else is decided about them.

    What is registered first runs last: call this before whatever sets caching headers.
    """
    app.after_request(_squeeze)


def best_coding() -> str | None:
    """The smallest coding the client takes; brotli before gzip at equal weight."""
    accepted = {coding.lower(): weight for coding, weight in request.accept_encodings}
    rest = accepted.get("*", 0)
    offers = [(accepted.get(coding, rest), coding) for coding in ("br", "gzip")]
    weight, best = max(offers, key=lambda offer: offer[0])
    return best if weight > 0 else None


def _squeeze(response: Response) -> Response:
    if not response.headers.get("Cache-Control", "").startswith("public"):
        return response
    if response.mimetype != "text/html" or response.content_encoding or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    tag, _ = response.get_etag()
    if tag:  # one tag for all codings of a page can only be a weak one (RFC 9110, 8.8.1)
        response.set_etag(tag, weak=True)
    coding = best_coding()
    if response.status_code == 200 and coding and len(response.get_data()) >= _SMALLEST:
        response.set_data(_packed(response.get_data(), coding))
        response.content_encoding = coding
    return response


def _packed(body: bytes, coding: str) -> bytes:
    if coding == "br":
        packed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
        return packed
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)
