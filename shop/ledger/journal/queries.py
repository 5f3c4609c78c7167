"""Reading the whole journal: the sums of every account, and the entries one after the other."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, and_, case, func, select, text, true
from sqlalchemy.orm import Session

from shop.core import clock
from shop.ledger.journal.chart import account_name
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind
from shop.sellers.models import Seller, SellerMember
from shop.sellers.models_holder import CashHolder

ROWS_AT_ONCE = 2_000
"""How many legs are in memory at a time, however long the journal is."""


@dataclass(frozen=True)
class Period:
    """Jakarta days from `first` to `last`, both included; None has no end on that side."""

    first: date | None = None
    last: date | None = None

    @property
    def before(self) -> ColumnElement[bool] | None:
        """Which entries come before it; None where none can."""
        return Entry.occurred_at < clock.day_start(self.first) if self.first else None

    @property
    def after(self) -> ColumnElement[bool] | None:
        """Which entries come after it; None where none can."""
        if self.last is None:
            return None
        return Entry.occurred_at >= clock.day_start(self.last + timedelta(days=1))

    @property
    def inside(self) -> ColumnElement[bool]:
        """Which entries are in it."""
        outside = [side for side in (self.before, self.after) if side is not None]
        return and_(true(), *(~side for side in outside))


@dataclass(frozen=True)
class AccountSums:
    """An account over a period, in rupiah, debit positive; `owner` is empty where not asked for.

    `opening`, `debit` and `credit` (negative) are sums of postings; `closing` is not: it is the
    running balance the shop goes by, less what came after the period. `first` and `last` are the
    days of its earliest and newest entry in the period.
    """

    name: str
    owner: str
    opening: int
    debit: int
    credit: int
    closing: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Leg:
    """One leg of an entry: rupiah, debit positive; `balance` is the account's after it."""

    account: str
    owner: str
    amount: int
    balance: int


@dataclass(frozen=True)
class JournalEntry:
    """An entry as it leaves the building; `about` names the ids of what it is about."""

    id: uuid.UUID
    at: datetime
    kind: str
    key: str
    note: str
    about: tuple[tuple[str, uuid.UUID], ...]
    legs: tuple[Leg, ...]

    @property
    def day(self) -> date:
        """The day in Tanjungpinang."""
        return clock.local_day(self.at)


def hold_still(session: Session) -> None:
    """Begin a transaction in which every question sees the same moment, whoever posts meanwhile.

    What was loaded before is forgotten. SQLite does so by itself.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def sums_of(session: Session, period: Period, *, names: bool) -> dict[uuid.UUID, AccountSums]:
    """The accounts that the period touches or finds filled, by id, in the order of their names."""
    nothing, inside = case((true(), 0)), period.inside
    columns = (
        _sum(period.before) if period.before is not None else nothing,
        _sum(and_(inside, Posting.amount > 0)),
        _sum(and_(inside, Posting.amount < 0)),
        _sum(period.after) if period.after is not None else nothing,
        func.min(case((inside, Entry.occurred_at))),
        func.max(case((inside, Entry.occurred_at))),
    )
    rows = session.execute(
        select(Posting.account_id, *columns)
        .join(Entry, Entry.id == Posting.entry_id)
        .group_by(Posting.account_id)
    )
    moved = {account_id: sums for account_id, *sums in rows}
    found = {}
    for account_id, name, owner, balance in _accounts(session, names=names):
        opening, debit, credit, later, first, last = moved.get(account_id, (0, 0, 0, 0, None, None))
        closing = balance - int(later)
        if first or opening or closing:
            found[account_id] = AccountSums(
                name, owner, int(opening), int(debit), int(credit), closing,
                clock.local_day(first) if first else None, clock.local_day(last) if last else None,
            )  # fmt: skip
    return dict(sorted(found.items(), key=lambda item: item[1].name))


def _sum(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, Posting.amount), else_=0))


def _accounts(session: Session, *, names: bool) -> Iterator[tuple[uuid.UUID, str, str, int]]:
    """Id, name, owner and running balance of every account."""
    rows = session.execute(
        select(
            Account.id, Account.kind, Account.seller_id, Account.member_id, Account.holder_id,
            Account.balance, Seller.name, SellerMember.name, CashHolder.name,
        )
        .outerjoin(Seller, Seller.id == Account.seller_id)
        .outerjoin(SellerMember, SellerMember.id == Account.member_id)
        .outerjoin(CashHolder, CashHolder.id == Account.holder_id)
    )  # fmt: skip
    for account_id, kind, seller_id, member_id, holder_id, balance, *owners in rows:
        name = account_name(AccountKind(kind), seller_id, member_id, holder_id)
        owner = ", ".join(part for part in owners if part) if names else ""
        yield account_id, name, owner, balance


_ABOUT = {
    "order": Entry.order_id,
    "part": Entry.seller_order_id,
    "payment": Entry.payment_id,
    "payout": Entry.payout_id,
    "consigned": Entry.consigned_id,
    "group": Entry.group_id,
    "reverses": Entry.reverses_id,
}
ABOUT = tuple(_ABOUT)
"""The names of the ids that an entry may carry. Who did it is no part of it."""


def entries_of(
    session: Session, period: Period, accounts: dict[uuid.UUID, AccountSums], *, notes: bool
) -> Iterator[JournalEntry]:
    """The entries of the period, the earliest first, read bit by bit.

    `notes` are people's own words, so they may hold names; without them they are empty.
    """
    # Month by month: our SQLite sorts in memory, and a month is what it holds at most.
    months = session.scalars(
        select(Entry.month).where(period.inside).distinct().order_by(Entry.month)
    ).all()
    for month in months:
        yield from _entries(session, and_(period.inside, Entry.month == month), accounts, notes)


def _entries(
    session: Session,
    which: ColumnElement[bool],
    accounts: dict[uuid.UUID, AccountSums],
    notes: bool,
) -> Iterator[JournalEntry]:
    rows = session.execute(
        select(
            Entry.id, Entry.occurred_at, Entry.kind, Entry.key, Entry.note,
            Posting.account_id, Posting.amount, Posting.balance, *_ABOUT.values(),
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .where(which)
        .order_by(Entry.occurred_at, Entry.id, Posting.id),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )  # fmt: skip
    for entry_id, legs in groupby(rows, key=attrgetter("id")):
        every = list(legs)
        head = every[0]
        yield JournalEntry(
            entry_id, head.occurred_at, head.kind, head.key, head.note if notes else "",
            tuple((name, value) for name, value in zip(ABOUT, head[8:], strict=True) if value),
            tuple(
                Leg(account.name, account.owner, row.amount, row.balance)
                for row in every
                for account in (accounts[row.account_id],)
            ),
        )  # fmt: skip
