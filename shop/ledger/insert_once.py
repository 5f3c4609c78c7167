"""Inserting what may stand already, without a race and without losing the transaction."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shop.core.db import Base


def insert_once(session: Session, table: type[Base], **values: Any) -> bool:
    """Insert a row unless a unique constraint already holds its like; whether it was inserted.

    On PostgreSQL this waits for another transaction that is inserting the same.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(values).on_conflict_do_nothing()
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1
