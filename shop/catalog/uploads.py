"""Photos of products, on their way from the phone."""

from __future__ import annotations

from flask_babel import ngettext

from shop.catalog.add_photo import MOST_PHOTOS
from shop.core.uploads import Tray
from shop.sellers.hold import one_at_a_time


def too_many(number: int) -> str:
    """What to say when `number` photos found no room."""
    return str(
        ngettext(
            "Paling banyak 8 foto. %(num)d foto tidak ikut; buang satu dulu.",
            "Paling banyak 8 foto. %(num)d foto tidak ikut; buang satu dulu.",
            number,
        )
    )


TRAY = Tray("kept-photo", MOST_PHOTOS, too_many, one_at_a_time)
"""A seller's photos, until the product they came with stands."""
