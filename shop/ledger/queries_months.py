"""Reading the months of the books for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.core import clock
from shop.ledger.models import ClosedMonth, Entry


@dataclass(frozen=True)
class MonthRow:
    """A month of the books. `closable`: it is over, and no earlier one is open."""

    month: date
    entries: int
    closed_at: datetime | None
    closed_by: str | None
    closable: bool


def months(session: Session) -> Sequence[MonthRow]:
    """Every month with entries, newest first."""
    counted = select(Entry.month, func.count().label("entries")).group_by(Entry.month).subquery()
    rows = session.execute(
        select(counted.c.month, counted.c.entries, ClosedMonth.closed_at, Person.name)
        .outerjoin(ClosedMonth, ClosedMonth.month == counted.c.month)
        .outerjoin(Person, Person.id == ClosedMonth.closed_by)
        .order_by(counted.c.month)
    ).all()
    first_open = next((month for month, _, closed_at, _ in rows if closed_at is None), None)
    this_month = clock.month_of(clock.now())
    return [
        MonthRow(month, entries, at, who, month == first_open and month < this_month)
        for month, entries, at, who in reversed(rows)
    ]
