"""A new secret link to an order; whoever holds the old one is shut out."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.accounts.models import Notification
from shop.core import ids
from shop.orders.models import Order


class LinkGone(Exception):
    """The link to be renewed leads nowhere (any more)."""


def renew(session: Session, token: str) -> str:
    """Put a new token in the place of the holder's own; returns it. Raises `LinkGone`."""
    order = _held(session, Order.token == token)
    if order is None:
        raise LinkGone
    return _replace(session, order)


def revoke(session: Session, order_id: uuid.UUID, *, person_id: uuid.UUID) -> None:
    """Staff shut out whoever holds the link, for a buyer who asks for it.

    The new one is not shown to them: it opens to the buyer's number and phone alone.
    """
    order = _held(session, Order.id == order_id)
    if order is not None:
        _replace(session, order)
    audit.write(session, person_id, "order.new_link", "order", order_id)


def _held(session: Session, which: ColumnElement[bool]) -> Order | None:
    return session.scalars(
        select(Order).where(which).with_for_update().execution_options(populate_existing=True)
    ).first()


def _replace(session: Session, order: Order) -> str:
    """Give it a fresh token; the buyer's own news, if she signs in, lead by the new one, too."""
    old, order.token = order.token, ids.new_token()
    session.flush()
    if order.buyer_id is not None:
        session.execute(
            update(Notification)
            .where(Notification.person_id == order.buyer_id, Notification.link == f"/o/{old}")
            .values(link=f"/o/{order.token}")
        )
    return order.token
