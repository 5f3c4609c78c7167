"""Inserting what may stand already, without a race and without losing the transaction."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shop.core.db import Base


def insert_once(session: Session, table: type[Base], **values: Any) -> bool:
    """Insert a row unless a unique constraint already holds its like; whether it was inserted.

    On PostgreSQL this waits for another transaction that is inserting the same.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = cast("Table", table.__table__)
    # RETURNING tells it: after an INSERT not every driver says how many rows it wrote.
    inserted = session.execute(
        dialect.insert(rows).values(values).on_conflict_do_nothing().returning(*rows.primary_key)
    )
    return inserted.first() is not None
