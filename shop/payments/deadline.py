"""Until when something is to be paid, and how long its money is still reckoned with afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from shop.core import clock

MAY_STILL_COME = timedelta(days=7)
"""How long after its end an unpaid payment's order can be taken back, and its sum is nobody
else's: banks hold transfers over weekends and feasts."""

ANOTHER_CHANCE = timedelta(hours=6)
"""The least time for who is asked to pay once more."""


def put_off(expires_at: datetime | None) -> datetime:
    """A deadline that leaves time to pay once more, never earlier than the old one."""
    soonest = clock.now() + ANOTHER_CHANCE
    return max(expires_at, soonest) if expires_at else soonest


def too_late(expires_at: datetime | None) -> bool:
    """Whether money for what ended then comes too late to take its order back."""
    return expires_at is not None and expires_at <= clock.now() - MAY_STILL_COME
