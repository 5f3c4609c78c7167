"""Inserting what may stand already, without a race and without losing the transaction."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached

from shop.core.db import Base

Row = TypeVar("Row", bound=Base)


def insert_once(session: Session, table: type[Base], **values: Any) -> bool:
    """Insert a row unless a unique constraint already holds its like; whether it was inserted.

    On PostgreSQL this waits for another transaction that is inserting the same.
    """
    # RETURNING tells it: after an INSERT not every driver says how many rows it wrote.
    rows = cast("Table", table.__table__)
    inserted = session.execute(_statement(rows, session.get_bind().dialect.name), values)
    return inserted.first() is not None


@functools.cache
def _statement(rows: Table, dialect: str) -> Insert:
    """The INSERT for a table, built once; its columns are those of the values it is run with."""
    insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert_into(rows).on_conflict_do_nothing().returning(*rows.primary_key)


def insert_all(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with the same columns, in one statement and without loading them."""
    session.execute(_plain_statement(cast("Table", table.__table__)), rows)


@functools.cache
def _plain_statement(rows: Table) -> Insert:
    return insert(rows)


def as_loaded(session: Session, row: Row) -> Row:
    """A row that was just inserted from these very values, as if it had been read.

    Columns without a value here are read when they are asked for.
    """
    make_transient_to_detached(row)
    session.add(row)
    return row
