"""A seller's statement: every order, fee and payout on what she is owed, with a running balance."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger import facts, legs
from shop.ledger.legs import Leg, Span, gather
from shop.ledger.models import Account, Payout, Posting
from shop.ledger.statement_lines import LineKind, Sheet, Statement, StatementLine
from shop.ledger.states import AccountKind, EntryKind

_MOST_LEGS = 4
"""So many legs a line has at the most."""


@dataclass
class _Run:
    """Legs that make one line: those of one thing that were posted one after the other."""

    what: tuple[uuid.UUID, bool]
    legs: list[Leg] = field(default_factory=list)

    @property
    def by_kind(self) -> dict[str, int]:
        """What each kind of entry adds to what she is owed."""
        sums: dict[str, int] = {}
        for leg in self.legs:
            sums[leg.kind] = sums.get(leg.kind, 0) - leg.amount
        return sums


def payable_of(session: Session, seller_id: uuid.UUID) -> Account | None:
    """The account of what a seller is owed."""
    return legs.account_of(session, AccountKind.PAYABLE, seller_id)


def statement(
    session: Session, seller_id: uuid.UUID, *, before: int | None = None, size: int = 15
) -> Sheet:
    """One page of the statement: the lines older than the leg `before`, or the newest ones."""
    account = payable_of(session, seller_id)
    if account is None:
        return Sheet([], None, first=True)
    last = min(before - 1 if before else account.last_number, account.last_number)
    # One more line than asked for: the oldest that is read may have begun before.
    span = Span(account.id, max(1, last - _MOST_LEGS * (size + 1) + 1), last)
    runs = _runs(legs.legs_of(session, span))
    shown = runs[-size:]
    oldest = shown[0].legs[0].number if shown else 1
    lines = _lines(session, shown)
    return Sheet(lines[::-1], oldest if oldest > 1 else None, first=last == account.last_number)


def statement_of(session: Session, seller_id: uuid.UUID, month: date | None = None) -> Statement:
    """The whole statement, or that of a Jakarta month."""
    account = payable_of(session, seller_id)
    if account is None:
        return Statement(0, [], 0)
    return between(
        session, legs.of_month(session, account, month) if month else legs.whole(account)
    )


def between(session: Session, span: Span) -> Statement:
    """The statement of some legs of a payable account."""
    opening = -legs.opening_of(session, span)
    lines = _lines(session, _runs(legs.legs_of(session, span)))
    return Statement(opening, lines, lines[-1].balance if lines else opening)


def months_of(session: Session, seller_id: uuid.UUID) -> Sequence[date]:
    """The Jakarta months that a seller's statement spans, newest first."""
    return legs.months_of(session, payable_of(session, seller_id))


def _runs(found: Iterable[Leg]) -> list[_Run]:
    """Completion, fee and kept cash of one part make one line, and so do those of one consigned
    sale. Money that went back is told where it happened, and so is a sale that was taken back.
    """
    runs: list[_Run] = []
    for leg in found:
        what = (_about(leg), leg.kind == EntryKind.REVERSAL)
        if not runs or runs[-1].what != what:
            runs.append(_Run(what))
        runs[-1].legs.append(leg)
    return runs


def _about(leg: Leg) -> uuid.UUID:
    if leg.kind == EntryKind.REFUND_DUE:
        return leg.entry_id
    if leg.kind == EntryKind.REVERSAL:
        return leg.consigned_id or leg.entry_id
    return leg.part_id or leg.consigned_id or leg.entry_id


