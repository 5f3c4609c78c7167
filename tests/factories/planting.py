"""Damaging a database past every trigger and constraint, to prove that checks see it."""

from __future__ import annotations

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool


def plant(session: Session, *statements: str) -> None:
    """Commit, then run `statements` on a connection that no guard of the database holds back."""
    session.commit()
    url = session.get_bind().engine.url
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            _on_sqlite(connection, statements)
        else:
            _on_postgresql(connection, statements)
    session.expire_all()


def _on_sqlite(connection: Connection, statements: tuple[str, ...]) -> None:
    connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    triggers = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    _run(connection, statements)
    for _, sql in triggers:
        connection.exec_driver_sql(sql)


def _on_postgresql(connection: Connection, statements: tuple[str, ...]) -> None:
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    checks = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint "
            "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        )
    ).all()
    for table, name in checks:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    _run(connection, statements)


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        done = connection.exec_driver_sql(statement)
        assert done.rowcount != 0, f"nothing to damage: {statement}"
