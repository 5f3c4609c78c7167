"""The day an order counts for, and what may be said of things that are ready."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext, ngettext

from shop.core import clock

LAST_HOUR = 17
"""From this hour on (Jakarta) an order counts as one of the next day."""


def order_day(moment: datetime) -> date:
    """The day (in Tanjungpinang) that an order of this moment counts for.

    From `LAST_HOUR` on that is the next day: nobody begins to work any more.
    """
    return clock.local_day(moment + timedelta(hours=24 - LAST_HOUR))


def _is_today() -> bool:
    return order_day(clock.now()) == clock.today()


def ready_words() -> str:
    """When something that lies ready can be had: `Siap hari ini`, in the evening `Siap besok`."""
    return str(gettext("Siap hari ini") if _is_today() else gettext("Siap besok"))


def ready_things(number: int | None = None) -> str:
    """`4 barang siap hari ini`, or in the evening `4 barang siap besok`."""
    today = _is_today()
    if number is None:
        return str(gettext("barang siap hari ini") if today else gettext("barang siap besok"))
    if today:
        words = ngettext("%(num)d barang siap hari ini", "%(num)d barang siap hari ini", number)
    else:
        words = ngettext("%(num)d barang siap besok", "%(num)d barang siap besok", number)
    return str(words)
