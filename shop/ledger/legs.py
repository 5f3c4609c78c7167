"""The legs of one account by their numbers: however long it is, a page of it costs the same.

Legs are numbered in the order in which they were posted, under one lock, so numbers rise with
time, and a month is a range of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind

Found = TypeVar("Found")
Look = Callable[[Sequence[uuid.UUID]], Mapping[uuid.UUID, Found]]
_CHUNK = 5_000
_PROBES = 32
"""How many places are looked at in one query while a month's first leg is sought."""


@dataclass(frozen=True)
class Leg:
    """One posting of the account and the entry it belongs to; money in rupiah, debit positive."""

    number: int
    amount: int
    balance: int
    entry_id: uuid.UUID
    kind: str
    at: datetime
    order_id: uuid.UUID | None
    part_id: uuid.UUID | None
    consigned_id: uuid.UUID | None
    payout_id: uuid.UUID | None
    note: str


@dataclass(frozen=True)
class Span:
    """The numbers `first` to `last` of an account, both included; none where `last` is smaller."""

    account_id: uuid.UUID
    first: int
    last: int


_LEGS = (
    select(
        Posting.number, Posting.amount, Posting.balance, Entry.id, Entry.kind, Entry.occurred_at,
        Entry.order_id, Entry.seller_order_id, Entry.consigned_id, Entry.payout_id, Entry.note,
    )
    .join(Entry, Entry.id == Posting.entry_id)
)  # fmt: skip


def account_of(
    session: Session, kind: AccountKind, owner_id: uuid.UUID | None = None
) -> Account | None:
    """The account of this kind (and of this seller or holder), if it was ever used."""
    code = f"{kind.value}:{owner_id.hex}" if owner_id else kind.value
    return session.scalars(select(Account).where(Account.code == code)).first()


def legs_of(session: Session, span: Span) -> Sequence[Leg]:
    """The legs of a span, oldest first."""
    if span.last < span.first:
        return []
    rows = session.execute(
        _LEGS.where(
            Posting.account_id == span.account_id, Posting.number.between(span.first, span.last)
        ).order_by(Posting.number)
    )
    return [Leg(*row) for row in rows]


def opening_of(session: Session, span: Span) -> int:
    """The balance before the first leg of a span, in rupiah, debit positive."""
    before = session.scalar(
        select(Posting.balance).where(
            Posting.account_id == span.account_id, Posting.number == span.first - 1
        )
    )
    return before or 0


def gather(wanted: Iterable[uuid.UUID], look: Look[Found]) -> dict[uuid.UUID, Found]:
    """What `look` finds of these ids, asked in pieces that a statement can carry."""
    ids, found = list(dict.fromkeys(wanted)), dict[uuid.UUID, Found]()
    for start in range(0, len(ids), _CHUNK):
        found.update(look(ids[start : start + _CHUNK]))
    return found


def whole(account: Account) -> Span:
    """All legs of an account."""
    return Span(account.id, 1, account.last_number)


def of_month(session: Session, account: Account, month: date) -> Span:
    """The legs of a Jakarta month, given by its first day."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    first = _first_since(session, account, month)
    return Span(account.id, first, _first_since(session, account, following) - 1)


def months_of(session: Session, account: Account | None) -> Sequence[date]:
    """The Jakarta months from the account's first leg to its newest, newest first."""
    if account is None or not account.last_number:
        return []
    known = _months_at(session, account.id, [1, account.last_number])
    month, last = known[1], known[account.last_number]
    found = []
    while month <= last:
        found.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found[::-1]


def _first_since(session: Session, account: Account, month: date) -> int:
    """The number of the first leg of `month` or later; one more than the last for none."""
    low, high = 1, account.last_number + 1
    while low < high:
        step = max(1, (high - low) // _PROBES)
        probes = list(range(low, high, step))
        months = _months_at(session, account.id, probes)
        for probe in probes:
            if months[probe] >= month:
                high = probe
                break
            low = probe + 1
    return high


def _months_at(session: Session, account_id: uuid.UUID, numbers: Sequence[int]) -> dict[int, date]:
    rows = session.execute(
        select(Posting.number, Entry.month)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account_id == account_id, Posting.number.in_(numbers))
    )
    return {row[0]: row[1] for row in rows}
