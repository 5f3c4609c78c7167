"""Days of payments by the programme's own QRIS, beside what the acquirer paid for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from shop.core import clock
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.models import Payment
from shop.payments.models_bank import BankLine

LOOKED_BACK = timedelta(days=92)
_ARRIVED = (EntryKind.ORDER_PAID.value, EntryKind.LATE_PAYMENT.value)


@dataclass(frozen=True)
class QrisDay:
    """A day: what `came` by our books and what the acquirer says was sold, in rupiah.

    `fee` is what it kept, `paid` whether it paid for the day at all.
    """

    day: date
    came: int
    gross: int
    fee: int
    paid: bool

    @property
    def open(self) -> int:
        """What the books have more than the acquirer paid for; below zero: less."""
        return self.came - self.gross

    @property
    def age(self) -> int:
        """For how many days it stands open."""
        return (clock.today() - self.day).days


def qris_days(session: Session) -> list[QrisDay]:
    """The days of the last three months on which something came or was paid for, newest first.

    A payment counts for the day on which the buyer said it was sent: staff may look a day later.
    """
    since = clock.day_start(clock.today() - LOOKED_BACK)
    undoing = aliased(Entry)
    moment = case(
        (Entry.kind.in_(_ARRIVED), func.coalesce(Payment.claimed_at, Entry.occurred_at)),
        else_=Entry.occurred_at,
    )
    came: dict[date, int] = defaultdict(int)
    for when, amount in session.execute(
        select(moment, Posting.amount)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .outerjoin(Payment, Payment.id == Entry.payment_id)
        .outerjoin(undoing, undoing.reverses_id == Entry.id)
        .where(
            Account.kind == AccountKind.QRIS.value,
            Entry.kind != EntryKind.ACQUIRED.value,
            Entry.reverses_id.is_(None),
            undoing.id.is_(None),
            Entry.occurred_at >= since,
        )
    ):
        came[clock.local_day(when)] += amount
    gross: dict[date, int] = defaultdict(int)
    fee: dict[date, int] = defaultdict(int)
    for line in session.scalars(
        select(BankLine).where(BankLine.sales_day >= clock.local_day(since))
    ):
        if line.sales_day is not None and line.gross is not None:
            gross[line.sales_day] += line.gross
            fee[line.sales_day] += line.gross - line.amount
    return [
        QrisDay(day, came.get(day, 0), gross.get(day, 0), fee.get(day, 0), day in gross)
        for day in sorted({*came, *gross}, reverse=True)
    ]
