"""What waits for staff now, each with how much of it there is; only what the person may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.accounts.permissions import Actor, P, can
from shop.catalog.models import Product
from shop.catalog.states import ProductState
from shop.core import clock, jobs, outbox
from shop.core.models import OutboxMessage, ScheduledRun
from shop.core.settings import load_settings
from shop.ledger.models import Account, Payout
from shop.ledger.states import AccountKind, PayoutState
from shop.orders.models import SellerOrder
from shop.orders.states import SellerOrderState
from shop.payments.models import Payment, Refund
from shop.payments.states import Method, PaymentState, RefundState
from shop.sellers.models import Seller
from shop.sellers.states import SellerState
from shop.training.models import Certificate, Enrolment
from shop.training.states import EnrolmentState

UNSEEN_AFTER = timedelta(hours=6)
"""An order its seller has not looked at for so long needs a telephone call."""


@dataclass(frozen=True)
class Work:
    """One kind of work that waits: how many, and how much money where it is about money."""

    key: str
    url: str
    count: int
    amount: int | None = None


@dataclass(frozen=True)
class Machine:
    """Whether the jobs run: the last sign of life, what failed, and letters not delivered."""

    alive: bool
    last_run_at: datetime | None
    faults: Sequence[ScheduledRun]
    undelivered: int


def waiting(session: Session, actor: Actor) -> list[Work]:
    """All work that waits and that `actor` may see, money first. What is nothing is left out."""
    found = [
        Work(key, url, *count(session))
        for key, url, permission, count in _KINDS
        if can(actor, permission)
    ]
    return [work for work in found if work.count]


def machine(session: Session) -> Machine:
    """How the jobs beside the server are doing."""
    runs = session.scalars(select(ScheduledRun).order_by(ScheduledRun.name)).all()
    return Machine(
        alive=jobs.alive(session),
        last_run_at=next((run.last_run_at for run in runs if run.name == jobs.HEARTBEAT), None),
        faults=[run for run in runs if run.last_error],
        undelivered=session.scalar(
            select(func.count(OutboxMessage.id)).where(
                OutboxMessage.done_at.is_(None), OutboxMessage.attempts >= outbox.MAX_ATTEMPTS
            )
        )
        or 0,
    )


Counted = tuple[int, int | None]
_Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def _sum(session: Session, amount: _Column, *where: ColumnElement[bool]) -> Counted:
    row = session.execute(
        select(func.count(), func.coalesce(func.sum(amount), 0)).where(*where)
    ).one()
    return row[0], int(row[1])


def _count(session: Session, column: _Column, *where: ColumnElement[bool]) -> Counted:
    return session.scalar(select(func.count(column)).where(*where)) or 0, None


def _payments(session: Session) -> Counted:
    open_ = and_(
        Payment.state == PaymentState.PENDING,
        Payment.method.in_((Method.TRANSFER, Method.QRIS)),
    )
    return _sum(session, Payment.amount, or_(Payment.state == PaymentState.CLAIMED, open_))


def _refunds(session: Session) -> Counted:
    return _sum(session, Refund.amount, Refund.state == RefundState.DUE)


def _payouts_due(session: Session) -> Counted:
    minimum = load_settings(session).payout_minimum
    owed = -Account.balance
    with_account = select(Seller.id).where(Seller.bank_account != "")
    return _sum(
        session, owed, Account.kind == AccountKind.PAYABLE, owed > 0, owed >= minimum,
        Account.seller_id.in_(with_account),
    )  # fmt: skip


def _payouts_open(session: Session) -> Counted:
    return _sum(session, Payout.amount, Payout.state == PayoutState.CLAIMED)


def _unseen(session: Session) -> Counted:
    return _count(
        session,
        SellerOrder.id,
        SellerOrder.state == SellerOrderState.WAITING,
        SellerOrder.seen_at.is_(None),
        SellerOrder.placed_at < clock.now() - UNSEEN_AFTER,
    )


def _sellers(session: Session) -> Counted:
    return _count(session, Seller.id, Seller.state == SellerState.APPLIED)


def _products(session: Session) -> Counted:
    return _count(session, Product.id, Product.state == ProductState.WAITING)


def _certificates(session: Session) -> Counted:
    return _count(
        session,
        Enrolment.id,
        Enrolment.state == EnrolmentState.FINISHED,
        Enrolment.id.not_in(select(Certificate.enrolment_id)),
    )


_KINDS: tuple[tuple[str, str, P, Callable[[Session], Counted]], ...] = (
    ("payments", "/staff/payments", P.STAFF_PAYMENT_VIEW, _payments),
    ("refunds", "/staff/payments", P.STAFF_PAYMENT_VIEW, _refunds),
    ("unseen", "/staff/orders", P.STAFF_DESK_VIEW, _unseen),
    ("sellers", "/staff/sellers", P.STAFF_SELLER_APPROVE, _sellers),
    ("products", "/staff/products", P.STAFF_PRODUCT_APPROVE, _products),
    ("certificates", "/staff/training", P.STAFF_CERTIFICATE_ISSUE, _certificates),
    ("payouts_due", "/staff/payouts", P.STAFF_PAYOUT_VIEW, _payouts_due),
    ("payouts_open", "/staff/payouts", P.STAFF_PAYOUT_VIEW, _payouts_open),
)
