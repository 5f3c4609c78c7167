"""Damaging a database past every trigger and constraint, to prove that checks see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool


def plant(session: Session, *statements: str) -> None:
    """Commit, then run `statements` on a connection that no guard of the database holds back."""
    with _unguarded(session) as (connection, triggers):
        run(connection, statements)
        for sql in triggers:
            connection.exec_driver_sql(sql)
        connection.commit()
    session.expire_all()


@contextmanager
def damaged(session: Session) -> Iterator[Session]:
    """Commit, then a session that no guard holds back; whatever it does is taken back at the end.

    On PostgreSQL the tables are locked meanwhile: ask `session` nothing.
    """
    with _unguarded(session) as (connection, _):
        other = Session(connection, join_transaction_mode="create_savepoint")
        try:
            yield other
        finally:
            other.close()
            connection.rollback()


@contextmanager
def _unguarded(session: Session) -> Iterator[tuple[Connection, list[str]]]:
    """A connection amid a transaction without guards, and what makes them anew."""
    session.commit()
    engine = create_engine(session.get_bind().engine.url, poolclass=NullPool)
    with engine.connect() as connection:
        off = _off_sqlite if engine.dialect.name == "sqlite" else _off_postgresql
        yield connection, off(connection)


def _off_sqlite(connection: Connection) -> list[str]:
    """SQLite's library for Python would commit at the first DROP: it is told to leave that be."""
    connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    connection.rollback()
    connection.connection.dbapi_connection.isolation_level = None  # type: ignore[union-attr]
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    triggers = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    return [sql for _, sql in triggers]


def _off_postgresql(connection: Connection) -> list[str]:
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    checks = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint "
            "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        )
    ).all()
    for table, name in checks:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return []


def run(connection: Connection, statements: Sequence[str]) -> None:
    """Run what damages. Raises `AssertionError` where it finds nothing to damage."""
    for statement in statements:
        done = connection.exec_driver_sql(statement)
        assert done.rowcount != 0, f"nothing to damage: {statement}"