def _lines(session: Session, runs: Sequence[_Run]) -> list[StatementLine]:
    newest = [run.legs[-1] for run in runs]
    back = [leg.entry_id for leg in newest if leg.kind == EntryKind.REFUND_DUE]
    payouts = gather((leg.payout_id for leg in newest if leg.payout_id), partial(_payouts, session))
    consigned = gather(
        (leg.consigned_id for leg in newest if leg.consigned_id),
        partial(facts.consigned, session),
    )
    parts = gather((leg.part_id for leg in newest if leg.part_id), partial(facts.parts, session))
    fees = gather(back, partial(_back_on, session, AccountKind.FEE))
    promoted = gather(back, partial(_back_on, session, AccountKind.PROMOTION))
    return [
        _line(
            run,
            parts.get(leg.part_id) if leg.part_id else None,
            payouts.get(leg.payout_id) if leg.payout_id else None,
            consigned.get(leg.consigned_id) if leg.consigned_id else None,
            fees.get(leg.entry_id, 0),
            promoted.get(leg.entry_id, 0),
        )
        for run, leg in zip(runs, newest, strict=True)
    ]


_AMOUNTS = (
    EntryKind.COMPLETION, EntryKind.CONSIGNMENT_SOLD, EntryKind.REFUND_DUE, EntryKind.MADE_GOOD
)  # fmt: skip


def _line(
    run: _Run,
    part: facts.PartFacts | None,
    payout: Payout | None,
    consigned: facts.ConsignedFacts | None,
    fee_back: int,
    subsidy_back: int,
) -> StatementLine:
    sums, newest = run.by_kind, run.legs[-1]
    return StatementLine(
        kind=_kind(sums, newest),
        at=newest.at,
        change=sum(sums.values()),
        balance=-newest.balance,
        amount=sum(sums.get(kind, 0) for kind in _AMOUNTS) - fee_back - subsidy_back,
        fee=-sums.get(EntryKind.FEE, 0) - fee_back,
        owed=-sums.get(EntryKind.CASH_OWED, 0),
        subsidy=sums.get(EntryKind.PROMOTED, 0) + subsidy_back,
        part=part,
        payout=payout,
        consigned=consigned,
        order_id=newest.order_id,
        part_id=newest.part_id,
        entry_kind=newest.kind,
        note=newest.note,
    )


_TOLD_BY = (
    (EntryKind.PAYOUT_RETURNED, LineKind.PAYOUT_RETURNED),
    (EntryKind.PAYOUT_CLAIMED, LineKind.PAYOUT),
    (EntryKind.CONSIGNMENT_PAID, LineKind.HANDED_ON),
    (EntryKind.HANDED_IN, LineKind.HANDED_IN),
    (EntryKind.REFUND_DUE, LineKind.REFUND),
    (EntryKind.MADE_GOOD, LineKind.UNDONE),
    (EntryKind.CASH_OWED, LineKind.UNDONE),
    (EntryKind.OWN_KEPT, LineKind.OWN_ORDER),
)


def _kind(sums: dict[str, int], newest: Leg) -> LineKind:
    if newest.kind == EntryKind.REVERSAL:
        if newest.consigned_id:
            return LineKind.CONSIGNED_BACK
        return LineKind.PAYOUT_REFUSED if newest.payout_id else LineKind.OTHER
    for entry_kind, kind in _TOLD_BY:
        if entry_kind in sums:
            return kind
    in_cash = EntryKind.CASH_KEPT in sums
    if EntryKind.CONSIGNMENT_SOLD in sums:
        return LineKind.CONSIGNED_CASH if in_cash else LineKind.CONSIGNED
    if in_cash:
        return LineKind.CASH_ORDER
    return LineKind.ORDER if EntryKind.COMPLETION in sums else LineKind.OTHER


def _back_on(
    session: Session, kind: AccountKind, entries: Sequence[uuid.UUID]
) -> dict[uuid.UUID, int]:
    """What these refunds put on an account of the programme's, in rupiah, by their entry: what of
    the fee she got back, or (negative) of what was added for a promotion.
    """
    rows = session.execute(
        select(Posting.entry_id, Posting.amount)
        .join(Account)
        .where(Account.kind == kind.value, Posting.entry_id.in_(entries))
    )
    return {row.entry_id: row.amount for row in rows}


def _payouts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Payout]:
    return {p.id: p for p in session.scalars(select(Payout).where(Payout.id.in_(ids)))}
