"""The seller has looked at a part."""

from __future__ import annotations

import uuid
from collections.abc import Collection

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


def mark_all_seen(
    session: Session, seller_id: uuid.UUID, seller_order_ids: Collection[uuid.UUID]
) -> None:
    """The same for several parts on a list, as far as they are this seller's."""
    session.execute(
        update(SellerOrder)
        .where(
            SellerOrder.seller_id == seller_id,
            SellerOrder.id.in_(sorted(seller_order_ids)),
            SellerOrder.seen_at.is_(None),
        )
        .values(seen_at=clock.now())
        .execution_options(synchronize_session=False)
    )
