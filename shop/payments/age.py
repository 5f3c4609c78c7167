"""How long something waits, in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_timedelta

from shop.core import clock


def age(moment: datetime) -> str:
    """`25 menit`, `6 jam`, `2 hari`."""
    words: str = format_timedelta(clock.now() - moment, granularity="minute", threshold=1)
    return words
