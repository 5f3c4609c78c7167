"""The photo of a scale, and the proof of what was sold elsewhere: the cooperative's and staff's."""

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
            "Cukup 1 foto. %(num)d foto tidak ikut.",
            "Cukup 1 foto. %(num)d foto tidak ikut.",
            number,
        )
    )


def _one_at_a_time(session: Session, seller_id: uuid.UUID) -> None:
    session.execute(select(Seller.id).where(Seller.id == seller_id).with_for_update(key_share=True))


SCALE = Tray("scale-photo", 1, _too_many, _one_at_a_time, private=True)
"""The photo of a scale, until its note is right."""
PROOF = Tray("lot-proof", 1, _too_many, _one_at_a_time, private=True)
"""A receipt, until what it is for is right."""
