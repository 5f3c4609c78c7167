"""Proving the books: every rule of the journal as a question to the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, exists, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from shop.ledger.models import Account, Entry, Payout, PayoutBatch, Posting
from shop.ledger.states import AccountKind, EntryKind, PayoutState, PayoutWay

SHOWN = 5
"""How many faults of one kind a line names."""


@dataclass(frozen=True)
class Finding:
    """One thing that was checked: over how many rows, and what is wrong with which of them."""

    name: str
    looked_at: int
    faults: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """`ok    every entry balances (1,204)` or `FAULT every entry balances: 2 of 1,204: …`."""
        if not self.faults:
            return f"ok    {self.name} ({self.looked_at:,})"
        shown = "; ".join(self.faults[:SHOWN])
        more = f"; and {len(self.faults) - SHOWN} more" if len(self.faults) > SHOWN else ""
        return f"FAULT {self.name}: {len(self.faults)} of {self.looked_at:,}: {shown}{more}"


def found(name: str, looked_at: int | None, faults: Iterable[str]) -> Finding:
    """A finding, from a count that may be nothing and faults one by one."""
    return Finding(name, looked_at or 0, tuple(faults))


def check_books(session: Session) -> list[Finding]:
    """Every rule of the journal, one finding each."""
    return list(_findings(session))


def _findings(session: Session) -> Iterator[Finding]:
    entries = count(session, select(func.count()).select_from(Entry))
    postings = count(session, select(func.count()).select_from(Posting))
    accounts = count(session, select(func.count()).select_from(Account))
    yield found("every entry balances", entries, _unbalanced(session))
    yield found("no posting without its entry", postings, _without_header(session))
    yield found("all accounts sum to zero", accounts, _not_zero(session))
    yield found("running balances equal the sums", accounts, _wrong_balances(session))
    yield found("postings are numbered without a gap", postings, _broken_chains(session))
    yield found("nothing in the journal can be changed", 1, _missing_triggers(session))
    payouts = count(session, select(func.count()).select_from(Payout))
    yield found("every payout is in the books as it stands", payouts, _payouts(session))
    yield found("nobody was paid more than was payable", payouts, _overpaid(session))
    yield found("nothing earned is in two payouts", payouts, _claimed_twice(session))
    batches = count(session, select(func.count()).select_from(PayoutBatch))
    yield found("two people let payouts go", batches, _decided_alone(session))


def count(session: Session, statement: Executable) -> int:
    """The number a counting statement gives."""
    return int(session.scalar(statement) or 0)


def _unbalanced(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Entry.key, func.count(Posting.id), func.coalesce(func.sum(Posting.amount), 0))
        .outerjoin(Posting, Posting.entry_id == Entry.id)
        .group_by(Entry.id, Entry.key)
        .having(or_(func.count(Posting.id) < 2, func.sum(Posting.amount) != 0))
    )
    return (f"{key} has {legs} legs that sum to {total}" for key, legs, total in rows)


def _without_header(session: Session) -> Iterator[str]:
    rows = session.scalars(
        select(Posting.id).outerjoin(Entry, Entry.id == Posting.entry_id).where(Entry.id.is_(None))
    )
    return (f"posting {posting}" for posting in rows)


def _not_zero(session: Session) -> Iterator[str]:
    total = count(session, select(func.sum(Account.balance)))
    if total:
        yield f"they sum to {total}"


def _wrong_balances(session: Session) -> Iterator[str]:
    last = aliased(Posting)
    summed = func.coalesce(func.sum(Posting.amount), 0)
    rows = session.execute(
        select(Account.code, Account.balance, summed, last.balance)
        .outerjoin(Posting, Posting.account_id == Account.id)
        .outerjoin(last, (last.account_id == Account.id) & (last.number == Account.last_number))
        .group_by(Account.id, Account.code, Account.balance, last.balance)
        .having(or_(summed != Account.balance, func.coalesce(last.balance, 0) != Account.balance))
    )
    return (
        f"{code} says {balance}, its postings {total}, the last one {newest}"
        for code, balance, total, newest in rows
    )


def _broken_chains(session: Session) -> Iterator[str]:
    """Each posting's balance is the one before it plus its amount, and no number is missing."""
    before = func.lag(Posting.balance).over(
        partition_by=Posting.account_id, order_by=Posting.number
    )
    place = func.row_number().over(partition_by=Posting.account_id, order_by=Posting.number)
    chain = select(
        Posting.account_id, Posting.number, Posting.balance,
        (func.coalesce(before, 0) + Posting.amount).label("expected"), place.label("place"),
    ).subquery()  # fmt: skip
    rows = session.execute(
        select(Account.code, chain.c.number)
        .join(Account, Account.id == chain.c.account_id)
        .where(or_(chain.c.balance != chain.c.expected, chain.c.number != chain.c.place))
    )
    return (f"{code} at number {number}" for code, number in rows)


