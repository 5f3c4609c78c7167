"""Reading what is brought by arrangement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.core import clock
from shop.orders.models import Order, SellerOrder
from shop.orders.states import DeliveryKind, SellerOrderState


def fees_to_name(session: Session, seller_id: uuid.UUID) -> Sequence[SellerOrder]:
    """The parts for which this seller has yet to name a fee, the most urgent first."""
    return session.scalars(
        select(SellerOrder)
        .join(SellerOrder.order)
        .where(
            SellerOrder.seller_id == seller_id,
            SellerOrder.state == SellerOrderState.UNPAID.value,
            SellerOrder.delivery_kind == DeliveryKind.ARRANGED.value,
            SellerOrder.arranged_fee.is_(None),
            Order.expires_at > clock.now(),
        )
        .order_by(Order.expires_at)
        .options(joinedload(SellerOrder.order), selectinload(SellerOrder.lines))
    ).all()


def to_arrange(session: Session, seller_id: uuid.UUID, part_id: uuid.UUID) -> SellerOrder | None:
    """This seller's part whose fee she can still name, or name anew."""
    return session.scalars(
        select(SellerOrder)
        .join(SellerOrder.order)
        .where(
            SellerOrder.id == part_id,
            SellerOrder.seller_id == seller_id,
            SellerOrder.delivery_kind == DeliveryKind.ARRANGED.value,
        )
        .options(joinedload(SellerOrder.order), selectinload(SellerOrder.lines))
    ).first()
