"""The database: typed base, session, and the settings that keep money safe.

SQLite runs in WAL mode with `synchronous=FULL` (a committed order survives a power cut), foreign
keys on, and every transaction that may write opens with BEGIN IMMEDIATE, after waiting its turn at
a file lock: a read snapshot can never fail to upgrade, and writers are served in order. A request
that only reads runs in a transaction in which the database itself refuses to write, on SQLite and
on PostgreSQL alike, so a GET can change nothing.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from types import ModuleType
from typing import Any

from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    Uuid,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from shop.config import Config
from shop.core.money import Rupiah

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POOL_SIZE = 40
_WRITER_LOCK = "writer_lock"
_QUERY_ONLY = "query_only"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC by every database, refused when naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what the database keeps. Raises `ValueError` when naive."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            uuid.UUID: Uuid(),
            datetime: UtcDateTime(),
            date: Date(),
            Rupiah: BigInteger(),
            str: String(),
            dict[str, Any]: JSON(),
            list[str]: JSON(),
        },
    )


db = SQLAlchemy(model_class=Base)


def one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    """A CHECK that `column` holds one of the values of `states`."""
    values = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


def session() -> Session:
    """The session of this request or job."""
    return db.session()


def pause() -> None:
    """End the current transaction without a trace, before slow work that needs no database.

    Whatever was loaded is forgotten; the next query opens a fresh transaction.
    """
    db.session.rollback()


def sqlite_module() -> ModuleType:
    """The SQLite driver: pysqlite3 carries a library without the WAL-reset fault, where it fits.

    Debian 12's own 3.40.1 lies in the affected range (3.7.0 to 3.51.2,
    https://sqlite.org/wal.html#walresetbug).
    """
    try:
        import pysqlite3  # type: ignore[import-untyped]  # noqa: PLC0415
    except ImportError:
        return sqlite3
    return pysqlite3  # type: ignore[no-any-return]


def sqlite_is_sound() -> bool:
    """Whether the SQLite library in use is free of the WAL-reset fault."""
    version: tuple[int, ...] = sqlite_module().sqlite_version_info
    return version >= (3, 51, 3)


def engine_options(config: Config) -> dict[str, Any]:
    """How Flask-SQLAlchemy shall make the engine."""
    if config.is_sqlite:
        return {
            "module": sqlite_module(),
            "pool_size": POOL_SIZE,
            "connect_args": {"timeout": 10, "isolation_level": None},
        }
    return {"pool_size": POOL_SIZE, "pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}


def init_db(app: Flask, config: Config) -> None:
    """Bind the database to the application and put the safe settings on every connection."""
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(config)
    db.init_app(app)
    with app.app_context():
        guard(db.engine)


def guard(engine: Engine) -> None:
    """Put the hooks on `engine` that open transactions the safe way."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _leave_queue)
        event.listen(engine, "close", _close_queue)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _only_reads() -> bool:
    return has_request_context() and request.method in SAFE_METHODS


_holding = threading.local()


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    path = cursor.execute("PRAGMA database_list").fetchone()[2]  # type: ignore[attr-defined]
    cursor.close()
    if path:
        record.info[_WRITER_LOCK] = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)


def _begin_sqlite(connection: Connection) -> None:
    info = connection.info
    reads = _only_reads()
    if info.get(_QUERY_ONLY) != reads:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
        info[_QUERY_ONLY] = reads
    if reads:
        connection.exec_driver_sql("BEGIN")
        return
    if _WRITER_LOCK in info:
        _join_queue(info)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _join_queue(info: dict[Any, Any]) -> None:
    lock = info[_WRITER_LOCK]
    holder = getattr(_holding, "lock", None)
    if holder is not None and holder != lock:
        raise RuntimeError("this thread already writes through another connection")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _holding.lock = lock


def _leave_queue(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    lock = record.info.get(_WRITER_LOCK)
    if lock is not None:
        fcntl.flock(lock, fcntl.LOCK_UN)
        if getattr(_holding, "lock", None) == lock:
            _holding.lock = None


def _close_queue(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    lock = record.info.pop(_WRITER_LOCK, None)
    if lock is not None:
        os.close(lock)
        if getattr(_holding, "lock", None) == lock:
            _holding.lock = None


def _begin_postgresql(connection: Connection) -> None:
    if _only_reads():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
