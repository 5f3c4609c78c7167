"""The photo of a scale, and the proof of what was sold elsewhere: the cooperative's and staff's."""

from __future__ import annotations

from flask_babel import ngettext

from shop.core.uploads import Tray
from shop.sellers.hold import one_at_a_time


def _too_many(number: int) -> str:
    return str(
        ngettext(
            "Cukup 1 foto. %(num)d foto tidak ikut.",
            "Cukup 1 foto. %(num)d foto tidak ikut.",
            number,
        )
    )


SCALE = Tray("scale-photo", 1, _too_many, one_at_a_time, private=True)
"""The photo of a scale, until its note is right."""
PROOF = Tray("lot-proof", 1, _too_many, one_at_a_time, private=True)
"""A receipt, until what it is for is right."""
