"""Reading the books for a seller: what she earned, is owed and was paid."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.ledger.models import Account, Entry, Payout, Posting
from shop.ledger.of_kinds import of_kinds, undoes
from shop.ledger.states import AccountKind, EntryKind, PayoutState

EARNING = (
    EntryKind.COMPLETION.value, EntryKind.CONSIGNMENT_SOLD.value, EntryKind.FEE.value,
    EntryKind.REFUND_DUE.value,
)  # fmt: skip
"""The kinds of entries whose sum on `payable` is what a seller earned, whoever holds the money."""


@dataclass(frozen=True)
class Purse:
    """Where a seller's money is now, in rupiah; months are Jakarta months.

    `payable` is what the programme can pay her now: without what still lies `at_points` for her. It
    is negative where she owes the fee of sales she was paid for in cash.
    `cash_in_hand` is what buyers gave her for parts that are not completed yet. `paid` is all that
    the bank ever paid her, `paid_this_month` the same for this month, and `kept_this_month` the
    cash of parts that she keeps.
    """

    earned_this_month: int
    held: int
    payable: int
    in_transit: int
    paid: int
    cash_in_hand: int
    paid_this_month: int = 0
    kept_this_month: int = 0
    parts_this_month: int = 0
    last_paid_at: datetime | None = None
    bank_account: str = ""
    at_points: int = 0
    consigned_this_month: int = 0

    @property
    def owed(self) -> int:
        """What she is owed altogether, wherever the money lies."""
        return self.payable + self.at_points


@dataclass(frozen=True)
class MonthEarned:
    """What a seller earned in a Jakarta month, less the fee, in rupiah, with how many parts."""

    month: date
    amount: int
    parts: int


def purse(session: Session, seller_id: uuid.UUID) -> Purse:
    """Where this seller's money is."""
    rows = session.execute(
        select(Account.kind, Account.balance).where(Account.seller_id == seller_id)
    )
    balances = {row.kind: row.balance for row in rows}
    month = clock.month_of(clock.now())
    earned, parts, kept, consigned = _of_month(session, seller_id, month)
    at_points = balances.get(AccountKind.POINT, 0)
    total, this_month, last, account = _paid(session, seller_id, clock.day_start(month))
    return Purse(
        earned_this_month=earned,
        held=-balances.get(AccountKind.HELD, 0),
        payable=-balances.get(AccountKind.PAYABLE, 0) - at_points,
        in_transit=-balances.get(AccountKind.IN_TRANSIT, 0),
        paid=total,
        cash_in_hand=balances.get(AccountKind.CASH, 0) + balances.get(AccountKind.OWN, 0),
        paid_this_month=this_month,
        kept_this_month=kept,
        parts_this_month=parts,
        last_paid_at=last,
        bank_account=account,
        at_points=at_points,
        consigned_this_month=consigned,
    )


def monthly_earnings(session: Session, seller_id: uuid.UUID, months: int = 6) -> list[MonthEarned]:
    """The last `months` months, the present one last; months without a sale are zero."""
    wanted = [clock.month_of(clock.now())]
    while len(wanted) < months:
        wanted.append((wanted[-1] - timedelta(days=1)).replace(day=1))
    rows = {
        month: MonthEarned(month, amount, parts)
        for month, amount, parts in session.execute(
            select(Entry.month, -func.sum(Posting.amount), _parts())
            .join(Posting, Posting.entry_id == Entry.id)
            .join(Account)
            .where(*_earning(seller_id), Entry.month >= wanted[-1])
            .group_by(Entry.month)
        )
    }
    return [rows.get(month, MonthEarned(month, 0, 0)) for month in reversed(wanted)]


def _earning(seller_id: uuid.UUID) -> list[ColumnElement[bool]]:
    return [
        Posting.seller_id == seller_id,
        Account.kind == AccountKind.PAYABLE.value,
        of_kinds(EARNING),
    ]


def _parts() -> ColumnElement[int]:
    return func.count().filter(Entry.kind == EntryKind.COMPLETION.value)


_IN_HER_HAND = (
    EntryKind.CASH_KEPT.value, EntryKind.OWN_KEPT.value, EntryKind.CONSIGNMENT_PAID.value,
    EntryKind.HANDED_IN.value,
)  # fmt: skip


def _of_month(session: Session, seller_id: uuid.UUID, month: date) -> tuple[int, int, int, int]:
    """Earned, completed parts, cash that came into her hand, and consigned sales in this month."""
    kept, sold = of_kinds(_IN_HER_HAND), (EntryKind.CONSIGNMENT_SOLD,)
    row = session.execute(
        select(
            func.coalesce(func.sum(case((kept, 0), else_=-Posting.amount)), 0),
            _parts(),
            func.coalesce(func.sum(case((kept, Posting.amount), else_=0)), 0),
            func.count().filter(of_kinds(sold)) - 2 * func.count().filter(undoes(sold)),
        )
        .join(Entry, Posting.entry_id == Entry.id)
        .join(Account)
        .where(
            Posting.seller_id == seller_id,
            Account.kind == AccountKind.PAYABLE.value,
            of_kinds((*EARNING, *_IN_HER_HAND)),
            Entry.month == month,
        )
    ).one()
    return int(row[0]), int(row[1]), int(row[2]), max(int(row[3]), 0)


def _paid(
    session: Session, seller_id: uuid.UUID, since: datetime
) -> tuple[int, int, datetime | None, str]:
    """All that was paid, that since a moment, when last, and to which account."""
    total, recent, last = session.execute(
        select(
            func.coalesce(func.sum(Payout.amount), 0),
            func.coalesce(func.sum(Payout.amount).filter(Payout.paid_at >= since), 0),
            func.max(Payout.paid_at),
        ).where(Payout.seller_id == seller_id, Payout.state == PayoutState.PAID.value)
    ).one()
    where = session.execute(
        select(Payout.bank_name, Payout.bank_account)
        .where(Payout.seller_id == seller_id, Payout.state == PayoutState.PAID.value)
        .order_by(Payout.paid_at.desc())
        .limit(1)
    ).first()
    account = short_account(where.bank_name, where.bank_account) if where else ""
    return int(total), int(recent), last, account


def short_account(bank_name: str, bank_account: str) -> str:
    """`BRI …3921`: enough to know an account by."""
    return f"{bank_name} …{bank_account[-4:]}"
