"""What waits for staff now, each with how much of it there is; only what the person may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.accounts.permissions import Actor, P, can
from shop.accounts.queries_messages import count as count_messages
from shop.catalog.models import Product
from shop.catalog.states import ProductState
from shop.complaints.queries import waiting as waiting_complaints
from shop.core import jobs, outbox
from shop.core.models import OutboxMessage, ScheduledRun
from shop.ledger.due import ready_now
from shop.ledger.models import Payout
from shop.ledger.states import PayoutState
from shop.orders.queries_stuck import count_stuck
from shop.orders.queries_unseen import count_unseen
from shop.payments.models import Refund, WebhookEvent
from shop.payments.queries import counts as payment_counts
from shop.payments.states import RefundState
from shop.sellers.models import Seller
from shop.sellers.states import SellerState
from shop.training.models import Certificate, Enrolment
from shop.training.states import EnrolmentState


@dataclass(frozen=True)
class Work:
    """One kind of work that waits: how many, and how much money where it is about money.

    `endpoint` is the page where it is done.
    """

    key: str
    endpoint: str
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
        Work(key, endpoint, *count(session))
        for key, endpoint, opens, count in _KINDS
        if can(actor, opens)
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
    counts = payment_counts(session)
    return counts.waiting, counts.sum


def _refunds(session: Session) -> Counted:
    return _sum(session, Refund.amount, Refund.state == RefundState.DUE)


def _flagged(session: Session) -> Counted:
    return _count(session, WebhookEvent.id, WebhookEvent.fault != "")


def _payouts_due(session: Session) -> Counted:
    due = [d.amount for d in ready_now(session)]
    return len(due), sum(due)


def _payouts_open(session: Session) -> Counted:
    return _sum(session, Payout.amount, Payout.state == PayoutState.CLAIMED)


def _unseen(session: Session) -> Counted:
    return count_unseen(session), None


def _stuck(session: Session) -> Counted:
    return count_stuck(session), None


def _messages(session: Session) -> Counted:
    return count_messages(session), None


def _complaints(session: Session) -> Counted:
    return waiting_complaints(session), None


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
    ("payments", "payments_staff.payments", P.STAFF_PAYMENT_VIEW, _payments),
    ("refunds", "payments_staff.refunds", P.STAFF_PAYMENT_VIEW, _refunds),
    ("flagged", "payments_staff.flagged", P.STAFF_PAYMENT_VIEW, _flagged),
    ("unseen", "unseen_staff.orders", P.STAFF_DESK_VIEW, _unseen),
    ("stuck", "unseen_staff.stuck", P.STAFF_DESK_VIEW, _stuck),
    ("messages", "messages_staff.messages", P.STAFF_DESK_VIEW, _messages),
    ("complaints", "complaints_staff.complaints", P.STAFF_ORDER_UNDO, _complaints),
    ("sellers", "sellers_staff.sellers", P.STAFF_SELLER_APPROVE, _sellers),
    ("products", "catalog_staff.products", P.STAFF_PRODUCT_APPROVE, _products),
    ("certificates", "training_staff.courses", P.STAFF_CERTIFICATE_ISSUE, _certificates),
    ("payouts_due", "ledger_staff.payouts", P.STAFF_PAYOUT_VIEW, _payouts_due),
    ("payouts_open", "ledger_staff.payouts", P.STAFF_PAYOUT_VIEW, _payouts_open),
)
"""Kinds of work with the page where they are done and the permission that page asks for."""
