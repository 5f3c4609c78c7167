"""Alembic's entrance: migrates the database of the application at hand."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from shop.core.db import Base, db

HAND_WRITTEN = ("product_search",)
"""Search indexes differ between SQLite and PostgreSQL and are written by hand."""


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Whether autogeneration looks at a thing."""
    return not (kind == "table" and (name or "").startswith(HAND_WRITTEN))


def run() -> None:
    """Bring the database to the wanted revision, in one transaction."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=ours,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


with current_app.app_context():
    run()
