"""A buyer wants no more mail about her orders."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.core import events
from shop.orders.events import NewsStopped
from shop.orders.models import Order


def stop_mail(session: Session, order_id: uuid.UUID) -> bool:
    """Forget the address she typed, in all orders of her phone number; whether there was one.

    Doing it again changes nothing. Her orders' pages, and other ways she agreed to, stay.
    """
    order = session.get(Order, order_id)
    if order is None or order.buyer_email is None:
        return False
    told = NewsStopped(order.buyer_phone, order.buyer_email)
    session.execute(
        update(Order)
        .where(Order.buyer_phone == told.phone, Order.buyer_email == told.email)
        .values(buyer_email=None)
    )
    events.publish(session, told)
    session.expire(order, ["buyer_email"])
    return True
