"""The seller has made a part."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.orders.move import move_part
from shop.orders.states import SellerOrderState
from shop.orders.tell import READY, tell_buyer


def ready(session: Session, seller_order_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """It can be fetched or brought. Raises `IllegalMove`."""
    move_part(session, seller_order_id, SellerOrderState.READY, actor="seller", person_id=person_id)
    tell_buyer(session, seller_order_id, READY)
