"""Reading money that fits no payment, for staff and for the order it was meant for."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from shop.accounts.models import Person
from shop.ledger import facts
from shop.ledger.facts import OrderFacts
from shop.payments.models import Payment, PaymentPart
from shop.payments.models_stray import Stray
from shop.payments.queries import BackDue, Waiting, matching, refunds
from shop.payments.reasons import LATE
from shop.payments.states import Method, PaymentState
from shop.payments.states_stray import STILL_THERE, StrayKind, StrayState

SHOWN = 100
_ENDED_SHOWN = 20
_CANDIDATES = 20
_NEAR = 1000
"""Rupiah: a sum that differs by less is likely one with its code left out or mistyped."""
_OURS = Payment.method.in_((Method.TRANSFER.value, Method.QRIS.value)) & (
    Payment.collector_id.is_(None)
)
_OPEN = (PaymentState.PENDING, PaymentState.CLAIMED)


@dataclass(frozen=True)
class StrayRow:
    """Stray money, the order it is for, who decided about it, and what the goods still cost.

    `needed` rupiah pay for what it was meant for, without the code.
    """

    stray: Stray
    order: OrderFacts | None
    decided_by: str | None
    needed: int

    @property
    def payment(self) -> Payment | None:
        """What it was meant for."""
        return self.stray.payment

    @property
    def enough(self) -> bool:
        """Whether only (some of) the code is missing, so that it can pay as it is."""
        may = self.payment is not None and self.payment.state in (*_OPEN, PaymentState.EXPIRED)
        return self.stray.kind == StrayKind.SHORT and may and self.stray.amount >= self.needed

    @property
    def creditable(self) -> bool:
        """Whether it can be credit of its buyer, who has an account."""
        hers = self.payment is not None and self.payment.buyer_id is not None
        return hers and self.stray.kind in (StrayKind.DOUBLE, StrayKind.OVER)

    @property
    def askable(self) -> bool:
        """Whether the buyer can be asked for the rest."""
        waits = self.payment is not None and self.payment.state in _OPEN
        short = self.stray.kind == StrayKind.SHORT and self.stray.amount < self.needed
        return short and waits and self.stray.rest_id is None


def waiting(session: Session) -> list[StrayRow]:
    """What waits for a person or for the buyer, oldest first; what is to be sent back, before."""
    order = case((Stray.state == StrayState.DUE.value, 0), else_=1), Stray.came_at, Stray.id
    return _rows(session, [_waits()], order, SHOWN)


def ended(session: Session) -> list[StrayRow]:
    """What came to its end lately, newest first."""
    order = (Stray.came_at.desc(), Stray.id)
    return _rows(session, [~_waits()], order, _ENDED_SHOWN)


def one(session: Session, stray_id: uuid.UUID) -> StrayRow | None:
    """For staff, who may see all of it."""
    found = _rows(session, [Stray.id == stray_id], (Stray.id,), 1)
    return found[0] if found else None


def late(session: Session) -> list[BackDue]:
    """Money that came when its order was gone, and is to go back."""
    return [row for row in refunds(session) if row.refund.reason == LATE]


def of_order(session: Session, order_id: uuid.UUID) -> Sequence[Stray]:
    """What came odd for this order, oldest first."""
    return session.scalars(
        select(Stray)
        .join(Payment, Payment.id == Stray.payment_id)
        .where(Payment.order_id == order_id)
        .options(joinedload(Stray.rest))
        .order_by(Stray.came_at, Stray.id)
    ).all()


def candidates(session: Session, stray: Stray, words: str) -> list[Waiting]:
    """What the money could be for: what fits `words`, or else has about its sum or its code."""
    if words:
        which = matching(words)
    else:
        near = Payment.amount.between(stray.amount - _NEAR, stray.amount + _NEAR)
        same_code = (Payment.amount % 1000 == stray.amount % 1000) & Payment.state.in_(
            [state.value for state in _OPEN]
        )
        which = [near | same_code]
    payments = session.scalars(
        select(Payment)
        .where(_OURS, *which)
        .order_by(
            case((Payment.state.in_([state.value for state in _OPEN]), 0), else_=1),
            func.abs(Payment.amount - stray.amount),
            Payment.created_at.desc(),
        )
        .limit(_CANDIDATES)
    ).all()
    known = facts.orders(session, {payment.order_id for payment in payments})
    return [Waiting(payment, known.get(payment.order_id)) for payment in payments]


def payment_numbered(session: Session, number: str) -> Payment | None:
    """The transfer or QRIS payment of the order with this number: an open one before others."""
    sign = re.sub(r"[^0-9A-Z]", "", number.upper())
    return session.scalars(
        select(Payment)
        .where(Payment.order_number == sign, _OURS)
        .order_by(
            case(
                (Payment.state.in_([state.value for state in _OPEN]), 0),
                (Payment.state == PaymentState.SETTLED.value, 1),
                (Payment.state == PaymentState.LATE.value, 2),
                else_=3,
            ),
            Payment.created_at.desc(),
        )
    ).first()


def _waits() -> ColumnElement[bool]:
    return Stray.state.in_([state.value for state in STILL_THERE])


def _rows(
    session: Session,
    which: Sequence[ColumnElement[bool]],
    order: Sequence[object],
    most: int,
) -> list[StrayRow]:
    parts = (
        select(func.sum(PaymentPart.amount))
        .where(PaymentPart.payment_id == Stray.payment_id)
        .scalar_subquery()
    )
    earlier = aliased(Stray)
    before = select(earlier.amount).where(earlier.rest_id == Stray.payment_id).scalar_subquery()
    meant_for = aliased(Payment)
    credit = select(meant_for.credit).where(meant_for.id == Stray.payment_id).scalar_subquery()
    needed = func.coalesce(parts, 0) - func.coalesce(before, 0) - func.coalesce(credit, 0)
    rows = session.execute(
        select(Stray, Person.name, needed)
        .outerjoin(Person, Person.id == Stray.decided_by)
        .where(*which)
        .options(selectinload(Stray.payment), selectinload(Stray.rest))
        .order_by(*order)  # type: ignore[arg-type]
        .limit(most)
    ).all()
    orders = {stray.payment.order_id for stray, _, _ in rows if stray.payment}
    known = facts.orders(session, orders)
    return [
        StrayRow(stray, known.get(stray.payment.order_id) if stray.payment else None, name, needs)
        for stray, name, needs in rows
    ]
