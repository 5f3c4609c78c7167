"""The seller has looked at a part."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.core import clock
from shop.orders.models import SellerOrder


def mark_seen(session: Session, seller_order_id: uuid.UUID) -> None:
    """Remember when it was first looked at; later looks change nothing."""
    session.execute(
        update(SellerOrder)
        .where(SellerOrder.id == seller_order_id, SellerOrder.seen_at.is_(None))
        .values(seen_at=clock.now())
    )
