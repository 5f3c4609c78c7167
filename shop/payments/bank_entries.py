"""What the books say moved on the bank's account, and which of it a statement shows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from shop.core import clock
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind
from shop.payments.models_bank import BankMatch


@dataclass(frozen=True)
class Booked:
    """An entry with what it put on the bank's account (below zero: took off), in rupiah."""

    id: uuid.UUID
    kind: str
    key: str
    amount: int
    occurred_at: datetime
    order_id: uuid.UUID | None
    payment_id: uuid.UUID | None
    payout_id: uuid.UUID | None

    @property
    def day(self) -> date:
        """The day on which it was booked."""
        return clock.local_day(self.occurred_at)


def booked(session: Session, *where: ColumnElement[bool]) -> Iterator[Booked]:
    """Entries with a leg on the bank's account, oldest first."""
    rows = session.execute(
        select(
            Entry.id, Entry.kind, Entry.key, Posting.amount, Entry.occurred_at,
            Entry.order_id, Entry.payment_id, Entry.payout_id,
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Account.kind == AccountKind.BANK.value, *where)
        .order_by(Entry.occurred_at, Entry.id)
    )  # fmt: skip
    return (Booked(*row) for row in rows)


def unseen() -> list[ColumnElement[bool]]:
    """Of no statement yet, and neither undone nor the undoing of another."""
    undoing = aliased(Entry)
    return [
        ~exists().where(BankMatch.entry_id == Entry.id),
        Entry.reverses_id.is_(None),
        ~exists().where(undoing.reverses_id == Entry.id),
    ]
