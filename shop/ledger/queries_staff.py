"""Reading payouts for staff."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.core.paging import Page
from shop.ledger.models import Payout, PayoutBatch
from shop.ledger.states import PayoutState
from shop.sellers.models import Seller


@dataclass(frozen=True)
class BatchRow:
    """A batch in the list; sums in rupiah, `open` payouts are not paid and not returned yet."""

    id: uuid.UUID
    number: str
    made_at: datetime
    made_by: str | None
    payouts: int
    amount: int
    open: int
    returned: int


@dataclass(frozen=True)
class PayoutRow:
    """A payout of a batch, and who gets it."""

    payout: Payout
    seller: str


def batches(session: Session, *, number: int = 1, size: int = 30) -> Page[BatchRow]:
    """The batches, newest first."""
    rows = session.execute(
        select(
            PayoutBatch.id, PayoutBatch.number, PayoutBatch.made_at, Person.name,
            func.count(Payout.id), func.sum(Payout.amount),
            func.count(Payout.id).filter(Payout.state == PayoutState.CLAIMED.value),
            func.count(Payout.id).filter(Payout.state == PayoutState.RETURNED.value),
        )
        .join(Payout, Payout.batch_id == PayoutBatch.id)
        .outerjoin(Person, Person.id == PayoutBatch.made_by)
        .group_by(PayoutBatch.id, PayoutBatch.number, PayoutBatch.made_at, Person.name)
        .order_by(PayoutBatch.made_at.desc(), PayoutBatch.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()  # fmt: skip
    total = session.scalar(select(func.count()).select_from(PayoutBatch)) or 0
    return Page([BatchRow(*row) for row in rows], number, size, total)


def batch_of(session: Session, number: str) -> PayoutBatch | None:
    """The batch of this number."""
    return session.scalars(select(PayoutBatch).where(PayoutBatch.number == number)).first()


def payouts_of(session: Session, batch_id: uuid.UUID) -> Sequence[PayoutRow]:
    """The payouts of a batch, by the sellers' names."""
    rows = session.execute(
        select(Payout, Seller.name)
        .join(Seller, Seller.id == Payout.seller_id)
        .where(Payout.batch_id == batch_id)
        .order_by(Seller.name, Payout.id)
    )
    return [PayoutRow(payout, name) for payout, name in rows]


def payout_in(session: Session, batch_number: str, payout_id: uuid.UUID) -> Payout | None:
    """The payout, if it belongs to the batch of this number."""
    return session.scalars(
        select(Payout)
        .join(PayoutBatch)
        .where(Payout.id == payout_id, PayoutBatch.number == batch_number)
    ).first()