_TRIGGERS = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        (
            "entries_no_update", "entries_no_delete", "postings_no_update", "postings_no_delete",
            "entries_balance", "postings_before_header", "postings_whole", "entries_month_open",
            "closed_months_no_update", "closed_months_no_delete",
        ),
    ),
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        (
            "entries_append_only", "postings_append_only",
            "entries_balance", "postings_before_header", "entries_month_open",
            "closed_months_append_only",
        ),
    ),
}  # fmt: skip


def _missing_triggers(session: Session) -> Iterator[str]:
    query, wanted = _TRIGGERS[session.get_bind().dialect.name]
    standing = set(session.scalars(text(query)))
    return (f"the trigger {name} is missing" for name in wanted if name not in standing)


def _payouts(session: Session) -> Iterator[str]:
    """A payout has the entries of its state and way, each of its own amount."""
    booked: dict[Any, dict[str, int]] = {}
    for payout_id, kind, amount in session.execute(
        select(Entry.payout_id, Entry.kind, func.sum(Posting.amount))
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.payout_id.is_not(None), Posting.amount > 0, ~_found_not_paid())
        .group_by(Entry.id, Entry.payout_id, Entry.kind)
    ):
        booked.setdefault(payout_id, {})[kind] = amount
    for payout_id, state, way, amount in session.execute(
        select(Payout.id, Payout.state, Payout.way, Payout.amount)
    ):
        entries = booked.pop(payout_id, {})
        right = set(entries) in _booked_as(PayoutState(state), PayoutWay(way))
        if not right or any(value != amount for value in entries.values()):
            yield f"payout {payout_id} ({state}, {amount}) is booked as {entries}"
    for payout_id in booked:
        yield f"entries speak of a payout {payout_id} that is not there"


def _found_not_paid() -> ColumnElement[bool]:
    """Entries of a payout that was found not paid, and those that undo them."""
    undoing, undone = aliased(Entry), aliased(Entry)
    paid = EntryKind.PAYOUT_PAID.value
    was = (Entry.kind == paid) & exists().where(undoing.reverses_id == Entry.id)
    return was | exists().where(undone.id == Entry.reverses_id, undone.kind == paid)


def _booked_as(state: PayoutState, way: PayoutWay) -> tuple[set[EntryKind], ...]:
    """The kinds of entries that a payout of this state may have."""
    claimed = {EntryKind.PAYOUT_CLAIMED}
    stripe = way is PayoutWay.STRIPE
    gone = claimed | {EntryKind.TRANSFERRED if stripe else EntryKind.PAYOUT_PAID}
    if state is PayoutState.CLAIMED:
        return (claimed,)
    if state is PayoutState.PAID:
        return (gone,)
    back = {EntryKind.PAYOUT_RETURNED}
    return claimed | back, gone | back, claimed | {EntryKind.REVERSAL}


def _claimed_twice(session: Session) -> Iterator[str]:
    """A leg of what a seller is owed is in one payout that stands, and its claim comes next.

    A payout without a leg of its own pays what was withheld before.
    """
    before = func.lag(Payout.last_number).over(
        partition_by=Payout.seller_id, order_by=Payout.last_number
    )
    ranges = (
        select(Payout.id, Payout.first_number, Payout.last_number, before.label("before"))
        .where(Payout.state != PayoutState.RETURNED.value, Payout.last_number.is_not(None))
        .subquery()
    )
    rows = session.execute(
        select(ranges.c.id, ranges.c.first_number, ranges.c.before).where(
            or_(
                ranges.c.first_number > ranges.c.last_number + 1,
                ranges.c.first_number <= func.coalesce(ranges.c.before + 1, 0),
            )
        )
    )
    return (f"payout {id_} begins at leg {first}, after {before}" for id_, first, before in rows)


def _decided_alone(session: Session) -> Iterator[str]:
    """Whoever prepared a batch did not approve it (what is older than that was approved at once),
    nothing of a batch that waits has gone, and none is both approved and refused.
    """
    alone = (PayoutBatch.approved_by == PayoutBatch.made_by) & (
        PayoutBatch.approved_at != PayoutBatch.made_at
    )
    both = PayoutBatch.approved_at.is_not(None) & PayoutBatch.refused_at.is_not(None)
    gone = PayoutBatch.approved_at.is_(None) & PayoutBatch.payouts.any(Payout.paid_at.is_not(None))
    numbers = session.scalars(select(PayoutBatch.number).where(or_(alone, both, gone)))
    return (f"batch {number}" for number in numbers)


def _overpaid(session: Session) -> Iterator[str]:
    """A claim never leaves a seller owing what she was just paid."""
    rows = session.execute(
        select(Entry.key, Posting.balance)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Entry.kind == EntryKind.PAYOUT_CLAIMED.value,
            Account.kind == AccountKind.PAYABLE.value,
            Posting.balance > 0,
        )
    )
    return (f"{key} took {balance} too much" for key, balance in rows)
