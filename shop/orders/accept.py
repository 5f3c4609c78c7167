"""The seller takes a part on."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.orders.move import move_part
from shop.orders.states import SellerOrderState
from shop.orders.tell import ACCEPTED, tell_buyer


def accept(session: Session, seller_order_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """Promise the buyer to make it. Raises `IllegalMove`."""
    move_part(
        session, seller_order_id, SellerOrderState.ACCEPTED, actor="seller", person_id=person_id
    )
    tell_buyer(session, seller_order_id, ACCEPTED)
