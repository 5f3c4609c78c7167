"""Paying sellers: one person prepares a batch, another approves it, then the money goes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids, outbox
from shop.ledger.claims import first_unclaimed
from shop.ledger.due import Due, ready_now
from shop.ledger.models import Entry, Payout, PayoutBatch
from shop.ledger.payout_steps import book, step
from shop.ledger.post import Leg, lock_books
from shop.ledger.reverse import reverse
from shop.ledger.states import AccountKind, EntryKind, PayoutState, PayoutWay

TRANSFER = "payout_transfer"
"""The outbox's work of sending one payout through Stripe; its payload names `payout_id`."""


class OwnBatch(Exception):
    """Who prepared a batch cannot approve it."""


class Decided(Exception):
    """The batch was approved or refused before."""


def make_batch(
    session: Session, *, key: str, person_id: uuid.UUID | None, everybody: bool = False
) -> PayoutBatch | None:
    """Prepare a batch: claim what is payable of those whose day it is, or of `everybody`.

    The money waits until somebody else approves. The same `key` gives the batch it made before,
    however often and however simultaneously it is pressed. None where nobody is to be paid.
    """
    lock_books(session)
    known = session.scalars(select(PayoutBatch).where(PayoutBatch.key == key)).first()
    if known is not None:
        return known
    dues = ready_now(session, everybody=everybody)
    if not dues:
        return None
    batch = PayoutBatch(key=key, number=_next_number(session), made_by=person_id)
    session.add(batch)
    session.flush()  # its payouts name it
    for due in dues:
        _claim(session, batch, due, person_id)
    audit.write(
        session, person_id, "payout.batch", "payout_batch", batch.id,
        payouts=len(dues), amount=sum(due.amount for due in dues),
    )  # fmt: skip
    return batch


def approve_batch(session: Session, batch_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """Let the money of a batch go. What goes through Stripe is left to the workers.

    Pressed twice by the same person it changes nothing. Raises `OwnBatch`, `Decided`.
    """
    batch = session.get_one(PayoutBatch, batch_id)
    if person_id is not None and batch.made_by == person_id:
        raise OwnBatch
    if not _decide(session, batch_id, approved_at=clock.now(), approved_by=person_id):
        session.refresh(batch)
        if batch.approved_at is not None and batch.approved_by == person_id:
            return
        raise Decided
    for payout in _claimed(session, batch_id):
        if payout.way == PayoutWay.STRIPE:
            outbox.send(session, TRANSFER, payout_id=str(payout.id))
    audit.write(session, person_id, "payout.approve", "payout_batch", batch_id)


def refuse_batch(
    session: Session, batch_id: uuid.UUID, *, reason: str, person_id: uuid.UUID | None
) -> None:
    """Give everything back: each claim is undone by a reversing entry. Raises `Decided`.

    Who prepared it may do so, too: nothing leaves by it.
    """
    lock_books(session)
    if not _decide(session, batch_id, refused_at=clock.now(), refused_by=person_id):
        raise Decided
    for payout in _claimed(session, batch_id):
        step(session, payout.id, PayoutState.RETURNED, person_id, reason=reason)
        _reverse_claim(session, payout, reason, person_id)
    audit.write(session, person_id, "payout.refuse", "payout_batch", batch_id, reason=reason)


def _decide(session: Session, batch_id: uuid.UUID, **values: object) -> bool:
    """Approve or refuse a batch that waits; the database lets one of two through."""
    decided = session.scalar(
        update(PayoutBatch)
        .where(
            PayoutBatch.id == batch_id,
            PayoutBatch.approved_at.is_(None),
            PayoutBatch.refused_at.is_(None),
        )
        .values(**values)
        .returning(PayoutBatch.id)
    )
    return decided is not None


def _claimed(session: Session, batch_id: uuid.UUID) -> Sequence[Payout]:
    return session.scalars(
        select(Payout)
        .where(Payout.batch_id == batch_id, Payout.state == PayoutState.CLAIMED.value)
        .order_by(Payout.id)
    ).all()


def _claim(session: Session, batch: PayoutBatch, due: Due, person_id: uuid.UUID | None) -> None:
    payout = Payout(
        id=ids.new_id(),
        batch_id=batch.id,
        seller_id=due.seller_id,
        amount=due.amount,
        way=due.way.value,
        first_number=first_unclaimed(session, due.seller_id),
        last_number=due.last_number,
        bank_name=due.bank_name,
        bank_account=due.bank_account,
        bank_holder=due.bank_holder,
    )
    session.add(payout)
    legs = [
        Leg(AccountKind.PAYABLE, due.amount, due.seller_id),
        Leg(AccountKind.IN_TRANSIT, -due.amount, due.seller_id),
    ]
    book(session, EntryKind.PAYOUT_CLAIMED, payout, legs, person_id)


def _reverse_claim(
    session: Session, payout: Payout, reason: str, person_id: uuid.UUID | None
) -> None:
    claim = session.scalars(
        select(Entry.id).where(Entry.key == f"{EntryKind.PAYOUT_CLAIMED.value}:{payout.id.hex}")
    ).one()
    reverse(session, claim, person_id=person_id, note=reason)


def _next_number(session: Session) -> str:
    """`2026-11-27-1`: the Jakarta day and the count on it. Unique, as the books are locked."""
    day = clock.today().isoformat()
    made = session.scalar(
        select(func.count()).select_from(PayoutBatch).where(PayoutBatch.number.like(f"{day}-%"))
    )
    return f"{day}-{(made or 0) + 1}"
