"""Who belonged to a group on a day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shop.sellers.models import SellerMember


def members_on(session: Session, seller_id: uuid.UUID, day: date) -> Sequence[SellerMember]:
    """The members of that day, those who left on it included, in the order in which they joined.

    Somebody who left and came back on one day counts once.
    """
    rows = session.scalars(
        select(SellerMember)
        .where(
            SellerMember.seller_id == seller_id,
            SellerMember.joined_on <= day,
            or_(SellerMember.left_on.is_(None), SellerMember.left_on >= day),
        )
        .order_by(SellerMember.joined_on, SellerMember.id)
    )
    found = {member.person_id or member.id: member for member in rows}
    return list(found.values())


def own_member(session: Session, seller_id: uuid.UUID, member_id: uuid.UUID) -> SellerMember | None:
    """A present or past member of this seller."""
    found = session.get(SellerMember, member_id)
    return found if found is not None and found.seller_id == seller_id else None
