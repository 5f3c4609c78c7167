"""The seller cannot make a part."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.orders.grant_back import Act
from shop.orders.states import SellerOrderState
from shop.orders.undo import undo_part


class NoReason(ValueError):
    """A buyer is told why: a part is not declined without a word."""


def decline(
    session: Session, seller_order_id: uuid.UUID, person_id: uuid.UUID | None, reason: str
) -> None:
    """Say no before it is ready, with the reason the buyer reads; what she paid is due back.

    Raises `NoReason`, `IllegalMove`.
    """
    if not reason.strip():
        raise NoReason
    undo_part(
        session, seller_order_id, SellerOrderState.DECLINED,
        Act("seller", person_id, reason.strip()[:300]),
    )  # fmt: skip
