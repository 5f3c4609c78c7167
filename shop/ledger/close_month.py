"""Shutting the books of a month: what is in them stays as it was shown to others."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock
from shop.ledger.models import ClosedMonth, Entry
from shop.ledger.post import lock_books


class NotOver(ValueError):
    """The month is not over yet, so more will happen in it."""


class EarlierOpen(ValueError):
    """An earlier month with entries is still open; `month` is the first such."""

    def __init__(self, month: date) -> None:
        super().__init__(month.isoformat())
        self.month = month


def close_month(session: Session, month: date, person_id: uuid.UUID | None) -> ClosedMonth:
    """Shut the books of the Jakarta month that begins on `month`, for ever; twice is once.

    From then on the database takes no entry of it, and a correction is an entry of the month in
    which it is made. Raises `NotOver`, `EarlierOpen`, and `ValueError` for no first of a month.
    """
    if month.day != 1:
        raise ValueError(f"{month} begins no month")
    lock_books(session)
    known = session.get(ClosedMonth, month)
    if known is not None:
        return known
    if month >= clock.month_of(clock.now()):
        raise NotOver(month)
    earlier = session.scalar(
        select(func.min(Entry.month)).where(
            Entry.month < month, Entry.month.not_in(select(ClosedMonth.month))
        )
    )
    if earlier is not None:
        raise EarlierOpen(earlier)
    entries = session.scalar(select(func.count()).where(Entry.month == month)) or 0
    closed = ClosedMonth(month=month, closed_by=person_id, entries=entries)
    session.add(closed)
    session.flush()  # from here on its trigger guards the month
    audit.write(
        session, person_id, "month.close", "month", f"{month:%Y-%m}", entries=entries
    )  # fmt: skip
    return closed
