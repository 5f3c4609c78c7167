"""Reading the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Category


def categories(session: Session) -> Sequence[Category]:
    """All shelves in their order."""
    return session.scalars(select(Category).order_by(Category.position)).all()
