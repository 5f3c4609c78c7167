"""Errors, as the person sees them and as the log keeps them.

The log gets the route, never the path: the path of a tracking page is its key.
"""

from __future__ import annotations

import structlog
from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from shop.core.db import SAFE_METHODS, db
from shop.core.settings import default_settings

_OF_THE_MACHINE = ("locked", "full", "disk i/o", "unable to open")
_LAST_RESORT = (
    "Maaf, toko sedang terganggu. Coba lagi sebentar. / Sorry, the shop is in trouble. "
    "Please try again in a moment."
)
log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(CSRFError, _show_http_error)
    app.register_error_handler(DBAPIError, show_database_fault)
    app.register_error_handler(Exception, _show_fault)


def _show_http_error(error: HTTPException) -> Response | tuple[str, int]:
    if error.code is None or error.code < 400:
        return error.get_response()
    if request.method not in SAFE_METHODS:  # a forged form, or somebody else's thing in it
        log.warning("act refused", status=error.code, route=request.endpoint)
    return _error_page(error.code)


def show_database_fault(error: DBAPIError) -> tuple[str, int]:
    """Answer 503 where the same request may work later, else 500; nothing is kept."""
    db.session.rollback()
    cause = _without_values(error)
    log.error("database fault", kind=type(error).__name__, cause=cause, route=request.endpoint)
    return _error_page(503 if _passes(error) else 500)


def _without_values(error: DBAPIError) -> str:
    """What the database said; PostgreSQL puts people's values into the detail, left out here."""
    told = getattr(error.orig, "diag", None)
    return str(told.message_primary if told else error.orig)[:200]


def _passes(error: DBAPIError) -> bool:
    """Whether the same request may work later: the database is away, busy or full."""
    if not isinstance(error, OperationalError):
        return error.connection_invalidated
    words = str(error.orig).lower()
    return db.engine.dialect.name != "sqlite" or any(sign in words for sign in _OF_THE_MACHINE)


def _show_fault(error: Exception) -> tuple[str, int]:
    db.session.rollback()
    log.exception("fault", kind=type(error).__name__, route=request.endpoint)
    return _error_page(500)


def _error_page(code: int) -> tuple[str, int]:
    """The page that says what happened; plain words where even that page cannot be made."""
    if code >= 500:
        g.shop_settings = default_settings()  # the shop's own may be what cannot be read
    try:
        return render_template("errors/error.html", code=code), code
    except Exception:
        log.exception("error page failed", code=code)
        return _LAST_RESORT, code
