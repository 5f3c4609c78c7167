"""A shop in processes of its own, on either database, and this process's view of its data."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from shop import create_app
from shop.check import check_all
from shop.cli.prepare import prepare
from shop.config import read_config
from shop.core.db import db, only_reading
from tests import databases
from tests.serving import free_port, shop_env, stop, wait_until_up

WORKERS = 4
"""Processes that answer on PostgreSQL; SQLite is served by one."""
_names = itertools.count(1)


@dataclass(frozen=True)
class Shop:
    """A served shop: its address, and the application over the same data in this process."""

    url: str
    app: Flask
    database: str

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session of this process; commit what the served shop shall see."""
        with self.app.app_context():
            yield db.session()
            db.session.remove()

    def faults(self) -> list[str]:
        """What `shop check` finds wrong."""
        with self.app.app_context(), only_reading():
            found = check_all(db.session(), self.app.extensions["storage"])
        return [finding.line for finding in found if finding.faults]


def database_env(database: str) -> dict[str, str]:
    """What an operator sets for a fresh database of this kind. Raises `RuntimeError`: no server."""
    if database == "sqlite":
        return {}
    server = databases.start_postgres()
    if server is None:
        raise RuntimeError(databases.NO_POSTGRES)
    os.environ["TEST_POSTGRES_URL"] = server  # one server for all proofs
    name = f"proof_{os.getpid()}_{next(_names)}"
    databases.recreate(server, name)
    url = databases.named(server, name)
    return {"DATABASE_URL": url.replace("postgresql+psycopg://", "postgresql://")}


@contextmanager
def opened(database: str, **other: str) -> Iterator[tuple[Flask, dict[str, str]]]:
    """A shop with its tables made and nobody in it, not served; and its environment."""
    with tempfile.TemporaryDirectory(prefix="shop-proof-") as name:
        env = shop_env(Path(name), free_port(), **database_env(database), **other)
        config = replace(read_config(env), testing=True)
        prepare(config)
        app = create_app(config)
        try:
            yield app, env
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            app.extensions["jobs"].storage.close()


@contextmanager
def served(database: str, planted: str = "") -> Iterator[Shop]:
    """A shop served as in production, without workers; `planted` names a bug put into it."""
    with opened(database) as (app, env):
        module = "tests.proofs.planted" if planted else "shop.cli"
        workers = ["--workers", str(WORKERS)] if database == "postgresql" else []
        process = subprocess.Popen(
            [sys.executable, "-m", module, "serve", "--no-jobs", *workers],
            env=env | {"PLANTED": planted},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_up(env["BASE_URL"], process, seconds=60)
            yield Shop(env["BASE_URL"], app, database)
        finally:
            stop(process)
