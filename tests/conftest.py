"""What every test can ask for: an application on either database, clients, time, quiet."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("SHOP_QUICK_HASHES", "1")

import flask_migrate
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop import create_app
from shop.config import Config
from shop.core import clock
from shop.core.db import db
from shop.core.i18n import compile_catalogues
from tests import databases

CI = bool(os.environ.get("CI"))
_LOCAL = ("127.0.0.1", "::1", "localhost", "")


def config_for(folder: Path, database_url: str, **other: Any) -> Config:
    """A configuration that keeps everything in `folder`."""
    values: dict[str, Any] = {
        "secret_key": "test",
        "database_url": database_url,
        "storage_url": str(folder / "uploads"),
        "redis_url": None,
        "stripe_secret_key": None,
        "stripe_webhook_secret": None,
        "stripe_api_base": None,
        "midtrans_server_key": None,
        "midtrans_api_base": "http://127.0.0.1:9",
        "smtp_url": None,
        "mail_from": "shop@localhost",
        "base_url": "http://localhost",
        "host": "127.0.0.1",
        "port": 8000,
        "var": folder / "var",
        "proxies": 0,
        "https": False,
        "testing": True,
    }
    return Config(**(values | other))


def pytest_configure(config: pytest.Config) -> None:
    """Once for the run: compile translations, start the server, make the empty schemas."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    compile_catalogues()
    folder = databases.BUILD / f"tests-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["SHOP_TEST_FOLDER"] = str(folder)
    template = folder / "template.db"
    _migrate(config_for(folder, f"sqlite:///{template}"))
    url = databases.start_postgres()
    if url:
        os.environ["TEST_POSTGRES_URL"] = url
        name = f"template_{os.getpid()}"
        databases.recreate(url, name)
        _migrate(config_for(folder, databases.named(url, name)))
        os.environ["SHOP_TEST_TEMPLATE"] = name


def pytest_unconfigure(config: pytest.Config) -> None:
    """Clear away what the run left."""
    if not hasattr(config, "workerinput") and (folder := os.environ.get("SHOP_TEST_FOLDER")):
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(config: Config) -> None:
    app = create_app(config)
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skipped test is a failed one: CI has all that tests need."""
    outcome: Any = yield
    report = outcome.get_result()
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `both` run on SQLite and on PostgreSQL, the others on SQLite."""
    if "database" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both")
        kinds = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("database", kinds, scope="function")


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in _LOCAL:
            raise RuntimeError(f"a test tried to reach {address[0]}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def run_folder(worker_id: str) -> Path:
    """This worker's own folder."""
    folder = Path(os.environ["SHOP_TEST_FOLDER"]) / worker_id
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def applications(run_folder: Path, worker_id: str) -> dict[str, Flask]:
    """One application for each kind of database, made at the first need."""
    return {}


@pytest.fixture(scope="session")
def own_postgres(worker_id: str) -> databases.OwnDatabase | None:
    """This worker's own database on the server, if there is a server."""
    server, template = os.environ.get("TEST_POSTGRES_URL"), os.environ.get("SHOP_TEST_TEMPLATE")
    if not server or not template:
        return None
    return databases.OwnDatabase(server, f"test_{template}_{worker_id}", template)


@pytest.fixture
def database_url(
    database: str, run_folder: Path, own_postgres: databases.OwnDatabase | None
) -> str:
    """An empty, migrated database of the wanted kind, for this test alone."""
    if database == "sqlite":
        path = run_folder / "shop.db"
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(Path(os.environ["SHOP_TEST_FOLDER"]) / "template.db", path)
        return f"sqlite:///{path}"
    if own_postgres is None:
        pytest.skip(databases.NO_POSTGRES)
    own_postgres.make_empty()
    return own_postgres.url


class Browser(FlaskClient):
    """A browser whose requests begin afresh, though a test keeps one application context open.

    Without this the person, the language, `keep_writes` and the transaction of one request would
    reach the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request."""
        vars(g._get_current_object()).clear()  # type: ignore[attr-defined]
        db.session.rollback()
        answer = super().open(*args, **kwargs)
        db.session.rollback()
        return answer


@pytest.fixture
def app(
    database: str, database_url: str, applications: dict[str, Flask], run_folder: Path
) -> Iterator[Flask]:
    """The application on an empty database and storage, with an application context pushed."""
    folder = run_folder / database
    if database not in applications:
        folder.mkdir()
        made = create_app(config_for(folder, database_url))
        made.test_client_class = Browser
        made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        applications[database] = made
    made = applications[database]
    shutil.rmtree(folder / "uploads", ignore_errors=True)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The test's own session; commit what a client shall see."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without scripts."""
    return app.test_client()


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Time stands still at noon in Tanjungpinang on Wednesday, 25 November 2026."""
    moment = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    with clock.at(moment):
        yield moment
