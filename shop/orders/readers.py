"""How to reach the buyer of an order, asked for through `accounts.readers`."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.readers import Reader
from shop.core import events
from shop.orders.events import NewsStopped
from shop.orders.models import Order


def buyers_of(session: Session, order_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Reader]:
    """Name, language, address, page and, with her consent, WhatsApp number of who ordered."""
    rows = session.execute(
        select(
            Order.id, Order.language, Order.buyer_name, Order.buyer_phone, Order.buyer_email,
            Order.whatsapp_ok_at, Order.token,
        ).where(Order.id.in_(order_ids))
    )  # fmt: skip
    return {
        order_id: Reader(language, name, phone, email, phone if ok_at else None, f"/o/{token}")
        for order_id, language, name, phone, email, ok_at, token in rows
    }


def no_whatsapp(session: Session, order_id: uuid.UUID) -> None:
    """Send the buyer of this order nothing more by WhatsApp."""
    order = session.get_one(Order, order_id)
    order.whatsapp_ok_at = None
    events.publish(session, NewsStopped(order.buyer_phone))


def order_id_of(session: Session, token: str) -> uuid.UUID | None:
    """The order whose secret link this is."""
    return session.scalar(select(Order.id).where(Order.token == token))
