"""Whom a batch of payouts would pay now, whom not, and why not."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from shop.accounts.models import AuditLine
from shop.core import clock
from shop.core.settings import load_settings
from shop.ledger import holds
from shop.ledger.models import Account, Payout, PayoutBatch
from shop.ledger.states import AccountKind, PayoutState, PayoutWay
from shop.sellers.models import PayoutEvery, Seller

ASKED = "payout.ask"
"""The line of the audit trail by which a seller asks to be paid out."""
_LONGEST_ACCOUNT = 30


class Wait(StrEnum):
    """Why a seller is not paid now."""

    OWES = "owes"
    AT_POINTS = "at_points"
    DISPUTED = "disputed"
    NOT_READY = "not_ready"
    NO_ACCOUNT = "no_account"
    BELOW_MINIMUM = "below_minimum"
    NOT_HER_DAY = "not_her_day"


@dataclass(frozen=True)
class Due:
    """What a seller is owed now, in rupiah, where it would go, and why it waits (None: it is paid).

    `at_points` lies at consignment points for her and is not ours to pay, `withheld` waits for the
    end of a dispute; `amount` is without them. `ready` is False where her account at Stripe cannot
    receive. `minimum` is what she is
    paid at least. `last_number` is the newest leg of her payable account. `asked_at` is when she
    last asked, `claimed_at` when she was last put into a batch that stands.
    """

    seller_id: uuid.UUID
    name: str
    amount: int
    at_points: int
    last_number: int
    way: PayoutWay
    every: PayoutEvery
    minimum: int
    bank_name: str
    bank_account: str
    bank_holder: str
    claimed_at: datetime | None
    asked_at: datetime | None
    withheld: int = 0
    ready: bool = True
    wait: Wait | None = None

    @property
    def has_account(self) -> bool:
        """Whether we know where to send it; money in her hand needs no account."""
        return self.way is PayoutWay.CASH or bool(self.bank_account)

    @property
    def only_waits_for_her_day(self) -> bool:
        """Whether she could be paid now by somebody who does not want to wait for her day."""
        return self.wait is Wait.NOT_HER_DAY


def due_now(session: Session) -> Sequence[Due]:
    """Every seller who is owed something, by name.

    What lies at consignment points for her is not ours to pay out: it comes from there.
    """
    return [due for due in all_dues(session) if due.amount > 0]


def ready_now(session: Session, *, everybody: bool = False) -> Sequence[Due]:
    """Whom a batch made now pays; `everybody`: those whose day it is not, too."""
    return [
        due
        for due in all_dues(session)
        if due.wait is None or (everybody and due.only_waits_for_her_day)
    ]


def all_dues(session: Session, seller_id: uuid.UUID | None = None) -> Sequence[Due]:
    """Every seller (or that one) whose account is not even, by name, and why she waits."""
    wanted = _WANTED if seller_id is None else _WANTED.where(Seller.id == seller_id)
    rows = session.execute(wanted).all()
    claims = _claims(session)
    asked = _asked(session, [row.id for row in rows if row.payout_every == PayoutEvery.ASKED])
    minimum = load_settings(session).payout_minimum
    withheld, closed = holds.withheld(session), holds.closed(session)
    found = []
    for row in rows:
        way = PayoutWay(row.payout_way)
        bank = (row.bank_name, row.bank_account, row.bank_holder)
        if way is PayoutWay.STRIPE:
            account = row.stripe_account or ""
            bank = ("Stripe", account if len(account) <= _LONGEST_ACCOUNT else "", row.name)
        elif way is PayoutWay.CASH:
            bank = ("", "", "")
        waits = withheld.get(row.id, 0)
        due = Due(
            row.id, row.name, row.payable - row.at_points - waits, row.at_points, row.last_number,
            way, PayoutEvery(row.payout_every),
            minimum if row.payout_minimum is None else row.payout_minimum,
            *bank, claims.get(row.id), asked.get(row.id), waits,
            way is not PayoutWay.STRIPE or row.stripe_account not in closed,
        )  # fmt: skip
        found.append(_judged(due))
    return found


def her_day(
    every: PayoutEvery, claimed_at: datetime | None, asked_at: datetime | None, today: date
) -> bool:
    """Whether a seller is paid today: once in a Jakarta week or month, or as often as she asks."""
    if every is PayoutEvery.ASKED:
        return asked_at is not None and (claimed_at is None or claimed_at < asked_at)
    if claimed_at is None:
        return True
    last = clock.local_day(claimed_at)
    if every is PayoutEvery.MONTH:
        return last < today.replace(day=1)
    return last < today - timedelta(days=today.weekday())


_at_points = aliased(Account)
_WANTED = (
    select(
        Seller.id, Seller.name, (-Account.balance).label("payable"),
        func.coalesce(_at_points.balance, 0).label("at_points"), Account.last_number,
        Seller.payout_way, Seller.payout_every, Seller.payout_minimum, Seller.stripe_account,
        Seller.bank_name, Seller.bank_account, Seller.bank_holder,
    )
    .join(Account, Account.seller_id == Seller.id)
    .outerjoin(
        _at_points,
        (_at_points.seller_id == Seller.id) & (_at_points.kind == AccountKind.POINT.value),
    )
    .where(Account.kind == AccountKind.PAYABLE.value, Account.balance != 0)
    .order_by(Seller.name, Seller.id)
)  # fmt: skip


def _judged(due: Due) -> Due:
    wait: Wait | None = None
    if due.amount <= 0:
        wait = Wait.AT_POINTS if due.amount + due.at_points > 0 else Wait.OWES
        if due.withheld and due.amount + due.withheld > 0:
            wait = Wait.DISPUTED
    elif not due.has_account:
        wait = Wait.NO_ACCOUNT
    elif not due.ready:
        wait = Wait.NOT_READY
    elif due.amount < due.minimum:
        wait = Wait.BELOW_MINIMUM
    elif not her_day(due.every, due.claimed_at, due.asked_at, clock.today()):
        wait = Wait.NOT_HER_DAY
    return replace(due, wait=wait)


def _claims(session: Session) -> Mapping[uuid.UUID, datetime]:
    """When each seller was last put into a batch, without what came back."""
    rows = session.execute(
        select(Payout.seller_id, func.max(PayoutBatch.made_at))
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.state != PayoutState.RETURNED.value)
        .group_by(Payout.seller_id)
    )
    return {row[0]: row[1] for row in rows}


def _asked(session: Session, seller_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """When these sellers last asked to be paid out."""
    if not seller_ids:
        return {}
    rows = session.execute(
        select(AuditLine.thing_id, func.max(AuditLine.at))
        .where(
            AuditLine.thing_kind == "seller",
            AuditLine.thing_id.in_([str(seller_id) for seller_id in seller_ids]),
            AuditLine.action == ASKED,
        )
        .group_by(AuditLine.thing_id)
    )
    return {uuid.UUID(thing_id): at for thing_id, at in rows}
