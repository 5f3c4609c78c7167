"""The photo of a transfer slip, sent by a buyer with her payment."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.lifecycle import IllegalMove
from shop.ledger.insert_once import insert_once
from shop.payments.models import Payment
from shop.payments.models_stray import PaymentSlip
from shop.payments.move import fresh
from shop.payments.states import PAYMENT, Method, PaymentState
from shop.payments.ways import WAYS

MOST = 3
_NOT_BOOKED = (PaymentState.PENDING, PaymentState.CLAIMED, PaymentState.EXPIRED)


class TooManySlips(ValueError):
    """As many photos as there may be lie there already."""


def takes_slip(payment: Payment) -> bool:
    """Whether a photo helps: people look for it, and it is not in the books."""
    return WAYS[Method(payment.method)].needs_code and payment.state in _NOT_BOOKED


def add_slip(session: Session, payment_id: uuid.UUID, sha256: str) -> None:
    """Lay this kept private picture beside the payment; the same one twice changes nothing.

    Raises `IllegalMove` where no photo helps any more, `TooManySlips`.
    """
    payment = fresh(session, payment_id)
    if not takes_slip(payment):
        raise IllegalMove(PAYMENT.name, "slip")
    others = session.scalar(
        select(func.count())
        .select_from(PaymentSlip)
        .where(PaymentSlip.payment_id == payment_id, PaymentSlip.sha256 != sha256)
    )
    if (others or 0) >= MOST:
        raise TooManySlips(payment_id)
    insert_once(
        session, PaymentSlip,
        id=ids.new_id(), payment_id=payment_id, sha256=sha256, sent_at=clock.now(),
    )  # fmt: skip
