"""Starting a payment: what is owed, by which way, until when."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import ids
from shop.core.money import Rupiah
from shop.payments.models import Payment, PaymentPart
from shop.payments.states import Method, PaymentState

Part = tuple[uuid.UUID, uuid.UUID, int]
"""Seller order, seller, and how many rupiah of the payment are for it."""
_OPEN = (PaymentState.PENDING.value, PaymentState.CLAIMED.value)
_BY_CODE = (Method.TRANSFER.value, Method.QRIS.value)


class NoFreeCode(Exception):
    """All 999 sums above this total are waited for already."""


class CashOfOneSeller(ValueError):
    """Cash is handed to each seller by herself: one payment for each part."""


def start(
    session: Session,
    *,
    order_id: uuid.UUID,
    order_number: str,
    method: Method,
    parts: Sequence[Part],
    key: str,
    unique_code: int = 0,
    expires_at: datetime | None = None,
) -> Payment:
    """Write down what a buyer has to pay; the same `key` gives the payment it made before.

    The order and its parts must stand already. Raises `CashOfOneSeller`; the unique index on open
    sums raises `IntegrityError` where somebody else was faster with the same code.
    """
    known = session.scalars(select(Payment).where(Payment.key == key)).first()
    if known is not None:
        return known
    if method is Method.CASH and len(parts) != 1:
        raise CashOfOneSeller
    payment = Payment(
        id=ids.new_id(),
        key=key,
        order_id=order_id,
        order_number=order_number,
        method=method.value,
        amount=Rupiah(sum(amount for _, _, amount in parts) + unique_code),
        unique_code=unique_code,
        expires_at=expires_at,
    )
    payment.parts = [
        PaymentPart(seller_order_id=part, seller_id=seller, amount=Rupiah(amount))
        for part, seller, amount in parts
    ]
    session.add(payment)
    session.flush()  # the unique index must speak now, while the caller can try another code
    return payment


def free_code(session: Session, total: int) -> int:
    """A code from 1 to 999 with which no open transfer or QRIS payment has the same sum.

    Drawn by lot, so that two checkouts of the same total rarely meet. Raises `NoFreeCode`.
    """
    taken = session.scalars(
        select(Payment.amount).where(
            Payment.state.in_(_OPEN),
            Payment.method.in_(_BY_CODE),
            Payment.amount.between(total + 1, total + 999),
        )
    )
    free = sorted(set(range(1, 1000)) - {amount - total for amount in taken})
    if not free:
        raise NoFreeCode(total)
    return random.SystemRandom().choice(free)
