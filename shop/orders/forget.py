"""Carts that nobody comes back to, and old tries at finding an order, are not kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.orders.models import OrderLookup
from shop.orders.models_cart import Cart, CartLine, CartNote

CART_LASTS = timedelta(days=30)
"""How long a cart lies untouched before it is cleared away."""
LOOKUP_LASTS = timedelta(days=1)
_AT_ONCE = 500


def forget_old(session: Session) -> int:
    """Clear away the carts left untouched for longer than `CART_LASTS`; returns how many.

    At most a few hundred at once, so that no buyer waits for it.
    """
    old = session.scalars(
        select(Cart.id)
        .where(Cart.updated_at < clock.now() - CART_LASTS)
        .order_by(Cart.updated_at)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)  # who comes back right now keeps her cart
    ).all()
    for table in (CartNote, CartLine):
        session.execute(delete(table).where(table.cart_id.in_(old)))
    session.execute(delete(Cart).where(Cart.id.in_(old)))
    session.execute(delete(OrderLookup).where(OrderLookup.at < clock.now() - LOOKUP_LASTS))
    return len(old)
