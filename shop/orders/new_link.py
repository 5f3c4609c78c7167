"""A new secret link to an order; whoever holds the old one is shut out."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import ids
from shop.orders.models import Order


class LinkGone(Exception):
    """The link to be renewed leads nowhere (any more)."""


def renew(session: Session, token: str) -> str:
    """Put a new token in the place of the holder's own; returns it. Raises `LinkGone`."""
    fresh = ids.new_token()
    changed = session.scalar(
        update(Order).where(Order.token == token).values(token=fresh).returning(Order.id)
    )
    if changed is None:
        raise LinkGone
    return fresh


def revoke(session: Session, order_id: uuid.UUID, *, person_id: uuid.UUID) -> None:
    """Staff shut out whoever holds the link, for a buyer who asks for it.

    The new one is not shown to them: it opens to the buyer's number and phone alone.
    """
    session.execute(update(Order).where(Order.id == order_id).values(token=ids.new_token()))
    audit.write(session, person_id, "order.new_link", "order", order_id)
