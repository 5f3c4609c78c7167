"""Photos of a report, kept where only whoever may read it sees them."""

from __future__ import annotations

from flask_babel import ngettext

from shop.complaints.report import MOST_PHOTOS, one_at_a_time
from shop.core.uploads import Tray


def _too_many(number: int) -> str:
    return str(
        ngettext(
            "Paling banyak 4 foto. %(num)d foto tidak ikut.",
            "Paling banyak 4 foto. %(num)d foto tidak ikut.",
            number,
        )
    )


TRAY = Tray("complaint-photo", MOST_PHOTOS, _too_many, one_at_a_time, private=True)
"""The photos of a part's report, until it is right."""
