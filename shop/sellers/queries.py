"""Reading sellers, always through the person where it is not public."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.sellers.models import SellerMember


def membership_of(
    session: Session, person_id: uuid.UUID, seller_id: uuid.UUID | None
) -> tuple[uuid.UUID, str] | None:
    """The seller somebody acts for and their role there: the one chosen last, else the first."""
    rows = session.execute(
        select(SellerMember.seller_id, SellerMember.role)
        .where(SellerMember.person_id == person_id, SellerMember.left_on.is_(None))
        .order_by(SellerMember.joined_on, SellerMember.id)
    ).all()
    chosen = next((row for row in rows if row.seller_id == seller_id), rows[0] if rows else None)
    return (chosen.seller_id, chosen.role) if chosen else None
