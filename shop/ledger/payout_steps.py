"""What every step of a payout does: move it, book it, tell the seller."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.core.lifecycle import move
from shop.core.money import rupiah
from shop.ledger.models import Payout, PayoutBatch, PayoutEvent
from shop.ledger.post import About, Leg, post
from shop.ledger.states import PAYOUT, AccountKind, EntryKind, PayoutState, PayoutWay
from shop.sellers.queries import people_running


class NotApproved(Exception):
    """A payout waits until a second person approves its batch."""


def leaves_from(payout: Payout) -> AccountKind:
    """Where the money of a payout lies before it goes: at Stripe, or in the programme's bank."""
    return AccountKind.CARD if payout.way == PayoutWay.STRIPE else AccountKind.BANK


def approved(session: Session, payout_id: uuid.UUID) -> Payout:
    """The payout, whose batch was approved. Raises `NotApproved`."""
    payout = fresh(session, payout_id)
    batch = session.get_one(PayoutBatch, payout.batch_id, populate_existing=True)
    if batch.approved_at is None:
        raise NotApproved
    return payout


def fresh(session: Session, payout_id: uuid.UUID) -> Payout:
    """The payout as it stands now."""
    return session.get_one(Payout, payout_id, populate_existing=True)


def step(
    session: Session,
    payout_id: uuid.UUID,
    target: PayoutState,
    person_id: uuid.UUID | None,
    *,
    reason: str | None = None,
    **extra: object,
) -> str:
    """Move a payout; returns where it stood. Raises `IllegalMove`: the database decides a race."""
    return move(
        session, PAYOUT, cast("Table", Payout.__table__), cast("Table", PayoutEvent.__table__),
        payout_id, target, actor="staff", person_id=person_id, reason=reason, extra=extra,
    )  # fmt: skip


def book(
    session: Session,
    kind: EntryKind,
    payout: Payout,
    legs: Sequence[Leg],
    person_id: uuid.UUID | None,
) -> uuid.UUID:
    """Post one entry about a payout, once for each kind and each time it was found not paid."""
    about = About(person_id=person_id, payout_id=payout.id)
    before = session.scalar(
        select(func.count())
        .select_from(PayoutEvent)
        .where(
            PayoutEvent.thing_id == payout.id,
            PayoutEvent.source == PayoutState.PAID.value,
            PayoutEvent.target == PayoutState.CLAIMED.value,
        )
    )
    again = f":{before}" if before else ""
    return post(session, kind, f"{kind.value}:{payout.id.hex}{again}", legs, about)


def tell(session: Session, payout: Payout, kind: str, *, event: str = "") -> None:
    """Let those who run the studio know what happened to their money.

    `event` tells what can happen to a payout several times apart from its like.
    """
    notify.tell(
        session,
        people_running(session, payout.seller_id),
        kind,
        seller_id=payout.seller_id,
        link="/sell/money",
        event=event or payout.id.hex,
        amount=rupiah(payout.amount),
        bank=payout.bank_name,
        last=payout.bank_account[-4:],
    )
