"""What lines of a bank statement probably are, best first."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.ledger import facts
from shop.ledger.models import Payout, Posting
from shop.payments.bank import daily_qris
from shop.payments.bank_batch import BatchAtBank, open_batches
from shop.payments.bank_entries import Booked, booked, unseen
from shop.payments.models import Payment, Refund
from shop.payments.models_bank import BankLine
from shop.payments.qris_days import QrisDay, qris_days
from shop.payments.states import Method, PaymentState

BOOKED_BEFORE, BOOKED_AFTER = timedelta(days=3), timedelta(days=14)
"""How long before and after the bank's day something may be confirmed by hand."""
NEAR = 1_000
"""Rupiah by which a sum may differ and still be meant for this payment: the code was forgotten."""
SHOWN = 4
_OPEN = (PaymentState.PENDING.value, PaymentState.CLAIMED.value)
_ENDED = (PaymentState.EXPIRED.value, PaymentState.CANCELLED.value)


class Fit(StrEnum):
    """Why a suggestion is one."""

    EXACT = "exact"
    """A payment that waits for just this sum."""
    BOOKED = "booked"
    """It was confirmed, paid out or sent back by hand before."""
    BATCH = "batch"
    """All payouts of a batch that the bank is to send, as one sum."""
    DAY = "day"
    """What the acquirer pays for a day of QRIS."""
    LATE = "late"
    """Just the sum of a payment whose time ran out, or that was called off."""
    NEAR = "near"
    """A payment that waits for nearly this sum."""


@dataclass(frozen=True)
class Suggestion:
    """What a line may be; `sure` where there is just one answer.

    `amount` is what the payment or entry is about in rupiah; for a day of QRIS what our books say
    was paid on `sales_day`.
    """

    fit: Fit
    amount: int
    sure: bool = False
    payment: Payment | None = None
    entry: Booked | None = None
    sales_day: date | None = None
    batch_id: uuid.UUID | None = None
    payouts: int = 0
    who: str = ""
    """The order's number and its buyer, the seller's account, or the batch's number."""

    @property
    def thing(self) -> object:
        """What no two lines can be."""
        found = self.payment or self.entry
        return found.id if found else self.batch_id or self.sales_day


def suggest(session: Session, lines: Iterable[BankLine]) -> dict[uuid.UUID, list[Suggestion]]:
    """For each of these lines, none of which is matched, what it may be.

    Where two lines could be the same thing, the older is, and the other is not sure.
    """
    ordered = sorted(lines, key=lambda one: (one.booked_on, one.file_id, one.number))
    sums = {line.amount for line in ordered}
    waiting = _payments(session, sums)
    standing = _entries(session, sums)
    batches = open_batches(session) if any(line.amount < 0 for line in ordered) else {}
    days = qris_days(session) if any(daily_qris(line.description) for line in ordered) else []
    taken: set[object] = set()
    found: dict[uuid.UUID, list[Suggestion]] = {}
    for line in ordered:
        free = [
            one
            for one in [*_of_batches(line, batches), *_for_line(line, waiting, standing, days)]
            if one.fit is Fit.DAY or one.thing not in taken
        ]
        if free and free[0].sure:
            taken.add(free[0].thing)
        found[line.id] = free[:SHOWN]
    return found


def _for_line(
    line: BankLine,
    waiting: Sequence[tuple[Payment, str]],
    standing: dict[int, list[tuple[Booked, str]]],
    days: Sequence[QrisDay],
) -> list[Suggestion]:
    entries = [
        Suggestion(Fit.BOOKED, one.amount, entry=one, who=who)
        for one, who in standing[line.amount]
        if line.booked_on - BOOKED_BEFORE <= one.day <= line.booked_on + BOOKED_AFTER
    ]
    entries.sort(key=lambda one: not _named(line, one.who))
    payments = [one for one in (_waiting(line, *pair) for pair in waiting) if one is not None]
    payments.sort(key=lambda one: (list(Fit).index(one.fit), abs(one.amount - line.amount)))
    exact = [one for one in payments if one.fit is Fit.EXACT]
    named = [one for one in entries if _named(line, one.who)]
    of_day = _of_day(line, days)
    others = [one for one in payments if one.fit is Fit.LATE or (one.fit is Fit.NEAR and not exact)]
    found = [*of_day, *exact, *entries, *others]
    best = next((few[0] for few in ([*exact, *entries], named) if len(few) == 1), None)
    if best is not None and not of_day:
        found.remove(best)
        found.insert(0, replace(best, sure=True))
    return found


