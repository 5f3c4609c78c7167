"""The photo of a receipt, kept where only the group and staff see it."""

from __future__ import annotations

import uuid

from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core.uploads import Tray
from shop.sellers.models import Seller


def _too_many(number: int) -> str:
    return str(
        ngettext(
            "Cukup 1 foto nota. %(num)d foto tidak ikut.",
            "Cukup 1 foto nota. %(num)d foto tidak ikut.",
            number,
        )
    )


def _one_at_a_time(session: Session, seller_id: uuid.UUID) -> None:
    session.execute(select(Seller.id).where(Seller.id == seller_id).with_for_update(key_share=True))


TRAY = Tray("fund-receipt", 1, _too_many, _one_at_a_time, private=True)
"""A group's receipt, until what it is for is right."""
