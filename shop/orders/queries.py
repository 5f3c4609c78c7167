"""Reading carts and orders."""

from __future__ import annotations

from flask import session as cookie
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import ids
from shop.orders.models import Cart, CartLine

CART_COOKIE = "cart"


def cart_count(session: Session) -> int:
    """How many pieces lie in this visitor's cart; no query for visitors without one."""
    token = cookie.get(CART_COOKIE)
    if not token:
        return 0
    pieces = session.scalar(
        select(func.sum(CartLine.quantity))
        .join(Cart)
        .where(Cart.token_hash == ids.token_hash(token))
    )
    return int(pieces or 0)
