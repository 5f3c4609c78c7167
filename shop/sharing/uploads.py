"""The photo of a receipt, kept where only the group and staff see it."""

from __future__ import annotations

from flask_babel import ngettext

from shop.core.uploads import Tray
from shop.sellers.hold import one_at_a_time


def _too_many(number: int) -> str:
    return str(
        ngettext(
            "Cukup 1 foto nota. %(num)d foto tidak ikut.",
            "Cukup 1 foto nota. %(num)d foto tidak ikut.",
            number,
        )
    )


TRAY = Tray("fund-receipt", 1, _too_many, one_at_a_time, private=True)
"""A group's receipt, until what it is for is right."""
