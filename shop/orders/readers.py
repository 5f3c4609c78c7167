"""How to reach the buyer of an order, asked for through `accounts.readers`."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts.readers import Reader
from shop.orders.models import Order


def buyer_of(session: Session, order_id: uuid.UUID) -> Reader:
    """Language, address and, with her consent, WhatsApp number of who ordered."""
    order = session.get_one(Order, order_id)
    whatsapp = order.buyer_phone if order.whatsapp_ok_at else None
    return Reader(order.language, order.buyer_email, whatsapp)


def no_whatsapp(session: Session, order_id: uuid.UUID) -> None:
    """Send the buyer of this order nothing more by WhatsApp."""
    session.get_one(Order, order_id).whatsapp_ok_at = None
