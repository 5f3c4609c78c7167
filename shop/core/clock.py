"""Time: UTC inside, Asia/Jakarta (WIB) outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")

_standing_still: ContextVar[datetime | None] = ContextVar("standing_still", default=None)


def now() -> datetime:
    """The present moment as an aware UTC datetime."""
    return _standing_still.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Tanjungpinang."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """The day in Tanjungpinang on which `moment` falls."""
    return moment.astimezone(WIB).date()


def month_of(moment: datetime) -> date:
    """The first day of the Jakarta month in which `moment` falls."""
    return local_day(moment).replace(day=1)


def day_start(day: date) -> datetime:
    """The UTC moment at which `day` begins in Tanjungpinang."""
    return datetime(day.year, day.month, day.day, tzinfo=WIB).astimezone(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now()` stand still at `moment` (aware) inside the block: for tests and the demo."""
    token = _standing_still.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _standing_still.reset(token)
