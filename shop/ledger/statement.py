"""A seller's statement: every order, fee and payout on what she is owed, with a running balance."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from shop.core.paging import Page
from shop.ledger import facts
from shop.ledger.models import Account, Entry, Payout, Posting
from shop.ledger.states import AccountKind, EntryKind


class LineKind(StrEnum):
    """What a line of the statement is about.

    `refund`: money of a part went back to its buyer after the seller had earned it. `undone`: a
    part was called off or returned, and this stays with her or is owed by her all the same.
    `consigned` goods were sold at a point (`consigned_cash`: the seller has the money already);
    `handed_on` is what a point gave into her hand of it.
    """

    ORDER = "order"
    CASH_ORDER = "cash_order"
    REFUND = "refund"
    UNDONE = "undone"
    CONSIGNED = "consigned"
    CONSIGNED_CASH = "consigned_cash"
    HANDED_ON = "handed_on"
    PAYOUT = "payout"
    PAYOUT_RETURNED = "payout_returned"


@dataclass(frozen=True)
class StatementLine:
    """One sale or payout: what it adds to what the seller is owed, and what she is owed then.

    Money in rupiah, added when positive. `amount` is the part's goods and delivery, or her money
    of a consigned sale, `fee` what the programme kept, `change` what is left of it to be paid out.
    Of a refund `amount` is what the seller bears of it and `fee` what she gets back, both negative;
    of an undone part `amount` stays with her and `owed` is cash in her hand that she owes now.
    """

    kind: LineKind
    at: datetime
    change: int
    balance: int
    amount: int = 0
    fee: int = 0
    owed: int = 0
    part: facts.PartFacts | None = None
    payout: Payout | None = None
    consigned: facts.ConsignedFacts | None = None


@dataclass
class _Sums:
    """The legs of one line, added up while they are read."""

    change: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    at: datetime | None = None
    number: int = 0
    balance: int = 0
    payout_id: uuid.UUID | None = None
    consigned_id: uuid.UUID | None = None
    part_id: uuid.UUID | None = None


def statement(
    session: Session, seller_id: uuid.UUID, *, number: int = 1, size: int = 15
) -> Page[StatementLine]:
    """One page of the statement, the newest line first."""
    lines = _groups(seller_id).subquery()
    total = session.scalar(select(func.count()).select_from(lines)) or 0
    wanted = session.scalars(
        select(lines.c.what).order_by(lines.c.newest.desc()).limit(size).offset((number - 1) * size)
    ).all()
    return Page(_lines(session, seller_id, wanted), number, size, total)


def statement_of(
    session: Session, seller_id: uuid.UUID, month: date | None = None
) -> tuple[int, Sequence[StatementLine]]:
    """The whole statement, or that of a Jakarta month, oldest line first, with what she was owed
    before it.
    """
    lines = _groups(seller_id, month).subquery()
    wanted = session.scalars(select(lines.c.what).order_by(lines.c.newest)).all()
    found = _lines(session, seller_id, wanted)
    opening = found[0].balance - found[0].change if found else 0
    return opening, found


def months_of(session: Session, seller_id: uuid.UUID) -> Sequence[date]:
    """The Jakarta months in which something happened to what the seller is owed, newest first."""
    return session.scalars(
        select(Entry.month)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account)
        .where(*_owed(seller_id))
        .group_by(Entry.month)
        .order_by(Entry.month.desc())
    ).all()


def _owed(seller_id: uuid.UUID) -> list[ColumnElement[bool]]:
    return [Posting.seller_id == seller_id, Account.kind == AccountKind.PAYABLE.value]


_WHAT = case(
    (Entry.kind == EntryKind.REFUND_DUE.value, Entry.id),
    else_=func.coalesce(Entry.seller_order_id, Entry.consigned_id, Entry.id),
)
"""Completion, fee and kept cash of one part make one line, and so do those of one consigned sale;
everything else is its own: what went back of a part is told where it happened."""


def _groups(seller_id: uuid.UUID, month: date | None = None) -> Select[uuid.UUID, int]:
    chosen = (
        select(_WHAT.label("what"), func.max(Posting.number).label("newest"))
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account)
        .where(*_owed(seller_id))
        .group_by(_WHAT)
    )
    return chosen if month is None else chosen.where(Entry.month == month)


def _lines(
    session: Session, seller_id: uuid.UUID, wanted: Sequence[uuid.UUID]
) -> list[StatementLine]:
    """The lines about these orders and payouts, in the order asked for."""
    sums: dict[uuid.UUID, _Sums] = {what: _Sums() for what in wanted}
    legs = session.execute(
        select(_WHAT, Entry.kind, Entry.occurred_at,
               Entry.payout_id, Entry.consigned_id, Entry.seller_order_id,
               Posting.number, Posting.amount, Posting.balance)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account)
        .where(*_owed(seller_id), _WHAT.in_(wanted))
    )  # fmt: skip
    for what, kind, at, payout_id, consigned_id, part_id, number, amount, balance in legs:
        line = sums[what]
        line.change -= amount
        line.by_kind[kind] = line.by_kind.get(kind, 0) - amount
        line.payout_id, line.consigned_id, line.part_id = payout_id, consigned_id, part_id
        if number > line.number:
            line.number, line.at, line.balance = number, at, -balance
    payouts = _payouts(session, [line.payout_id for line in sums.values() if line.payout_id])
    places = [line.consigned_id for line in sums.values() if line.consigned_id]
    consigned = facts.consigned(session, places)
    parts = facts.parts(session, {line.part_id for line in sums.values() if line.part_id})
    back = [w for w, line in sums.items() if EntryKind.REFUND_DUE in line.by_kind]
    fees = _fees_back(session, back)
    return [
        _line(
            line,
            parts.get(line.part_id) if line.part_id else None,
            payouts.get(line.payout_id) if line.payout_id else None,
            consigned.get(what),
            fees.get(what, 0),
        )
        for what, line in sums.items()
    ]


_UNDONE = frozenset({EntryKind.MADE_GOOD.value, EntryKind.CASH_OWED.value})
_AMOUNTS = (
    EntryKind.COMPLETION, EntryKind.CONSIGNMENT_SOLD, EntryKind.REFUND_DUE, EntryKind.MADE_GOOD
)  # fmt: skip


def _line(
    sums: _Sums,
    part: facts.PartFacts | None,
    payout: Payout | None,
    consigned: facts.ConsignedFacts | None,
    fee_back: int,
) -> StatementLine:
    if EntryKind.PAYOUT_RETURNED in sums.by_kind:
        kind = LineKind.PAYOUT_RETURNED
    elif sums.payout_id is not None:
        kind = LineKind.PAYOUT
    elif EntryKind.CONSIGNMENT_PAID in sums.by_kind:
        kind = LineKind.HANDED_ON
    elif EntryKind.CONSIGNMENT_SOLD in sums.by_kind:
        in_cash = EntryKind.CASH_KEPT in sums.by_kind
        kind = LineKind.CONSIGNED_CASH if in_cash else LineKind.CONSIGNED
    elif EntryKind.REFUND_DUE in sums.by_kind:
        kind = LineKind.REFUND
    elif sums.by_kind.keys() & _UNDONE:
        kind = LineKind.UNDONE
    else:
        in_cash = EntryKind.CASH_KEPT in sums.by_kind
        kind = LineKind.CASH_ORDER if in_cash else LineKind.ORDER
    if sums.at is None:
        raise LookupError("a line without legs")
    return StatementLine(
        kind=kind,
        at=sums.at,
        change=sums.change,
        balance=sums.balance,
        amount=sum(sums.by_kind.get(kind, 0) for kind in _AMOUNTS) - fee_back,
        fee=-sums.by_kind.get(EntryKind.FEE, 0) - fee_back,
        owed=-sums.by_kind.get(EntryKind.CASH_OWED, 0),
        part=part,
        payout=payout,
        consigned=consigned,
    )


def _fees_back(session: Session, entries: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """What of the fee came back with these refunds, in rupiah, by the refund's entry."""
    if not entries:
        return {}
    rows = session.execute(
        select(Posting.entry_id, Posting.amount)
        .join(Account)
        .where(Account.kind == AccountKind.FEE.value, Posting.entry_id.in_(entries))
    )
    return {row.entry_id: row.amount for row in rows}


def _payouts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Payout]:
    if not ids:
        return {}
    return {p.id: p for p in session.scalars(select(Payout).where(Payout.id.in_(ids)))}
