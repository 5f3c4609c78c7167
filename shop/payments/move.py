"""Moving payments and refunds through their lives."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from shop.core.lifecycle import move
from shop.payments.models import Payment, PaymentEvent, Refund, RefundEvent
from shop.payments.states import PAYMENT, REFUND, PaymentState, RefundState


def move_payment(
    session: Session,
    payment_id: uuid.UUID,
    target: PaymentState,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str | None = None,
    **extra: Any,
) -> str:
    """Bring a payment to `target`; returns the state it came from. Raises `IllegalMove`."""
    return move(
        session, PAYMENT, cast("Table", Payment.__table__), cast("Table", PaymentEvent.__table__),
        payment_id, target, actor=actor, person_id=person_id, reason=reason, extra=extra,
    )  # fmt: skip


def move_refund(
    session: Session,
    refund_id: uuid.UUID,
    target: RefundState,
    *,
    person_id: uuid.UUID | None,
    actor: str = "staff",
    reason: str | None = None,
    **extra: Any,
) -> None:
    """Bring a refund to `target`; staff do, or who sent it. Raises `IllegalMove`."""
    move(
        session, REFUND, cast("Table", Refund.__table__), cast("Table", RefundEvent.__table__),
        refund_id, target, actor=actor, person_id=person_id, reason=reason, extra=extra,
    )  # fmt: skip


def fresh(session: Session, payment_id: uuid.UUID) -> Payment:
    """The payment as it is now, held against others until this transaction ends.

    Raises `NoResultFound`.
    """
    return session.get_one(Payment, payment_id, populate_existing=True, with_for_update=True)
