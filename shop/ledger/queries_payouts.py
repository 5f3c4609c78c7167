"""Reading batches and payouts for staff, and payouts for their sellers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from shop.accounts.models import Person
from shop.accounts.people import staff
from shop.accounts.permissions import Permission, roles_with
from shop.core.models import Picture
from shop.core.paging import Page
from shop.ledger.models import Payout, PayoutBatch, PayoutEvent
from shop.ledger.states import PayoutState
from shop.sellers.models import Seller


@dataclass(frozen=True)
class BatchRow:
    """A batch in the list; sums in rupiah, `open` payouts are not paid and not returned yet."""

    number: str
    made_at: datetime
    made_by: str | None
    approved_by: str | None
    approved_at: datetime | None
    refused_at: datetime | None
    payouts: int
    amount: int
    open: int
    returned: int


@dataclass(frozen=True)
class BatchPeople:
    """Who prepared a batch, and who decided about it; None where the program did or nobody has."""

    made_by: str | None
    approved_by: str | None
    refused_by: str | None


@dataclass(frozen=True)
class PayoutRow:
    """A payout of a batch, and who gets it; `reason` is why it came back."""

    payout: Payout
    seller: str
    phone: str
    reason: str | None = None


def batches(session: Session, *, number: int = 1, size: int = 30) -> Page[BatchRow]:
    """The batches, newest first."""
    approver = aliased(Person)
    rows = session.execute(
        select(
            PayoutBatch.number, PayoutBatch.made_at, Person.name, approver.name,
            PayoutBatch.approved_at, PayoutBatch.refused_at,
            func.count(Payout.id), func.sum(Payout.amount),
            func.count(Payout.id).filter(Payout.state == PayoutState.CLAIMED.value),
            func.count(Payout.id).filter(Payout.state == PayoutState.RETURNED.value),
        )
        .join(Payout, Payout.batch_id == PayoutBatch.id)
        .outerjoin(Person, Person.id == PayoutBatch.made_by)
        .outerjoin(approver, approver.id == PayoutBatch.approved_by)
        .group_by(PayoutBatch.id, Person.name, approver.name)
        .order_by(PayoutBatch.made_at.desc(), PayoutBatch.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()  # fmt: skip
    total = session.scalar(select(func.count()).select_from(PayoutBatch)) or 0
    return Page([BatchRow(*tuple[Any, ...](row)) for row in rows], number, size, total)


def batch_of(session: Session, number: str) -> PayoutBatch | None:
    """The batch of this number."""
    return session.scalars(select(PayoutBatch).where(PayoutBatch.number == number)).first()


def people_of(session: Session, batch: PayoutBatch) -> BatchPeople:
    """The names of those who prepared, approved or refused a batch."""
    whose = (batch.made_by, batch.approved_by, batch.refused_by)
    rows = session.execute(
        select(Person.id, Person.name).where(Person.id.in_([one for one in whose if one]))
    )
    names = {row[0]: row[1] for row in rows}
    return BatchPeople(*(names.get(one) if one else None for one in whose))


def payouts_of(session: Session, batch_id: uuid.UUID) -> Sequence[PayoutRow]:
    """The payouts of a batch, by the sellers' names."""
    rows = session.execute(
        select(Payout, Seller.name, Seller.phone, PayoutEvent.reason)
        .join(Seller, Seller.id == Payout.seller_id)
        .outerjoin(
            PayoutEvent,
            (PayoutEvent.thing_id == Payout.id)
            & (PayoutEvent.target == PayoutState.RETURNED.value),
        )
        .where(Payout.batch_id == batch_id)
        .order_by(Seller.name, Payout.id)
    )
    return [PayoutRow(*row) for row in rows]


def payout_in(session: Session, batch_number: str, payout_id: uuid.UUID) -> Payout | None:
    """The payout, if it belongs to the batch of this number."""
    return session.scalars(
        select(Payout)
        .join(PayoutBatch)
        .where(Payout.id == payout_id, PayoutBatch.number == batch_number)
    ).first()


def own_payout(session: Session, seller_id: uuid.UUID, payout_id: uuid.UUID) -> Payout | None:
    """The payout, if it is this seller's."""
    return session.scalars(
        select(Payout).where(Payout.id == payout_id, Payout.seller_id == seller_id)
    ).first()


def signature_of(session: Session, payout: Payout) -> Picture | None:
    """The private picture of what a seller signed."""
    found = payout.signature_sha256
    return session.get(Picture, found) if found else None


def may_approve(session: Session, but: uuid.UUID | None) -> int:
    """How many people, without `but`, may approve a batch."""
    allowed = staff(session, *roles_with(Permission.STAFF_PAYOUT_APPROVE))
    return sum(person_id != but for person_id in allowed)
