"""Starting a payment: what is owed, by which way, until when."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.money import Rupiah
from shop.ledger.insert_once import as_loaded, insert_all, insert_once
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

HIGHEST_CODE = 999
_PAYMENTS = cast("Table", Payment.__table__).c
_EVENTS = cast("Table", PaymentEvent.__table__).c
_OF_ALL = (
    select(_PAYMENTS.amount, _PAYMENTS.state, func.max(_EVENTS.happened_at))
    .select_from(
        Payment.__table__.outerjoin(PaymentEvent.__table__, _EVENTS.thing_id == _PAYMENTS.id)
    )
    .where(
        _PAYMENTS.amount.between(bindparam("least"), bindparam("most")),
        _PAYMENTS.method.in_(_BY_CODE),
        _PAYMENTS.state.in_(_OPEN + _ENDED),
    )
    .group_by(_PAYMENTS.amount, _PAYMENTS.state)
)
_SUMS = _OF_ALL.where(_PAYMENTS.collector_id.is_(None))
_OWN_SUMS = _OF_ALL.where(_PAYMENTS.collector_id == bindparam("collector", type_=Uuid()))


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


def start_cash(
    session: Session, *, order_id: uuid.UUID, order_number: str, parts: Sequence[Part]
) -> None:
    """Write down what is to be paid to each seller of a fresh order by herself, in two statements.

    Raises `IntegrityError` where that was done before.
    """
    payments = [
        _values(order_id, order_number, Method.CASH, [part], f"order:{part[0].hex}", 0, None)
        for part in parts
    ]
    insert_all(session, Payment, payments)
    _split(session, [(values["id"], part) for values, part in zip(payments, parts, strict=True)])


def start_with_code(  # noqa: PLR0913
    session: Session,
    *,
    order_id: uuid.UUID,
    order_number: str,
    method: Method,
    parts: Sequence[Part],
    key: str,
    expires_at: datetime | None,
    first_code: int | None = None,
    came_before: int = 0,
    collector_id: uuid.UUID | None = None,
    highest: int = HIGHEST_CODE,
) -> Payment:
    """`start` with a code of its own where people tell this way's payments apart by their sums.

    `first_code` is one drawn a moment ago, to be tried first; `came_before` rupiah of the sum are
    there already and are not asked for. `collector_id` is the seller to whom it is paid directly
    (None: the programme); no code is above `highest`. Raises `NoFreeCode`, also where others were
    faster time and again.
    """
    total, code = sum(amount for _, _, amount in parts) - came_before, first_code
    for _ in range(_TRIES):
        if code is None:
            code = code_for(session, method, total, collector_id, highest)
        values = _values(order_id, order_number, method, parts, key, code, expires_at)
        values |= {"amount": total + code, "collector_id": collector_id}
        if insert_once(session, Payment, **values):
            _split(session, [(values["id"], part) for part in parts])
            return as_loaded(session, Payment(**values))
        code = None
        known = session.scalars(select(Payment).where(Payment.key == key)).first()
        if known is not None:
            return known
    raise NoFreeCode(total)  # somebody else took each of these sums at the same moment


def code_for(
    session: Session,
    method: Method,
    total: int,
    collector_id: uuid.UUID | None = None,
    highest: int = HIGHEST_CODE,
) -> int:
    """A code for a payment of `total` rupiah this way: 0 where none is needed.

    Raises `NoFreeCode`.
    """
    return free_code(session, total, collector_id, highest) if WAYS[method].needs_code else 0


def _values(
    order_id: uuid.UUID,
    order_number: str,
    method: Method,
    parts: Sequence[Part],
    key: str,
    code: int,
    expires_at: datetime | None,
) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "key": key,
        "order_id": order_id,
        "order_number": order_number,
        "method": method.value,
        "state": PaymentState.PENDING.value,
        "amount": sum(amount for _, _, amount in parts) + code,
        "unique_code": code,
        "collector_id": None,
        "created_at": clock.now(),
        "expires_at": expires_at,
        "evidence": "",
    }


def _split(session: Session, shares: Sequence[tuple[uuid.UUID, Part]]) -> None:
    rows = [
        {
            "id": ids.new_id(),
            "payment_id": payment_id,
            "seller_order_id": part_id,
            "seller_id": seller_id,
            "amount": amount,
        }
        for payment_id, (part_id, seller_id, amount) in shares
    ]
    insert_all(session, PaymentPart, rows)


def free_code(
    session: Session,
    total: int,
    collector_id: uuid.UUID | None = None,
    highest: int = HIGHEST_CODE,
) -> int:
    """A code from 1 to `highest` by which people know a payment of `total` to this collector.

    No open payment has the same sum, nor one that ended lately, whose money may still come. Where
    all sums are taken, the one that ended longest ago goes again. Drawn by lot, so that two
    checkouts of the same total rarely meet. Raises `NoFreeCode` where all 999 are waited for.
    """
    waited_for, ended = _taken(session, total, collector_id)
    free = set(range(1, highest + 1)) - waited_for
    if not free:
        raise NoFreeCode(total)
    fresh = sorted(free - ended.keys())
    return random.SystemRandom().choice(fresh) if fresh else min(free, key=ended.__getitem__)


def _taken(
    session: Session, total: int, collector_id: uuid.UUID | None
) -> tuple[set[int], dict[int, datetime]]:
    """The codes of open payments, and of those that ended while their money may still come: when.

    Where both a payment that ended and an open one had a sum, the open one counts.
    """
    session.flush()  # a statement over bare tables sees only what is written
    asked = {"least": total + 1, "most": total + HIGHEST_CODE}
    if collector_id is None:
        rows = session.execute(_SUMS, asked)
    else:
        rows = session.execute(_OWN_SUMS, asked | {"collector": collector_id})
    waited_for: set[int] = set()
    ended: dict[int, datetime] = {}
    for amount, state, moment in rows:
        code = amount - total
        if state in _OPEN:
            waited_for.add(code)
        elif moment is not None and moment > clock.now() - MAY_STILL_COME:
            ended[code] = max(moment, ended.get(code, moment))
    return waited_for, ended
