"""Reading bank statements and what was matched in them, for pages."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.core.paging import Page
from shop.core.settings import load_settings
from shop.ledger import facts
from shop.ledger.facts import OrderFacts
from shop.ledger.models import Entry
from shop.ledger.post import balance
from shop.ledger.states import AccountKind
from shop.payments.bank import BadStatement, ColumnMap
from shop.payments.bank_entries import Booked, booked, unseen
from shop.payments.differences import Difference
from shop.payments.models import Payment
from shop.payments.models_bank import (
    BankFile,
    BankLine,
    BankLineEvent,
    BankMap,
    BankMatch,
    MoneyCheck,
)
from shop.payments.states import Method, PaymentState
from shop.payments.states_bank import LineState

A_PAGE = 30
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Tied:
    """An entry that a line is, and the order it is about, if it is about one."""

    entry: Booked
    order: OrderFacts | None


@dataclass(frozen=True)
class Undone:
    """A match that was taken back: when, by whom and why."""

    at: datetime
    who: str
    why: str


@dataclass(frozen=True)
class AtBank:
    """The bank's balance at its latest line beside the books' now, in rupiah, and what is between.

    `new` waits to be matched, `aside` is nothing of ours, `unseen` is in the books and on no
    statement since the first day; `before` is the rest, from before the first statement.
    """

    day: date
    at_bank: int
    in_books: int
    new: int
    aside: int
    unseen: int

    @property
    def before(self) -> int:
        """What lay at the bank before the shop's first statement and is not in its books."""
        return self.at_bank - self.in_books - self.new - self.aside + self.unseen


def files(session: Session) -> Sequence[BankFile]:
    """The latest statements that were kept, newest first."""
    return session.scalars(
        select(BankFile)
        .where(BankFile.kept_at.is_not(None))
        .order_by(BankFile.kept_at.desc())
        .limit(12)
    ).all()


def file_of(session: Session, file_id: uuid.UUID) -> BankFile | None:
    """An uploaded file, kept or not."""
    return session.get(BankFile, file_id)


def line_of(session: Session, line_id: uuid.UUID) -> BankLine | None:
    """A line of any statement."""
    return session.get(BankLine, line_id)


def shop_account(session: Session) -> str:
    """The number of the programme's bank account: what fingerprints of lines go by."""
    return load_settings(session).bank_account


def maps(session: Session) -> list[ColumnMap]:
    """The column maps that staff set, the newest first."""
    rows = session.scalars(select(BankMap).order_by(BankMap.set_at.desc()))
    return [ColumnMap.from_json(row.column_map) for row in rows]


def map_of(file: BankFile) -> ColumnMap | None:
    """The map that was set for a file."""
    try:
        return ColumnMap.from_json(file.column_map) if file.column_map else None
    except BadStatement:
        return None


def lines(
    session: Session, state: LineState, number: int = 1, file_id: uuid.UUID | None = None
) -> Page[BankLine]:
    """One page of the lines in this state: what waits oldest first, the rest newest first."""
    where = [BankLine.state == state.value]
    if file_id is not None:
        where.append(BankLine.file_id == file_id)
    newest = (BankLine.booked_on.desc(), BankLine.number.desc())
    order = (BankLine.booked_on, BankLine.number) if state is LineState.NEW else newest
    total = session.scalar(select(func.count()).select_from(BankLine).where(*where)) or 0
    rows = session.scalars(
        select(BankLine)
        .where(*where)
        .order_by(*order, BankLine.id)
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()
    return Page(rows, number, A_PAGE, total)


def new_lines(session: Session) -> Sequence[BankLine]:
    """What waits, oldest first, as much as one press can do."""
    return session.scalars(
        select(BankLine)
        .where(BankLine.state == LineState.NEW.value)
        .order_by(BankLine.booked_on, BankLine.number, BankLine.id)
        .limit(MOST_AT_ONCE)
    ).all()


def line_counts(session: Session) -> Mapping[LineState, int]:
    """How many lines stand where."""
    rows = session.execute(select(BankLine.state, func.count()).group_by(BankLine.state))
    found = {LineState(row[0]): row[1] for row in rows}
    return {state: found.get(state, 0) for state in LineState}


def tied(session: Session, rows: Sequence[BankLine]) -> Mapping[uuid.UUID, list[Tied]]:
    """For each of these lines the entries it is."""
    of_entry = {
        row.entry_id: row.line_id
        for row in session.scalars(
            select(BankMatch).where(BankMatch.line_id.in_([line.id for line in rows]))
        )
    }
    entries = list(booked(session, Entry.id.in_(of_entry))) if of_entry else []
    known = facts.orders(session, {one.order_id for one in entries if one.order_id})
    found: dict[uuid.UUID, list[Tied]] = defaultdict(list)
    for one in entries:
        order = known.get(one.order_id) if one.order_id else None
        found[of_entry[one.id]].append(Tied(one, order))
    return found


def undone(session: Session, rows: Sequence[BankLine]) -> Mapping[uuid.UUID, Undone]:
    """For those of these lines that were matched before, who undid it last, when and why."""
    found = session.execute(
        select(BankLineEvent.thing_id, BankLineEvent.happened_at, Person.name, BankLineEvent.reason)
        .outerjoin(Person, Person.id == BankLineEvent.person_id)
        .where(
            BankLineEvent.thing_id.in_([line.id for line in rows]),
            BankLineEvent.source == LineState.MATCHED.value,
        )
        .order_by(BankLineEvent.happened_at)
    )
    return {row[0]: Undone(row[1], row[2] or "", row[3] or "") for row in found}


def payment_for(session: Session, order_number: str) -> Payment | None:
    """The transfer for an order that staff name: the one waited for before any other."""
    rank = {PaymentState.CLAIMED: 0, PaymentState.PENDING: 1}
    rows = session.scalars(
        select(Payment).where(
            Payment.order_number == order_number.strip().upper(),
            Payment.method == Method.TRANSFER.value,
            Payment.collector_id.is_(None),
        )
    ).all()
    return min(
        rows,
        key=lambda one: (rank.get(PaymentState(one.state), 2), -one.created_at.timestamp()),
        default=None,
    )


def at_bank(session: Session) -> AtBank | None:
    """The two balances; None where no statement says one."""
    last = session.scalars(
        select(BankFile)
        .where(BankFile.kept_at.is_not(None), BankFile.balance_after.is_not(None))
        .order_by(BankFile.last_day.desc(), BankFile.kept_at.desc())
        .limit(1)
    ).first()
    first = session.scalar(select(func.min(BankFile.first_day)))
    if last is None or last.last_day is None or last.balance_after is None or first is None:
        return None
    sums = {
        row[0]: int(row[1])
        for row in session.execute(
            select(BankLine.state, func.sum(BankLine.amount)).group_by(BankLine.state)
        )
    }
    hanging = sum(one.amount for one in booked(session, *unseen()) if one.day >= first)
    return AtBank(
        last.last_day, last.balance_after, balance(session, AccountKind.BANK),
        sums.get(LineState.NEW, 0), sums.get(LineState.ASIDE, 0), hanging,
    )  # fmt: skip


def last_check(session: Session) -> tuple[datetime, list[Difference]] | None:
    """When money was last compared, and what was different."""
    row = session.scalars(
        select(MoneyCheck).order_by(MoneyCheck.checked_at.desc()).limit(1)
    ).first()
    if row is None:
        return None
    return row.checked_at, [Difference.from_data(one) for one in row.result["differences"]]
