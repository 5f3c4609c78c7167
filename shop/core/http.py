"""The edge: one transaction a request, safe headers, caching, errors, health."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, current_app, g, jsonify, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from shop.config import Config
from shop.core import jobs
from shop.core.db import SAFE_METHODS, db

MAX_REQUEST_BYTES = 45 * 1024 * 1024
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
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}
F = TypeVar("F", bound=Callable[..., Any])
csrf = CSRFProtect()
log = structlog.get_logger()


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
    app.before_request(_read_body_first)
    app.before_request(_refuse_other_sites)
    app.after_request(_finish)
    app.after_request(_head)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(CSRFError, _show_http_error)
    app.register_error_handler(DBAPIError, _show_database_error)
    app.register_error_handler(Exception, _show_fault)
    app.add_url_rule("/healthz", "core.healthz", healthz)
    app.add_url_rule("/readyz", "core.readyz", readyz)


def _read_body_first() -> None:
    """Take in the whole body before the first query: a slow line must not hold the writers' queue."""
    if request.method not in SAFE_METHODS:
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
    csrf.exempt(view)
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
    if response.status_code < 400 or g.get("keep_writes"):
        db.session.commit()
    else:
        db.session.rollback()
    return response


def _head(response: Response) -> Response:
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
    private_door = request.path.startswith(("/sell", "/staff", "/o/", "/cart", "/checkout"))
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


def _show_http_error(error: HTTPException) -> BaseResponse | tuple[str, int]:
    if error.code is None or error.code < 400:
        return error.get_response()
    return _error_page(error.code)


def _show_database_error(error: DBAPIError) -> tuple[str, int]:
    db.session.rollback()
    busy = error.connection_invalidated or "locked" in str(error.orig)
    log.error("database fault", kind=type(error).__name__, path=request.path)
    return _error_page(503 if busy else 500)


def _show_fault(error: Exception) -> tuple[str, int]:
    db.session.rollback()
    log.exception("fault", kind=type(error).__name__, path=request.path)
    return _error_page(500)


def _error_page(code: int) -> tuple[str, int]:
    """The page that says what happened; plain words where even that page cannot be made."""
    try:
        return render_template("errors/error.html", code=code), code
    except Exception:  # noqa: BLE001 - the last resort must not fail
        log.exception("error page failed", code=code)
        return f"{code}", code


def healthz() -> Response:
    """The process is up."""
    return jsonify(status="ok")


def readyz() -> tuple[Response, int]:
    """Database, storage and jobs answer; 503 and the name of what does not, otherwise."""
    checks: dict[str, bool] = {}
    try:
        db.session.execute(text("SELECT 1"))
        checks["database"] = True
        checks["jobs"] = jobs.alive(db.session())
    except Exception:  # noqa: BLE001 - any fault means not ready
        checks.setdefault("database", False)
        checks.setdefault("jobs", False)
    try:
        current_app.extensions["storage"].probe()
        checks["storage"] = True
    except Exception:  # noqa: BLE001 - any fault means not ready
        checks["storage"] = False
    return jsonify(checks), 200 if all(checks.values()) else 503


def local_target(target: str | None, default: str) -> str:
    """`target` if it is a path of this site, else the address of endpoint `default`."""
    parts = urlsplit(target or "")
    plain = target and target.startswith("/") and not target.startswith(("//", "/\\"))
    if plain and not parts.scheme and not parts.netloc and "\\" not in str(target):
        return str(target)
    return url_for(default)
