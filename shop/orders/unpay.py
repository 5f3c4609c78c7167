"""The money of an order turned out to be somebody else's."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.core.lifecycle import IllegalMove
from shop.orders.models import SellerOrder
from shop.orders.move import move_parts
from shop.orders.states import IN_THE_HOUSE, SellerOrderState
from shop.orders.tell import UNPAID_AGAIN, tell_sellers
from shop.payments.cannot_undo import CannotUndo, Why
from shop.payments.events import PaymentTakenBack
from shop.payments.models import PaymentPart


def unpay(session: Session, event: PaymentTakenBack) -> None:
    """Take its parts off their sellers' lists until they are paid, and say so.

    The pieces stay promised. Raises `CannotUndo` where a part left the house or was undone.
    """
    parts = session.scalars(
        select(SellerOrder)
        .join(PaymentPart, PaymentPart.seller_order_id == SellerOrder.id)
        .where(PaymentPart.payment_id == event.payment_id)
        .order_by(SellerOrder.id)
        .execution_options(populate_existing=True)
    ).all()
    if any(part.state not in IN_THE_HOUSE for part in parts):
        raise CannotUndo(Why.HANDED_OVER)
    part_ids = [part.id for part in parts]
    for source in sorted({part.state for part in parts}):
        moving = [part.id for part in parts if part.state == source]
        try:
            move_parts(
                session, moving, SellerOrderState(source), SellerOrderState.UNPAID,
                actor="payment", person_id=event.person_id, answer_by=None,
            )  # fmt: skip
        except IllegalMove:  # handed over a moment ago
            raise CannotUndo(Why.HANDED_OVER) from None
    tell_sellers(session, part_ids, UNPAID_AGAIN, event=notify.just_now(event.payment_id))
