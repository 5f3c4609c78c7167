"""By which entries the money of payments came, also where it was taken back and came again."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from shop.ledger.models import Entry
from shop.ledger.states import EntryKind
from shop.payments.models import PaymentEvent
from shop.payments.models_bank import BankMatch
from shop.payments.states import PaymentState

_CAME = (PaymentState.SETTLED.value, PaymentState.LATE.value)


def times_taken_back(session: Session, payment_id: uuid.UUID) -> int:
    """How often this payment was there and turned out to be somebody else's money."""
    back = session.scalar(
        select(func.count())
        .select_from(PaymentEvent)
        .where(PaymentEvent.thing_id == payment_id, PaymentEvent.source.in_(_CAME))
    )
    return back or 0


def arrival_key(session: Session, payment_id: uuid.UUID) -> str:
    """The key of the entry by which its money comes: a new one where it was taken back before."""
    before = times_taken_back(session, payment_id)
    return f"paid:{payment_id.hex}:{before}" if before else f"paid:{payment_id.hex}"


def keep_tied(session: Session, undone_id: uuid.UUID, payment_id: uuid.UUID) -> None:
    """Where the bank's line was the undone arrival of this payment, it is the one that stands now:
    the money is the same.
    """
    stands_now = session.scalar(
        select(Entry.id).where(
            Entry.payment_id == payment_id, Entry.kind == EntryKind.ORDER_PAID.value, stands()
        )
    )
    session.execute(
        update(BankMatch).where(BankMatch.entry_id == undone_id).values(entry_id=stands_now)
    )


def stands() -> ColumnElement[bool]:
    """No other entry undoes this one."""
    undoing = aliased(Entry)
    return ~exists().where(undoing.reverses_id == Entry.id)