def _waiting(line: BankLine, payment: Payment, who: str) -> Suggestion | None:
    """Whether the line may be for this payment: money comes after it was asked for."""
    if line.amount < 0 or clock.local_day(payment.created_at) > line.booked_on:
        return None
    off = abs(payment.amount - line.amount)
    if payment.state in _OPEN and off <= NEAR:
        return Suggestion(Fit.NEAR if off else Fit.EXACT, payment.amount, payment=payment, who=who)
    if payment.state in _ENDED and not off:
        return Suggestion(Fit.LATE, payment.amount, payment=payment, who=who)
    return None


def _of_day(line: BankLine, days: Sequence[QrisDay]) -> list[Suggestion]:
    """The day that an acquirer's line pays for: one of the last whose sum it is, or yesterday."""
    said = daily_qris(line.description) if line.amount > 0 else None
    if said is None:
        return []
    last = [one for one in days if timedelta(0) <= line.booked_on - one.day <= timedelta(days=5)]
    fitting = [one for one in last if one.open == said.gross]
    whole = line.amount == said.gross - said.fee
    if fitting:
        sure = whole and len(fitting) == 1
        return [Suggestion(Fit.DAY, one.came, sure, sales_day=one.day) for one in fitting]
    day = line.booked_on - timedelta(days=1)
    came = sum(one.came for one in days if one.day == day)
    return [Suggestion(Fit.DAY, came, sales_day=day)]


def _of_batches(line: BankLine, batches: dict[uuid.UUID, BatchAtBank]) -> list[Suggestion]:
    """Batches whose payouts by bank this line is, all at once."""
    fitting = [
        (batch_id, batch)
        for batch_id, batch in batches.items()
        if batch.taken_by(-line.amount) is not None
    ]
    return [
        Suggestion(
            Fit.BATCH, batch.amount, len(fitting) == 1, batch_id=batch_id,
            payouts=len(batch.open), who=batch.number,
        )
        for batch_id, batch in fitting
    ]  # fmt: skip


def _payments(session: Session, sums: set[int]) -> list[tuple[Payment, str]]:
    """Transfers to the programme that are waited for, and ended ones of just these sums."""
    ours = (Payment.method == Method.TRANSFER.value, Payment.collector_id.is_(None))
    rows = [
        *session.scalars(select(Payment).where(Payment.state.in_(_OPEN), *ours)),
        *session.scalars(
            select(Payment)
            .where(Payment.state.in_(_ENDED), Payment.amount.in_(_plus(sums)), *ours)
            .order_by(Payment.created_at.desc())
        ),
    ]
    known = facts.orders(session, {one.order_id for one in rows})
    return [
        (one, f"{one.order_number} {known[one.order_id].buyer_name}")
        if one.order_id in known
        else (one, one.order_number)
        for one in rows
    ]


def _plus(sums: set[int]) -> list[int]:
    return sorted(one for one in sums if one > 0)


def _entries(session: Session, sums: set[int]) -> dict[int, list[tuple[Booked, str]]]:
    """Entries of these sums that no statement shows yet, and whom they are about."""
    rows = list(booked(session, Posting.amount.in_(sorted(sums)), *unseen())) if sums else []
    known = facts.orders(session, {one.order_id for one in rows if one.order_id})
    wanted = {one.payout_id for one in rows if one.payout_id}
    payouts = {
        one.id: f"{one.reference} {one.bank_account} {one.bank_holder}"
        for one in session.scalars(select(Payout).where(Payout.id.in_(wanted)))
    }
    refunds = {
        f"refund_paid:{one.id.hex}": one.reference
        for one in session.scalars(
            select(Refund).where(Refund.payment_id.in_({one.payment_id for one in rows}))
        )
    }
    found: dict[int, list[tuple[Booked, str]]] = defaultdict(list)
    for one in rows:
        order = known.get(one.order_id) if one.order_id else None
        who = f"{order.order_number} {order.buyer_name}" if order else ""
        who = payouts.get(one.payout_id, who) if one.payout_id else who
        found[one.amount].append((one, f"{who} {refunds.get(one.key, '')}".strip()))
    return found


def _named(line: BankLine, who: str) -> bool:
    """Whether the bank's words name somebody or something of it."""
    said = line.description.upper()
    words = [word for word in who.upper().split() if len(word) > 3]
    return any(word in said for word in words)
