"""A line of the bank that was matched by mistake is looked for again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock
from shop.core.lifecycle import IllegalMove, move
from shop.ledger.models import Entry
from shop.ledger.paid_out import not_paid
from shop.ledger.post import lock_books
from shop.ledger.reverse import reverse
from shop.ledger.states import EntryKind
from shop.payments.arrivals import stands
from shop.payments.cannot_undo import CannotUndo, Why
from shop.payments.models import Payment
from shop.payments.models_bank import BankLine, BankLineEvent, BankMatch
from shop.payments.models_stray import Stray
from shop.payments.move import fresh
from shop.payments.move_stray import fresh_stray, move_stray
from shop.payments.states import PaymentState
from shop.payments.states_bank import BANK_LINE, LineState
from shop.payments.states_stray import StrayState
from shop.payments.take_back import take_back

_DONE = (PaymentState.SETTLED, PaymentState.LATE)
_PAID_BY_IT = (StrayState.MATCHED, StrayState.REOPENED)


class NoReason(ValueError):
    """A match is undone only with a reason."""


def undo(session: Session, line_id: uuid.UUID, *, reason: str, person_id: uuid.UUID | None) -> bool:
    """Bring a matched line back to those that wait; whether something in the books was undone.

    What was booked otherwise and only found in it stays booked. What the match itself booked is
    undone by entries of today's month: payments wait again, payouts are to be sent again, a day of
    QRIS stands open. Raises `NoReason`, `IllegalMove` where the line is not matched (any more),
    `CannotUndo` where it led to more than that.
    """
    reason = reason.strip()[:200]
    if not reason:
        raise NoReason
    held = _hold_payments(session, line_id)
    lock_books(session)
    line = session.get_one(BankLine, line_id, populate_existing=True, with_for_update=True)
    if line.state != LineState.MATCHED:
        raise IllegalMove(BANK_LINE.name, LineState.NEW)
    booked = _booked_by(session, line_id)
    for entry in booked:
        _undo_entry(session, entry, held, reason, person_id)
    session.execute(delete(BankMatch).where(BankMatch.line_id == line_id))
    move(
        session, BANK_LINE, cast("Table", BankLine.__table__),
        cast("Table", BankLineEvent.__table__), line_id, LineState.NEW, actor="system",
        person_id=person_id, reason=reason,
        extra={"decided_at": clock.now(), "decided_by": person_id, "sales_day": None,
               "gross": None},
    )  # fmt: skip
    audit.write(
        session, person_id, "bank.undo", "bank_line", line_id,
        amount=line.amount, undone=len(booked), reason=reason,
    )  # fmt: skip
    session.expire(line)
    return bool(booked)


def _hold_payments(session: Session, line_id: uuid.UUID) -> dict[uuid.UUID, Payment]:
    """The payments that the line's money paid, before the books: whoever moves money does so."""
    strays = select(Stray.payment_id).where(Stray.key.like(f"bank:{line_id.hex}%"))
    entries = (
        select(Entry.payment_id)
        .join(BankMatch, BankMatch.entry_id == Entry.id)
        .where(BankMatch.line_id == line_id, BankMatch.made)
    )
    wanted = {one for one in session.scalars(entries.union(strays)) if one is not None}
    return {one: fresh(session, one) for one in sorted(wanted)}


def _booked_by(session: Session, line_id: uuid.UUID) -> Sequence[Entry]:
    """What the match booked, latest first; what was undone otherwise is left as it is."""
    return session.scalars(
        select(Entry)
        .join(BankMatch, BankMatch.entry_id == Entry.id)
        .where(BankMatch.line_id == line_id, BankMatch.made, stands())
        .order_by(Entry.occurred_at.desc(), Entry.id.desc())
    ).all()


def _undo_entry(
    session: Session,
    entry: Entry,
    held: dict[uuid.UUID, Payment],
    reason: str,
    person_id: uuid.UUID | None,
) -> None:
    kind = EntryKind(entry.kind)
    if kind is EntryKind.STRAY:
        stray_id = uuid.UUID(entry.key.removeprefix(f"{EntryKind.STRAY.value}:"))
        _undo_stray(session, stray_id, entry, held, reason, person_id)
    elif kind is EntryKind.PAYOUT_PAID and entry.payout_id is not None:
        try:
            not_paid(session, entry.payout_id, entry.id, reason=reason, person_id=person_id)
        except IllegalMove:
            raise CannotUndo(Why.RETURNED) from None
    elif entry.payment_id is not None:
        _take_back(session, held, entry.payment_id, reason, person_id)
    else:
        reverse(session, entry.id, person_id=person_id, note=reason)


def _undo_stray(
    session: Session,
    stray_id: uuid.UUID,
    entry: Entry,
    held: dict[uuid.UUID, Payment],
    reason: str,
    person_id: uuid.UUID | None,
) -> None:
    """Money that fitted nothing; where it paid for an order meanwhile, that waits again, too."""
    stray = fresh_stray(session, stray_id)
    left = session.scalars(select(Stray).where(Stray.from_id == stray_id).with_for_update()).all()
    if any(one.state != StrayState.OPEN for one in left):
        raise CannotUndo(Why.USED)
    if stray.state in _PAID_BY_IT and stray.payment_id is not None:
        _take_back(session, held, stray.payment_id, reason, person_id)
    elif stray.state != StrayState.OPEN:
        raise CannotUndo(Why.GOES_BACK if stray.decided_at is not None else Why.USED)
    reverse(session, entry.id, person_id=person_id, note=reason)
    for one in (stray, *left):
        move_stray(session, one.id, StrayState.UNDONE, actor="staff", person_id=person_id)
        session.expire(one)


def _take_back(
    session: Session,
    held: dict[uuid.UUID, Payment],
    payment_id: uuid.UUID,
    reason: str,
    person_id: uuid.UUID | None,
) -> None:
    payment = held.get(payment_id)
    if payment is None or payment.state not in _DONE:
        raise CannotUndo(Why.USED)
    take_back(session, payment, reason=reason, person_id=person_id)
