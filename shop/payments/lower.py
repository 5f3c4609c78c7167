"""Asking for less than before: pieces of an order that is not paid yet will not come."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from shop.core import clock, device
from shop.core.lifecycle import IllegalMove
from shop.payments.models import Payment, PaymentEvent, PaymentPart
from shop.payments.move import fresh
from shop.payments.states import PAYMENT, Method, PaymentState


def lower(
    session: Session,
    payment_id: uuid.UUID,
    seller_order_id: uuid.UUID,
    amount: int,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str,
) -> None:
    """Ask for `amount` rupiah less for a seller's part that is to be paid in cash.

    Something must be left to pay, else the payment is called off instead. Raises `IllegalMove`
    where it is paid, called off, or not cash: a sum that people transfer stays as they read it.
    """
    payment = fresh(session, payment_id)
    if payment.method != Method.CASH or payment.state != PaymentState.PENDING:
        raise IllegalMove(PAYMENT.name, "lower")
    done = session.execute(
        update(PaymentPart)
        .where(
            PaymentPart.payment_id == payment_id,
            PaymentPart.seller_order_id == seller_order_id,
            PaymentPart.amount > amount,
        )
        .values(amount=PaymentPart.amount - amount)
    )
    if amount < 1 or cast("CursorResult[Any]", done).rowcount != 1:
        raise IllegalMove(PAYMENT.name, "lower")
    session.execute(
        update(Payment).where(Payment.id == payment_id).values(amount=Payment.amount - amount)
    )
    session.add(
        PaymentEvent(
            thing_id=payment_id, happened_at=clock.now(), person_id=person_id, actor=actor,
            source=payment.state, target=payment.state, reason=reason, device=device.current(),
        )
    )  # fmt: skip
    session.flush()
    session.expire(payment)
