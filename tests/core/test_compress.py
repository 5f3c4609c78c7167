"""Anonymous pages travel squeezed, and stay correct for caches; others travel as they are."""

from __future__ import annotations

import gzip

import brotli
import pytest
from flask.testing import FlaskClient

PAGE = "/cari"


@pytest.mark.parametrize(
    ("asked", "coding"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("gzip;q=1, br;q=0.5", "gzip"), ("*", "br")],
)
def test_an_anonymous_page_is_squeezed_as_the_browser_likes(
    client: FlaskClient, asked: str, coding: str
) -> None:
    plain = client.get(PAGE)
    squeezed = client.get(PAGE, headers={"Accept-Encoding": asked})

    assert squeezed.content_encoding == coding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}[coding]
    assert unpack(squeezed.data) == plain.data
    assert len(squeezed.data) == squeezed.content_length < len(plain.data) / 2


@pytest.mark.parametrize("asked", [None, "identity", "br;q=0, gzip;q=0", "deflate"])
def test_a_browser_that_takes_no_coding_gets_the_page_as_it_is(
    client: FlaskClient, asked: str | None
) -> None:
    answer = client.get(PAGE, headers={"Accept-Encoding": asked} if asked else {})

    assert answer.content_encoding is None
    assert "Accept-Encoding" in answer.vary


@pytest.mark.parametrize("asked", ["br", "gzip", "identity"])
def test_an_unchanged_page_is_not_sent_again_whatever_its_coding(
    client: FlaskClient, asked: str
) -> None:
    first = client.get(PAGE, headers={"Accept-Encoding": "br"})
    again = client.get(
        PAGE, headers={"Accept-Encoding": asked, "If-None-Match": first.headers["ETag"]}
    )

    assert again.status_code == 304
    assert again.data == b""
    assert first.headers["ETag"] == again.headers["ETag"]
    assert first.headers["ETag"].startswith("W/")
    assert {"Accept-Encoding", "Cookie"} <= set(again.vary)


def test_a_page_of_somebody_is_not_squeezed(client: FlaskClient) -> None:
    client.set_cookie("shop", "something")
    answer = client.get(PAGE, headers={"Accept-Encoding": "br"})

    assert answer.content_encoding is None


def test_a_refusal_is_not_squeezed(client: FlaskClient) -> None:
    answer = client.get("/p/tidak-ada", headers={"Accept-Encoding": "br"})

    assert (answer.status_code, answer.content_encoding) == (404, None)
