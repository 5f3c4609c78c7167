"""Calling off a payment that was not made."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.payments.move import move_payment
from shop.payments.move_stray import rest_ended
from shop.payments.states import PaymentState


def cancel(
    session: Session,
    payment_id: uuid.UUID,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str | None = None,
) -> None:
    """Nobody is to pay this any more; money that comes all the same goes back.

    `actor` is `buyer`, `seller` or `staff`; what the buyer says was sent only staff can call off.
    Raises `IllegalMove`.
    """
    move_payment(
        session, payment_id, PaymentState.CANCELLED,
        actor=actor, person_id=person_id, reason=reason,
    )  # fmt: skip
    rest_ended(session, payment_id, actor=actor, person_id=person_id)
