"""What lots tell the room that shares: which products are theirs, who delivered how much."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.lots.models import DeliveryNote, PooledProduct
from shop.lots.states import NoteState


def pooled(session: Session, seller_id: uuid.UUID) -> dict[uuid.UUID, date]:
    """Product → the first day whose sales go to its lots."""
    rows = session.execute(
        select(PooledProduct.product_id, PooledProduct.since).where(
            PooledProduct.seller_id == seller_id
        )
    )
    return {row.product_id: row.since for row in rows}


def kilograms(session: Session, seller_id: uuid.UUID, day: date) -> dict[uuid.UUID, int]:
    """Member → the grams she brought in the month of this day."""
    first = day.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    rows = session.execute(
        select(DeliveryNote.member_id, func.sum(DeliveryNote.grams))
        .where(
            DeliveryNote.seller_id == seller_id,
            DeliveryNote.state != NoteState.WITHDRAWN.value,
            DeliveryNote.day >= first,
            DeliveryNote.day < after,
        )
        .group_by(DeliveryNote.member_id)
    )
    return {member_id: int(grams) for member_id, grams in rows}
