"""The edge: one transaction a request, safe headers, caching."""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from shop.config import Config
from shop.core import faults, health
from shop.core.db import SAFE_METHODS, db

MAX_REQUEST_BYTES = 45 * 1024 * 1024
MAX_PHOTOS_BYTES = 160 * 1024 * 1024
"""Eight photos straight from a good phone; they wait in temporary files, not in memory."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self' https://checkout.stripe.com; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=()",
}
MAX_MESSAGE_BYTES = 1024 * 1024
"""For what other machines post: the largest of their messages are some tens of kilobytes."""
_KEYS = ("/o/", "/l/", "/mail/")
"""Addresses that are keys: of an order, of a standing order, to stop mail."""
F = TypeVar("F", bound=Callable[..., Any])
csrf = CSRFProtect()


def init_http(app: Flask, config: Config) -> None:
    """Put the edge around the application."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        SESSION_COOKIE_NAME="__Host-shop" if config.https else "shop",
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=60 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        PREFERRED_URL_SCHEME="https" if config.https else "http",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    csrf.init_app(app)
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )
    app.before_request(functools.partial(_refuse_other_names, names_of(config.base_url)))
    app.before_request(_read_body_first)
    app.before_request(_refuse_other_sites)
    app.after_request(_head)
    app.after_request(_finish)  # the last one registered runs first
    faults.init_app(app)
    health.init_app(app)


def names_of(base_url: str) -> frozenset[str]:
    """The host names under which this shop may be asked for, lower case."""
    return frozenset({urlsplit(base_url).hostname or "", "localhost", "127.0.0.1", "::1"})


def _refuse_other_names(names: frozenset[str]) -> None:
    """Refuse a Host that is not ours: pages carry it in links, and others may keep those pages.

    A shop that has no name yet (`BASE_URL` is an address) answers to every address of its machine.
    """
    try:
        asked = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        asked = ""
    nameless = all(_is_address(name) for name in names - {"localhost"})
    if asked not in names and not (nameless and _is_address(asked)) and not health.is_probe():
        abort(400)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _read_body_first() -> None:
    """Take in the whole body before the first query: a slow line must hold no database lock."""
    if request.method not in SAFE_METHODS:
        request.max_content_length = getattr(_view(), "most_bytes", MAX_REQUEST_BYTES)
        request.get_data(cache=True, parse_form_data=True)


def _refuse_other_sites() -> None:
    """Refuse a form posted from another site, where the browser tells (Fetch Metadata, Origin)."""
    if request.method in SAFE_METHODS or getattr(_view(), "from_anywhere", False):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in (None, "same-origin", "none") or (
        site is None and origin and urlsplit(origin).netloc != request.host
    ):
        abort(403)


def from_anywhere(view: F) -> F:
    """Mark a view that other machines post to (webhooks): it proves its caller by signature."""
    view.from_anywhere = True  # type: ignore[attr-defined]
    view.most_bytes = MAX_MESSAGE_BYTES  # type: ignore[attr-defined]
    csrf.exempt(view)
    return view


def takes_photos(view: F) -> F:
    """Mark a view that takes several photos at once, as phones without scripts send them."""
    view.most_bytes = MAX_PHOTOS_BYTES  # type: ignore[attr-defined]
    return view


def without_token(view: F) -> F:
    """Mark a form on pages that are the same for everybody, which hold no token of a visitor.

    Only its origin is checked. For acts that need no sign-in and harm nobody, such as putting a
    thing into one's own cart.
    """
    csrf.exempt(view)
    return view


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def keep_writes() -> None:
    """Commit at the end of this request even though it answers with an error."""
    g.keep_writes = True


def _finish(response: Response) -> Response:
    """Commit what a good answer wrote; drop what a failed one began."""
    if request.method in SAFE_METHODS:
        return response
    if response.status_code >= 400 and not g.get("keep_writes"):
        db.session.rollback()
        return response
    try:
        db.session.commit()
    except DBAPIError as error:  # a full disk shows only here
        session.clear()
        session.modified = False
        return make_response(faults.show_database_fault(error))
    return response


def _head(response: Response) -> Response:
    if request.path.startswith(_KEYS):
        response.headers["Referrer-Policy"] = "no-referrer"  # this address is a key
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if "Cache-Control" not in response.headers:
        _say_how_to_cache(response)
    return response


def _say_how_to_cache(response: Response) -> None:
    """A page for nobody in particular may be kept by everybody for a minute; others by nobody."""
    response.vary.add("Cookie")
    anonymous = not request.cookies and not session.modified
    private_door = request.path.startswith(
        ("/sell", "/staff", "/cart", "/checkout", "/langganan", *_KEYS)
    )
    if (
        request.method in SAFE_METHODS
        and response.status_code == 200
        and anonymous
        and not private_door
        and not g.get("personal")
    ):
        response.headers["Cache-Control"] = "public, max-age=60"
        response.add_etag()
        response.make_conditional(request)
    else:
        response.headers["Cache-Control"] = "private, no-store"


def local_target(target: str | None, default: str) -> str:
    """`target` if it is a path of this site, else the address of endpoint `default`."""
    parts = urlsplit(target or "")
    plain = target and target.startswith("/") and not target.startswith(("//", "/\\"))
    if plain and not parts.scheme and not parts.netloc and "\\" not in str(target):
        return str(target)
    return url_for(default)
