"""A person's credit as she reads it: how much, and every change."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from shop.core.paging import Page
from shop.ledger import facts
from shop.payments.credit import OPEN, free
from shop.payments.models import Payment
from shop.payments.models_credit import CreditLine

A_PAGE = 50


@dataclass(frozen=True)
class CreditRow:
    """One change, what was left after it, and the secret link of its order."""

    line: CreditLine
    left: int
    token: str | None


@dataclass(frozen=True)
class Credit:
    """`all` rupiah, of which `free` can be used: the `waiting` payments have the rest."""

    all: int
    free: int
    waiting: list[tuple[Payment, str | None]]
    page: Page[CreditRow]


def credit_of(session: Session, person_id: uuid.UUID, number: int = 1) -> Credit:
    """All of it, newest changes first."""
    mine = CreditLine.person_id == person_id
    left = func.sum(CreditLine.amount).over(order_by=(CreditLine.happened_at, CreditLine.id))
    total = session.scalar(select(func.count()).select_from(CreditLine).where(mine)) or 0
    rows = session.execute(
        select(CreditLine, left)
        .where(mine)
        .options(joinedload(CreditLine.payment))
        .order_by(CreditLine.happened_at.desc(), CreditLine.id.desc())
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()
    waiting = session.scalars(
        select(Payment)
        .where(Payment.buyer_id == person_id, Payment.state.in_(OPEN), Payment.credit > 0)
        .order_by(Payment.created_at, Payment.id)
    ).all()
    known = facts.orders(
        session, {row[0].payment.order_id for row in rows} | {one.order_id for one in waiting}
    )
    tokens = {order_id: order.token for order_id, order in known.items()}
    shown = [CreditRow(line, rest, tokens.get(line.payment.order_id)) for line, rest in rows]
    has = session.scalar(select(func.sum(CreditLine.amount)).where(mine)) or 0
    return Credit(
        int(has), free(session, person_id),
        [(one, tokens.get(one.order_id)) for one in waiting],
        Page(shown, number, A_PAGE, total),
    )  # fmt: skip
