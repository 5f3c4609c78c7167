"""Health: whether the process is up, and whether it can do its work."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, request
from sqlalchemy import text

from shop.core import jobs
from shop.core.db import db


def init_app(app: Flask) -> None:
    """Add the two addresses that watchers ask."""
    app.add_url_rule("/healthz", "core.healthz", healthz)
    app.add_url_rule("/readyz", "core.readyz", readyz)


def is_probe() -> bool:
    """Whether this request is a watcher's, who may ask by any name."""
    return request.path in ("/healthz", "/readyz")


def healthz() -> Response:
    """The process is up."""
    return _fresh(jsonify(status="ok"))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


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
    return _fresh(jsonify(checks)), 200 if all(checks.values()) else 503
