"""The money of an order is there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.orders.begin import begin, parts_in
from shop.orders.states import SellerOrderState
from shop.orders.tell import PAID_AGAIN, tell_sellers
from shop.payments.arrivals import times_taken_back
from shop.payments.events import PaymentSettled
from shop.payments.models import PaymentPart


def mark_paid(session: Session, event: PaymentSettled) -> None:
    """Put the parts that waited for this payment on their sellers' lists.

    Parts that are work already (paid in cash, or taken back a moment ago) stay as they are. Who
    heard that it was not there after all hears that it is now.
    """
    paid = session.scalars(
        select(PaymentPart.seller_order_id).where(PaymentPart.payment_id == event.payment_id)
    ).all()
    parts = parts_in(session, paid, SellerOrderState.UNPAID)
    begin(session, parts)
    before = times_taken_back(session, event.payment_id)
    if before:
        told = [part.id for part in parts]
        tell_sellers(session, told, PAID_AGAIN, event=f"{event.payment_id.hex}:{before}")
