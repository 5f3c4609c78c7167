"""A part will not be made: its pieces go back on the shelf, and its money to the buyer."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.catalog import reserve
from shop.core.lifecycle import IllegalMove
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.move import held_payments, move_part, pieces
from shop.orders.states import SELLER_ORDER, SellerOrderState
from shop.payments import cancel as payments_cancel
from shop.payments import refund
from shop.payments.states import PaymentState


def undo_waiting(
    session: Session,
    part_id: uuid.UUID,
    target: SellerOrderState,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str,
) -> None:
    """Bring a waiting part to `declined` or `cancelled`. Raises `IllegalMove`.

    What was paid for the part, delivery included, becomes due back; cash is asked for no more.
    The rupiah of the unique code stay with the programme.
    """
    payment = held_payments(session, [part_id]).get(part_id)
    part = session.get_one(SellerOrder, part_id, populate_existing=True)
    if payment is None or part.state != SellerOrderState.WAITING:
        raise IllegalMove(SELLER_ORDER.name, target.value)
    move_part(session, part_id, target, actor=actor, person_id=person_id, reason=reason or None)
    take_off(session, part_id, target)
    if payment.state == PaymentState.SETTLED:
        refund.grant(
            session, payment_id=payment.id, seller_order_id=part_id, seller_id=part.seller_id,
            amount=part.total, reason=reason, person_id=person_id, key=f"undo:{part_id.hex}",
        )  # fmt: skip
    else:
        payments_cancel.cancel(session, payment.id, actor, person_id, reason or None)


def take_off(session: Session, part_id: uuid.UUID, target: SellerOrderState) -> None:
    """Free the pieces of a part that ended in `target`, and count them as cancelled."""
    reserve.release(session, pieces(session, part_id), key=f"{target.value}:{part_id.hex}")
    session.execute(
        update(OrderLine)
        .where(OrderLine.seller_order_id == part_id)
        .values(cancelled=OrderLine.quantity - OrderLine.refunded)
    )
