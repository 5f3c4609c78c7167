"""`/healthz` says the process is up; `/readyz` says what it needs is there."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from shop.core import jobs
from shop.core.storage import StorageUnavailable


@pytest.mark.both
def test_a_shop_with_everything_is_ready(client: FlaskClient, session: Session):
    jobs.run_due(session, {})
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"database": True, "jobs": True, "storage": True}
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_workers_it_is_up_but_not_ready(client: FlaskClient):
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"database": True, "jobs": False, "storage": True}


def test_without_storage_it_is_not_ready(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
):
    def unavailable() -> None:
        raise StorageUnavailable("full")

    jobs.run_due(session, {})
    monkeypatch.setattr(app.extensions["storage"], "probe", unavailable)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"database": True, "jobs": True, "storage": False}


def test_without_its_database_it_is_up_but_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def gone(*_args: Any, **_named: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(Session, "execute", gone)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"database": False, "jobs": False, "storage": True}
