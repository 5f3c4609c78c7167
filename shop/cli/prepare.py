"""What a shop needs before its door opens: a configuration, tables, shelves, settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import flask_migrate
from flask import Flask
from sqlalchemy.exc import OperationalError

from shop import create_app
from shop.catalog.shelves import open_shelves
from shop.config import Config, ConfigError, read_config
from shop.core.connections import sqlite_is_sound, sqlite_module
from shop.core.db import db
from shop.core.i18n import compile_catalogues
from shop.core.models import ShopSettings
from shop.core.settings import default_settings
from shop.core.storage import StorageConfigError


def configuration() -> Config:
    """The configuration of this environment. Raises `click.ClickException` with words on it."""
    try:
        return read_config(os.environ)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def opened(config: Config | None = None) -> Iterator[Flask]:
    """The application, with its context; everything it holds open is closed afterwards."""
    try:
        app = create_app(config or configuration())
    except StorageConfigError as error:
        raise click.ClickException(f"STORAGE_URL: {error}") from error
    try:
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
    except OperationalError as error:
        raise click.ClickException(f"the database does not answer: {error.orig}") from error
    finally:
        app.extensions["jobs"].storage.close()


def prepare(config: Config) -> None:
    """Bring the tables up to date and put in what every shop has; repeating it changes nothing."""
    compile_catalogues()
    with opened(config):
        flask_migrate.upgrade()
        session = db.session()
        if session.get(ShopSettings, 1) is None:
            session.add(default_settings())
        open_shelves(session)
        session.commit()


def which_database(config: Config) -> str:
    """A line on the database in use, with a warning where its library has a known fault."""
    if not config.is_sqlite:
        return "PostgreSQL"
    said = f"SQLite {sqlite_module().sqlite_version}"
    if sqlite_is_sound():
        return said
    return (
        f"{said}: this version can damage the file in rare cases (sqlite.org/wal.html#walresetbug)."
        " Use PostgreSQL, or a Python for which the package pysqlite3 has a wheel."
    )


def unfinished(config: Config) -> Path:
    """The file that stands while the demo is being filled in, and stays if that is broken off."""
    return config.var / "demo-unfinished"
