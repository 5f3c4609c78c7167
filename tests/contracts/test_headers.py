"""Every kind of answer carries the safe headers, and no page takes anything from another site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shop import create_app
from shop.core.db import db
from tests.conftest import Browser, config_for
from tests.contracts.role_cast import make_cast
from tests.contracts.route_table import routes_of

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
REFERRERS = {"strict-origin-when-cross-origin", "no-referrer"}
"""The second on pages whose address is a key."""
LOOKED_AT_BY = ("anonymous", "owner", "admin")


def policy(answer: TestResponse) -> dict[str, str]:
    parts = (
        part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";")
    )
    return {name: sources for name, _, sources in parts}


def header_faults(answer: TestResponse, *, https: bool = False) -> list[str]:
    """What is missing from an answer's headers, or wrong in them."""
    headers = answer.headers
    faults = [f"{n}: {headers.get(n)}" for n, value in ALWAYS.items() if headers.get(n) != value]
    if headers.get("Referrer-Policy") not in REFERRERS:
        faults.append(f"Referrer-Policy: {headers.get('Referrer-Policy')}")
    if "Content-Security-Policy" not in headers:
        return [*faults, "no Content-Security-Policy"]
    told = policy(answer)
    faults += [f"{name} {told.get(name)}" for name, value in CSP.items() if told.get(name) != value]
    if "unsafe" in headers["Content-Security-Policy"]:
        faults.append("unsafe policy")
    needed = ["Permissions-Policy", "Cache-Control"]
    faults += [f"no {name}" for name in needed if not headers.get(name)]
    if https != ("Strict-Transport-Security" in headers):
        faults.append("Strict-Transport-Security belongs to https")
    if (
        answer.data
        and answer.mimetype.startswith("text/")
        and "charset=utf-8" not in headers["Content-Type"]
    ):
        faults.append(f"no charset: {headers['Content-Type']}")
    return faults


class Outside(HTMLParser):
    """Collects what a page would load from, or send to, another host; links are free to lead."""

    def __init__(self, own: str) -> None:
        super().__init__()
        self.own = own
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"{tag} {name}")
            if tag == "a" or name not in {
                "src",
                "srcset",
                "href",
                "action",
                "formaction",
                "poster",
                "data",
            }:
                continue
            host = urlsplit(value or "").netloc
            if host and host != self.own:
                self.found.append(f"{tag} {name} {value}")


def outside(page: str) -> list[str]:
    parser = Outside("localhost")
    parser.feed(page)
    return parser.found


@pytest.mark.slow
def test_every_route_carries_them_for_strangers_sellers_and_staff(app: Flask, session: Session):
    cast = make_cast(app, session)
    faults, kinds = [], set()
    for route in routes_of(app):
        for who in LOOKED_AT_BY:
            answer = cast.ask(who, route)
            kinds.add(answer.status_code)
            faults += [f"{route.name} as {who}: {fault}" for fault in header_faults(answer)]
    assert faults == []
    assert kinds >= {200, 303, 403, 404, 409, 422}


@pytest.mark.slow
def test_no_page_takes_anything_from_another_site(app: Flask, session: Session):
    cast = make_cast(app, session)
    pages = 0
    for route in routes_of(app):
        for who in LOOKED_AT_BY if route.method == "GET" else ():
            answer = cast.ask(who, route)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                pages += 1
                assert outside(answer.text) == [], (route.name, who)
    print(f"\n{pages} pages")
    assert pages > 60


def test_an_address_that_is_a_key_is_told_to_nobody(app: Flask, session: Session):
    cast = make_cast(app, session)
    keys = [r for r in routes_of(app) if "token" in r.arguments and r.method == "GET"]
    assert keys
    for route in keys:
        assert cast.ask("anonymous", route).headers["Referrer-Policy"] == "no-referrer", route.name


def test_another_site_in_a_page_is_found():
    for planted in (
        '<script src="//cdn.example/x.js"></script>', '<img src="https://t.example/p.gif">',
        '<form action="https://evil.example/">', '<p style="color:red">', '<b onclick="x()">',
        '<link rel="stylesheet" href="https://fonts.example/a.css">',
    ):  # fmt: skip
        assert outside(planted), planted
    assert outside('<a href="https://wa.me/62">WhatsApp</a><img src="/media/a.webp">') == []


@pytest.fixture
def secure(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The shop behind https, with a route that breaks."""
    config = config_for(tmp_path, database_url, https=True, base_url="https://localhost")
    app = create_app(config)
    app.test_client_class = Browser
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/broken", "broken", lambda: 1 // 0)
    with app.app_context():
        app.extensions["storage"].put("aa/test-320.webp", b"RIFF", "image/webp")
        yield app
        db.session.remove()
        db.engine.dispose()


def test_each_kind_of_answer_over_https(secure: Flask):
    browser = secure.test_client()
    home = browser.get("/", base_url="https://localhost")
    style = re.search(r'href="(/assets/[^"]+\.css)"', home.text)[1]
    again = {"If-None-Match": home.headers["ETag"]}
    seen = {}
    for name, method, path, headers in (
        ("page", "GET", "/", {}), ("unchanged", "GET", "/", again),
        ("asset", "GET", style, {}), ("no asset", "GET", "/assets/none.css", {}),
        ("photo", "GET", "/media/aa/test-320.webp", {}),
        ("no photo", "GET", "/media/none.webp", {}), ("health", "GET", "/healthz", {}),
        ("redirect", "GET", "/sell", {}), ("missing", "GET", "/nothing", {}),
        ("method", "DELETE", "/", {}), ("no token", "POST", "/sign-in", {}),
        ("other site", "POST", "/cart/add", {"Origin": "https://evil.example"}),
        ("too large", "POST", "/cart/add", {}),
        ("broken", "GET", "/broken", {}),
    ):  # fmt: skip
        answer = browser.open(
            path, method=method, headers=headers, base_url="https://localhost",
            environ_overrides={"CONTENT_LENGTH": str(10**9)} if name == "too large" else {},
        )  # fmt: skip
        seen[name] = answer.status_code
        assert header_faults(answer, https=True) == [], name
    assert seen == {
        "page": 200, "unchanged": 304, "asset": 200, "no asset": 404, "photo": 200,
        "no photo": 404, "health": 200, "redirect": 303, "missing": 404, "method": 405,
        "no token": 400, "other site": 403, "too large": 413, "broken": 500,
    }  # fmt: skip


def test_a_missing_header_is_found(secure: Flask):
    answer = secure.test_client().get("/", base_url="https://localhost")
    assert header_faults(answer) == ["Strict-Transport-Security belongs to https"]
    for name in (
        *ALWAYS,
        "Referrer-Policy",
        "Content-Security-Policy",
        "Permissions-Policy",
        "Cache-Control",
    ):
        stripped = secure.test_client().get("/", base_url="https://localhost")
        del stripped.headers[name]
        assert header_faults(stripped, https=True), name


def test_the_cookie_is_kept_to_this_host_and_from_scripts(secure: Flask):
    answer = secure.test_client().get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-shop=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "path", ["/", "/penjual", "/cari?q=kerupuk", "/pelatihan", "/cara-pesan", "/daftar"]
)
def test_a_stranger_gets_no_cookie_before_there_is_need(secure: Flask, path: str):
    answer = secure.test_client().get(path, base_url="https://localhost")
    assert answer.status_code == 200
    if path != "/daftar":
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "public, max-age=60"
