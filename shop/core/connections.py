"""Connections: the driver, and the settings that keep money safe on every one of them.

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
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from shop.config import Config

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POOL_SIZE = 40
_WRITER_LOCK = "writer_lock"
_QUERY_ONLY = "query_only"

reading: ContextVar[bool] = ContextVar("reading", default=False)
"""Set where transactions shall only read although no request says so."""


def sqlite_module() -> ModuleType:
    """The SQLite driver: pysqlite3 carries a library without the WAL-reset fault, where it fits.

    Debian 12's own 3.40.1 lies in the affected range (3.7.0 to 3.51.2,
    https://sqlite.org/wal.html#walresetbug).
    """
    try:
        import pysqlite3
    except ImportError:
        return sqlite3
    module: ModuleType = pysqlite3
    return module


def sqlite_is_sound() -> bool:
    """Whether the SQLite library in use is free of the WAL-reset fault."""
    version: tuple[int, ...] = sqlite_module().sqlite_version_info
    return version >= (3, 51, 3)


def engine_options(config: Config) -> dict[str, Any]:
    """How Flask-SQLAlchemy shall make the engine."""
    options: dict[str, Any] = {
        "pool_size": POOL_SIZE,
        "hide_parameters": not config.testing,  # they name people, and errors go to the log
    }
    if config.is_sqlite:
        connect = {"timeout": 10, "isolation_level": None}
        return options | {"module": sqlite_module(), "connect_args": connect}
    return options | {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}


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
    return reading.get() or (has_request_context() and request.method in SAFE_METHODS)


_holding = threading.local()


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA database_list")
    row = cursor.fetchone()
    cursor.close()
    if row is not None and row[2]:
        record.info[_WRITER_LOCK] = os.open(f"{row[2]}.lock", os.O_RDWR | os.O_CREAT, 0o600)


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
