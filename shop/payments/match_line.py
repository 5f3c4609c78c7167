"""A line of the bank's statement finds what it is: once, whoever presses and how often."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.core.lifecycle import IllegalMove, move
from shop.ledger.insert_once import insert_once
from shop.ledger.models import Entry
from shop.ledger.paid_out import mark_batch_paid
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.bank import daily_qris
from shop.payments.bank_batch import SENT, batch_at_bank
from shop.payments.bank_entries import booked, unseen
from shop.payments.match_stray import least_for, match
from shop.payments.models_bank import BankLine, BankLineEvent, BankMatch
from shop.payments.move import fresh
from shop.payments.record_stray import Came, record
from shop.payments.settle import settle
from shop.payments.states import Method, PaymentState
from shop.payments.states_bank import BANK_LINE, LineState
from shop.payments.states_stray import StrayKind, StrayState

_DONE = (PaymentState.SETTLED, PaymentState.LATE)
_ARRIVED = Entry.kind.in_((EntryKind.ORDER_PAID.value, EntryKind.LATE_PAYMENT.value))


class DoesNotFit(ValueError):
    """These entries are not this line: other sums, or they stand on another line already."""


def pay_with(
    session: Session, line_id: uuid.UUID, payment_id: uuid.UUID, *, person_id: uuid.UUID | None
) -> StrayState | PaymentState:
    """This money is for that payment; returns how the payment, or what does not fit of it, stands.

    A payment that was confirmed by hand before is not booked again: the line is its evidence. What
    is too much, too little or paid twice becomes stray money. Raises `IllegalMove` where the line
    is matched already, `DoesNotFit` for money that went out or a payment by another way, and what
    `settle` and `match` raise.
    """
    line = _hold(session, line_id)
    payment = fresh(session, payment_id)
    if line.amount < 0 or payment.method != Method.TRANSFER or payment.collector_id is not None:
        raise DoesNotFit(payment_id)
    there = {one.id: one for one in booked(session, Entry.payment_id == payment_id)}
    arrived = list(booked(session, Entry.payment_id == payment_id, _ARRIVED, *unseen()))
    state: StrayState | PaymentState = PaymentState(payment.state)
    if state in _DONE and arrived:
        if sum(one.amount for one in arrived) != line.amount:
            raise DoesNotFit(payment_id)
        _end(session, line, [one.id for one in arrived], [], person_id)
        return state
    if state not in _DONE and payment.amount == line.amount:
        state = settle(
            session, payment_id, actor="staff", person_id=person_id, evidence=evidence(line)
        )
    else:
        state = _does_not_fit(session, line, payment_id, person_id)
    new = [one.id for one in booked(session, Entry.payment_id == payment_id) if one.id not in there]
    _end(session, line, [], new, person_id)
    return state


def link(
    session: Session,
    line_id: uuid.UUID,
    entry_ids: Iterable[uuid.UUID],
    *,
    person_id: uuid.UUID | None,
) -> None:
    """These entries, which stand in the books already, are this line: nothing is booked.

    Raises `IllegalMove`, `DoesNotFit`.
    """
    line = _hold(session, line_id)
    wanted = set(entry_ids)
    if not wanted:
        raise DoesNotFit(line_id)
    found = list(booked(session, Entry.id.in_(wanted), *unseen()))
    if {one.id for one in found} != wanted or sum(one.amount for one in found) != line.amount:
        raise DoesNotFit(line_id)
    _end(session, line, [one.id for one in found], [], person_id)


def pay_batch(
    session: Session, line_id: uuid.UUID, batch_id: uuid.UUID, *, person_id: uuid.UUID | None
) -> int:
    """The bank took one sum for all of a batch that still is to be sent by it: they are paid.

    The line is their reference. Payouts that were marked by hand, and that no line shows yet, are
    part of the sum where it takes them. How many were marked. Raises `IllegalMove`, `DoesNotFit`,
    `ledger.payout_steps.NotApproved`.
    """
    line = _hold(session, line_id)
    sent = batch_at_bank(session, batch_id)
    there = sent.taken_by(-line.amount)
    if there is None:
        raise DoesNotFit(line_id)
    mark_batch_paid(session, batch_id, reference=evidence(line)[:60], person_id=person_id)
    of_batch = Entry.payout_id.in_([payout.id for payout in sent.open])
    new = [one.id for one in booked(session, of_batch, SENT, *unseen())]
    _end(session, line, [one.id for one in there], new, person_id)
    return len(sent.open)


def unknown(session: Session, line_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """Nobody knows whose money this is: it goes into the books as stray money.

    Raises `IllegalMove`, `DoesNotFit` for money that went out.
    """
    line = _hold(session, line_id)
    if line.amount < 0:
        raise DoesNotFit(line_id)
    stray = record(
        session, _came(line), payment_id=None, person_id=person_id, key=_key(session, line)
    )
    new = [one.id for one in booked(session, Entry.key == f"stray:{stray.id.hex}")]
    _end(session, line, [], new, person_id)


def acquired(
    session: Session, line_id: uuid.UUID, sales_day: date, *, person_id: uuid.UUID | None
) -> None:
    """The acquirer of the programme's QRIS paid for a day: book it, and what was kept of it.

    What came is booked as it came; the rest of the gross is the fee, whatever the line calls it.
    Raises `IllegalMove`, `DoesNotFit` where the line is none of an acquirer or before its day.
    """
    line = _hold(session, line_id)
    said = daily_qris(line.description)
    if said is None or not 0 < line.amount <= said.gross or sales_day > line.booked_on:
        raise DoesNotFit(line_id)
    legs = [
        Leg(AccountKind.BANK, line.amount),
        Leg(AccountKind.ACQUIRING, said.gross - line.amount),
        Leg(AccountKind.QRIS, -said.gross),
    ]
    about = About(person_id=person_id, note=f"QRIS {sales_day} {line.description}")
    entry_id = post(session, EntryKind.ACQUIRED, _key(session, line), legs, about)
    _end(session, line, [], [entry_id], person_id, sales_day=sales_day, gross=said.gross)


def set_aside(
    session: Session, line_id: uuid.UUID, *, reason: str, person_id: uuid.UUID | None
) -> None:
    """This line is nothing of ours. Raises `IllegalMove`, `DoesNotFit` without a reason."""
    if not reason.strip():
        raise DoesNotFit(line_id)
    line = _hold(session, line_id)
    _move(session, line, LineState.ASIDE, person_id, reason=reason.strip()[:200])
    audit.write(session, person_id, "bank.aside", "bank_line", line_id, reason=reason.strip()[:200])


def bring_back(session: Session, line_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """It is ours after all. Raises `IllegalMove`."""
    line = session.get_one(BankLine, line_id)
    _move(session, line, LineState.NEW, person_id, reason="")
    audit.write(session, person_id, "bank.back", "bank_line", line_id)


def evidence(line: BankLine) -> str:
    """How the line is named where its payment is shown."""
    return f"{line.booked_on} {line.description}"[:200]


def _does_not_fit(
    session: Session, line: BankLine, payment_id: uuid.UUID, person_id: uuid.UUID | None
) -> StrayState:
    """Too much, too little or twice; where only of its code is missing, it is enough."""
    stray = record(
        session, _came(line), payment_id=payment_id, person_id=person_id, key=_key(session, line)
    )
    payment = fresh(session, payment_id)
    if stray.kind == StrayKind.SHORT and stray.amount >= least_for(session, payment):
        return match(session, stray.id, payment_id, person_id=person_id)
    return StrayState(stray.state)


def _came(line: BankLine) -> Came:
    return Came(Method.TRANSFER, line.amount, evidence(line))


def _key(session: Session, line: BankLine) -> str:
    """A new one where the line was matched before and that was undone."""
    before = session.scalar(
        select(func.count())
        .select_from(BankLineEvent)
        .where(
            BankLineEvent.thing_id == line.id,
            BankLineEvent.source == LineState.MATCHED.value,
        )
    )
    return f"bank:{line.id.hex}:{before}" if before else f"bank:{line.id.hex}"


def _hold(session: Session, line_id: uuid.UUID) -> BankLine:
    """The line, held against others, in whose hands the books are, too. Raises `IllegalMove`."""
    lock_books(session)
    line = session.get_one(BankLine, line_id, populate_existing=True, with_for_update=True)
    if line.state != LineState.NEW:
        raise IllegalMove(BANK_LINE.name, LineState.MATCHED)
    return line


def _end(
    session: Session,
    line: BankLine,
    found: list[uuid.UUID],
    made: list[uuid.UUID],
    person_id: uuid.UUID | None,
    **extra: Any,
) -> None:
    """Tie the line to entries that stood there, and to those that were made because of it.

    One that stands on another line already is refused.
    """
    for entry_id in (*found, *made):
        tied = insert_once(
            session, BankMatch,
            id=ids.new_id(), line_id=line.id, entry_id=entry_id, made=entry_id in made,
        )  # fmt: skip
        if not tied:
            raise DoesNotFit(line.id)
    _move(session, line, LineState.MATCHED, person_id, **extra)
    audit.write(
        session, person_id, "bank.match", "bank_line", line.id,
        amount=line.amount, entries=len(found) + len(made),
    )  # fmt: skip


def _move(
    session: Session, line: BankLine, target: LineState, person_id: uuid.UUID | None, **extra: Any
) -> None:
    move(
        session, BANK_LINE, cast("Table", BankLine.__table__),
        cast("Table", BankLineEvent.__table__), line.id, target, actor="staff",
        person_id=person_id, reason=extra.get("reason") or None,
        extra={"decided_at": clock.now(), "decided_by": person_id, **extra},
    )  # fmt: skip
    session.expire(line)
