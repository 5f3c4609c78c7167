"""Reading who carries cash: how much, since when, and what was handed in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, exists, func, select
from sqlalchemy.orm import Session, aliased

from shop.core import clock
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.carry import left_with
from shop.payments.models import Payment, PaymentPart
from shop.payments.states import PaymentState
from shop.sellers.keep_holders import all_holders
from shop.sellers.models import Seller
from shop.sellers.models_holder import CashHolder

SHOWN = 20
"""So many of the newest hand-ins a page shows."""
_LEGS = 200
"""So many legs are read at once while the oldest day is sought."""


@dataclass(frozen=True)
class HolderRow:
    """A courier or a point: rupiah carried, since which day, and what waits to be written down."""

    holder: CashHolder
    carried: int
    since: date | None
    waiting: int


@dataclass(frozen=True)
class Waiting:
    """Cash of one seller's part that was to be taken, and nobody has said that it was."""

    payment_id: uuid.UUID
    order_id: uuid.UUID
    order_number: str
    seller: str
    amount: int


@dataclass(frozen=True)
class HandIn:
    """Rupiah that were handed in: to `seller`, or (empty) to the programme's bank account."""

    entry_id: uuid.UUID
    at: datetime
    amount: int
    seller: str
    reference: str
    undone: bool


def holder_rows(session: Session) -> list[HolderRow]:
    """Everybody who takes cash or ever did."""
    counted = session.execute(
        select(Payment.carrier_id, func.count())
        .where(Payment.carrier_id.is_not(None), Payment.state == PaymentState.PENDING.value)
        .group_by(Payment.carrier_id)
    )
    waiting = {row[0]: row[1] for row in counted}
    accounts = {one.holder_id: one for one in carried_accounts(session)}
    rows = []
    for holder in all_holders(session):
        account = accounts.get(holder.id)
        rows.append(
            HolderRow(
                holder,
                account.balance if account else 0,
                carried_since(session, account) if account else None,
                waiting.get(holder.id, 0),
            )
        )
    return rows


def row_of(session: Session, holder: CashHolder) -> HolderRow:
    """One of them."""
    return next(row for row in holder_rows(session) if row.holder.id == holder.id)


def carried_accounts(session: Session) -> Sequence[Account]:
    """The accounts of all that ever carried cash."""
    return session.scalars(
        select(Account).where(Account.kind == AccountKind.CARRIED.value).order_by(Account.code)
    ).all()


def carried_since(session: Session, account: Account) -> date | None:
    """The day of the oldest cash that was not handed in: what comes in first goes out first."""
    left, before = account.balance, account.last_number + 1
    day: date | None = None
    while left > 0:
        rows = session.execute(
            select(Posting.number, Posting.amount, Entry.occurred_at)
            .join(Entry, Entry.id == Posting.entry_id)
            .where(
                Posting.account_id == account.id,
                Posting.number < before,
                Entry.kind == EntryKind.CARRIED.value,
            )
            .order_by(Posting.number.desc())
            .limit(_LEGS)
        ).all()
        if not rows:
            break
        for number, amount, at in rows:
            if left > 0:
                left, day = left - amount, clock.local_day(at)
            before = number
    return day


def waiting_of(session: Session, holder_id: uuid.UUID) -> list[Waiting]:
    """What this holder was named for and is not written down yet, oldest first."""
    rows = session.execute(
        select(Payment.id, Payment.order_id, Payment.order_number, Seller.name, PaymentPart.amount)
        .join(PaymentPart, PaymentPart.payment_id == Payment.id)
        .join(Seller, Seller.id == PaymentPart.seller_id)
        .where(Payment.carrier_id == holder_id, Payment.state == PaymentState.PENDING.value)
        .order_by(Payment.created_at, Payment.id)
    )
    return [Waiting(*row) for row in rows]


def hand_ins_of(session: Session, holder_id: uuid.UUID) -> list[HandIn]:
    """The newest ones."""
    undoing = aliased(Entry)
    rows = session.execute(
        select(
            Entry.id, Entry.occurred_at, -Posting.amount, _to_seller(), Entry.note,
            exists().where(undoing.reverses_id == Entry.id),
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Account.holder_id == holder_id, Entry.kind == EntryKind.HANDED_IN.value)
        .order_by(Posting.number.desc())
        .limit(SHOWN)
    )  # fmt: skip
    return [
        HandIn(entry_id, at, amount, seller or "", note, bool(undone))
        for entry_id, at, amount, seller, note, undone in rows
    ]


def sellers_of(session: Session, holder_id: uuid.UUID) -> list[tuple[Seller, int]]:
    """For whom this holder carries cash, by name, with what each may get of it in rupiah."""
    found = session.scalars(
        select(Seller)
        .where(
            Seller.id.in_(
                select(PaymentPart.seller_id)
                .join(Payment, Payment.id == PaymentPart.payment_id)
                .where(Payment.carrier_id == holder_id, Payment.state == PaymentState.SETTLED.value)
            )
        )
        .order_by(Seller.name)
    )
    rows = [(seller, left_with(session, holder_id, seller.id)) for seller in found]
    return [(seller, left) for seller, left in rows if left > 0]


def _to_seller() -> ScalarSelect[str]:
    """The name of the seller in whose account the other leg is."""
    leg = aliased(Posting)
    return (
        select(Seller.name)
        .join(leg, leg.seller_id == Seller.id)
        .where(leg.entry_id == Entry.id)
        .correlate(Entry)
        .scalar_subquery()
    )
