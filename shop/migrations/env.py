"""Alembic's entrance: migrates the database of the application at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from shop.core.db import Base, db

HAND_WRITTEN = ("product_search",)
"""Search indexes differ between SQLite and PostgreSQL and are written by hand."""
_ONE_AT_A_TIME = 7_717_204
"""The advisory lock of this shop's migrations on PostgreSQL; any number of our own."""


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Whether autogeneration looks at a thing."""
    return not (kind == "table" and (name or "").startswith(HAND_WRITTEN))


def run() -> None:
    """Bring the database to the wanted revision, in one transaction; two at once take turns."""
    with db.engine.connect() as connection, _without_foreign_keys(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=ours,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
            context.run_migrations()
            _refuse_orphans(connection)


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying and dropping it, which must not delete what refers to it.

    The setting has no effect inside a transaction, so it is made on the driver's own connection.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise RuntimeError(f"the migration leaves rows without what they refer to: {orphans}")


with current_app.app_context():
    run()
