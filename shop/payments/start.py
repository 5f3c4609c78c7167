"""Starting a payment: what is owed, by which way, until when."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.money import Rupiah
from shop.payments.deadline import MAY_STILL_COME
from shop.payments.models import Payment, PaymentEvent, PaymentPart
from shop.payments.states import Method, PaymentState
from shop.payments.ways import WAYS

Part = tuple[uuid.UUID, uuid.UUID, int]
"""Seller order, seller, and how many rupiah of the payment are for it."""
_OPEN = (PaymentState.PENDING.value, PaymentState.CLAIMED.value)
_ENDED = (PaymentState.EXPIRED.value, PaymentState.CANCELLED.value)
_TRIES = 8
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


def start_with_code(
    session: Session,
    *,
    order_id: uuid.UUID,
    order_number: str,
    method: Method,
    parts: Sequence[Part],
    key: str,
    expires_at: datetime | None,
) -> Payment:
    """`start` with a code of its own where people tell this way's payments apart by their sums.

    Raises `NoFreeCode`, and `IntegrityError` where others were faster time and again.
    """
    total, tries_left = sum(amount for _, _, amount in parts), _TRIES
    while True:
        code = free_code(session, total) if WAYS[method].needs_code else 0
        try:
            with session.begin_nested():
                return start(
                    session, order_id=order_id, order_number=order_number, method=method,
                    parts=parts, key=key, unique_code=code, expires_at=expires_at,
                )  # fmt: skip
        except IntegrityError:  # somebody else took this sum at the same moment
            tries_left -= 1
            if not tries_left:
                raise


def free_code(session: Session, total: int) -> int:
    """A code from 1 to 999 by which a transfer or QRIS payment of `total` is known from others.

    No open payment has the same sum, nor one that ended lately, whose money may still come. Where
    all sums are taken, the one that ended longest ago goes again. Drawn by lot, so that two
    checkouts of the same total rarely meet. Raises `NoFreeCode` where all 999 are waited for.
    """
    free = set(range(1, 1000)) - _waited_for(session, total)
    if not free:
        raise NoFreeCode(total)
    ended = _lately_ended(session, total)
    fresh = sorted(free - ended.keys())
    return random.SystemRandom().choice(fresh) if fresh else min(free, key=ended.__getitem__)


def _waited_for(session: Session, total: int) -> set[int]:
    amounts = session.scalars(select(Payment.amount).where(*_sums_above(total, _OPEN)))
    return {amount - total for amount in amounts}


def _lately_ended(session: Session, total: int) -> dict[int, datetime]:
    """The codes of payments that ended while their money may still come, and when."""
    ended = func.max(PaymentEvent.happened_at)
    rows = session.execute(
        select(Payment.amount, ended)
        .join(PaymentEvent, PaymentEvent.thing_id == Payment.id)
        .where(*_sums_above(total, _ENDED))
        .group_by(Payment.amount)
        .having(ended > clock.now() - MAY_STILL_COME)
    )
    return {amount - total: moment for amount, moment in rows}


def _sums_above(total: int, states: Sequence[str]) -> list[ColumnElement[bool]]:
    return [
        Payment.state.in_(states),
        Payment.method.in_(_BY_CODE),
        Payment.amount.between(total + 1, total + 999),
    ]
