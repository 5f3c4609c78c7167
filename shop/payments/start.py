"""Starting a payment: what is owed, by which way, until when."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.money import Rupiah
from shop.ledger.insert_once import as_loaded, insert_all, insert_once
from shop.payments.credit import Buyer
from shop.payments.models import Payment, PaymentPart
from shop.payments.states import Method, PaymentState
from shop.payments.taken_sums import taken
from shop.payments.ways import WAYS

Part = tuple[uuid.UUID, uuid.UUID, int]
"""Seller order, seller, and how many rupiah of the payment are for it."""
_TRIES = 8
HIGHEST_CODE = 999


class NoFreeCode(Exception):
    """All 999 sums above this total are waited for already."""


class CashOfOneSeller(ValueError):
    """Cash is handed to each seller by herself: one payment for each part."""


def start(  # noqa: PLR0913
    session: Session,
    *,
    order_id: uuid.UUID,
    order_number: str,
    method: Method,
    parts: Sequence[Part],
    key: str,
    unique_code: int = 0,
    expires_at: datetime | None = None,
    buyer: Buyer | None = None,
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
    credit = buyer.credit if buyer else 0
    payment = Payment(
        id=ids.new_id(),
        key=key,
        order_id=order_id,
        order_number=order_number,
        method=method.value,
        amount=Rupiah(sum(amount for _, _, amount in parts) + unique_code - credit),
        unique_code=unique_code,
        expires_at=expires_at,
        buyer_id=buyer.person_id if buyer else None,
        credit=Rupiah(credit),
        code_is_credit=buyer is not None and buyer.keeps_code,
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
    buyer: Buyer | None = None,
) -> Payment:
    """`start` with a code of its own where people tell this way's payments apart by their sums.

    `first_code` is one drawn a moment ago, to be tried first; `came_before` rupiah of the sum are
    there already and are not asked for. `collector_id` is the seller to whom it is paid directly
    (None: the programme); no code is above `highest`. Who pays it from her credit holds that
    already (`credit.hold`). Raises `NoFreeCode`, also where others were faster time and again.
    """
    credit = buyer.credit if buyer else 0
    total, code = sum(amount for _, _, amount in parts) - came_before - credit, first_code
    for _ in range(_TRIES):
        if code is None:
            code = code_for(session, method, total, collector_id, highest)
        values = _values(order_id, order_number, method, parts, key, code, expires_at)
        values |= {"amount": total + code, "collector_id": collector_id}
        if buyer is not None:
            values |= {
                "buyer_id": buyer.person_id, "credit": credit, "code_is_credit": buyer.keeps_code
            }  # fmt: skip
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
        "buyer_id": None,
        "credit": 0,
        "code_is_credit": False,
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
    waited_for, ended = taken(session, total, collector_id, HIGHEST_CODE)
    free = set(range(1, highest + 1)) - waited_for
    if not free:
        raise NoFreeCode(total)
    fresh = sorted(free - ended.keys())
    return random.SystemRandom().choice(fresh) if fresh else min(free, key=ended.__getitem__)
