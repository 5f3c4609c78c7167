"""People leaving a seller."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock
from shop.sellers.models import MemberRole, Seller, SellerMember


class NobodyLeft(Exception):
    """Somebody must be left who runs the seller's studio."""


def leave(session: Session, seller_id: uuid.UUID, member_id: uuid.UUID, by: uuid.UUID) -> None:
    """A member of this seller leaves today; their studio closes at the next request.

    Without effect where they have left. Raises `NobodyLeft`.
    """
    session.execute(select(Seller.id).where(Seller.id == seller_id).with_for_update(key_share=True))
    others = session.scalar(
        select(func.count()).where(
            SellerMember.seller_id == seller_id,
            SellerMember.left_on.is_(None),
            SellerMember.role != MemberRole.MEMBER.value,
            SellerMember.id != member_id,
        )
    )
    if not others:
        raise NobodyLeft
    left = cast(
        "CursorResult[Any]",
        session.execute(
            update(SellerMember)
            .where(
                SellerMember.id == member_id,
                SellerMember.seller_id == seller_id,
                SellerMember.left_on.is_(None),
            )
            .values(left_on=clock.today())
        ),
    )
    if left.rowcount:
        audit.write(session, by, "member.leave", "seller_member", member_id)
