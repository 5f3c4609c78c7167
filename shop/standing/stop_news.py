"""A buyer wants no more news of orders: those that come by themselves must not bring any either."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.orders.events import NewsStopped
from shop.standing.models import StandingOrder


def on_stopped(session: Session, told: NewsStopped) -> None:
    """Forget the consent in all standing orders of this phone number."""
    change = update(StandingOrder).where(StandingOrder.buyer_phone == told.phone)
    if told.email:
        change = change.where(StandingOrder.buyer_email == told.email).values(buyer_email=None)
    else:
        change = change.values(whatsapp_ok_at=None)
    session.execute(change.execution_options(synchronize_session="fetch"))
