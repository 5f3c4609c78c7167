"""Which days a standing order falls on. All days are days in Tanjungpinang."""

from __future__ import annotations

from datetime import date, timedelta

from shop.core import clock

AHEAD_DAYS = 2
"""An order is made so many days before those its seller needs to make it."""
WEEK = timedelta(days=7)


def on_or_after(weekday: int, day: date) -> date:
    """The first such weekday (0 is Monday) that is not before `day`."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def order_by(day: date, lead_days: int) -> date:
    """The day on which the order for `day` is made."""
    return day - timedelta(days=lead_days + AHEAD_DAYS)


def soonest(lead_days: int) -> date:
    """The first day for which an order can still be made in good time."""
    return clock.today() + timedelta(days=lead_days + AHEAD_DAYS)


def week_after(day: date) -> date:
    """The Monday after `day`: in one week, from Monday on, there is one order."""
    return day - timedelta(days=day.weekday()) + WEEK
