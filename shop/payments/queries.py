"""Reading payments and refunds for the people who look after them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.core import clock
from shop.core.paging import Page
from shop.ledger import facts
from shop.ledger.facts import OrderFacts
from shop.payments.deadline import MAY_STILL_COME, too_late
from shop.payments.models import Payment, PaymentEvent, Refund, WebhookEvent
from shop.payments.models_stray import Stray
from shop.payments.models_stripe import Dispute
from shop.payments.states import Method, PaymentState, RefundState
from shop.payments.states_stray import StrayState
from shop.payments.states_stripe import UNDECIDED, DisputeState

SHOWN = 100
A_PAGE = 30
_WITH_CODE = Payment.collector_id.is_(None) & Payment.method.in_(
    (Method.TRANSFER.value, Method.QRIS.value)
)
_WAITING = (PaymentState.CLAIMED.value, PaymentState.PENDING.value)
_ENDED = (PaymentState.EXPIRED.value, PaymentState.CANCELLED.value)
_FOR_STAFF = (StrayState.OPEN, StrayState.DUE)


@dataclass(frozen=True)
class Waiting:
    """A payment in the staff's queue, and the order it is for, as far as that is known."""

    payment: Payment
    order: OrderFacts | None

    @property
    def since(self) -> datetime:
        """When the buyer said it was sent, or else when it was asked for."""
        return self.payment.claimed_at or self.payment.created_at

    @property
    def reopens(self) -> bool:
        """Whether money for what ended opens its order again, where the goods are there."""
        ended = self.payment
        return ended.state == PaymentState.EXPIRED and not too_late(ended.expires_at)


@dataclass(frozen=True)
class BackDue:
    """A refund, who granted it, and the order it belongs to, as far as that is known.

    Without a name it follows from a rule: the money came late, a buyer or seller called off.
    """

    refund: Refund
    payment: Payment
    order: OrderFacts | None
    granted_by: str | None = None


@dataclass(frozen=True)
class Counts:
    """How much waits in each corner of the payments page; `sum` is in rupiah."""

    waiting: int
    sum: int
    claimed: int
    expired: int
    refunds: int
    flagged: int
    strays: int
    disputes: int


def counts(session: Session) -> Counts:
    """The figures of the payments page."""
    waiting, amount, claimed, expired = session.execute(
        select(
            func.count().filter(Payment.state.in_(_WAITING)),
            func.coalesce(func.sum(Payment.amount).filter(Payment.state.in_(_WAITING)), 0),
            func.count().filter(Payment.state == PaymentState.CLAIMED.value),
            func.count().filter(*_lately_expired()),
        ).where(_WITH_CODE)
    ).one()
    refunds = session.scalar(
        select(func.count()).select_from(Refund).where(Refund.state == RefundState.DUE.value)
    )
    flagged = session.scalar(
        select(func.count()).select_from(WebhookEvent).where(WebhookEvent.fault != "")
    )
    strays = session.scalar(
        select(func.count())
        .select_from(Stray)
        .where(Stray.state.in_([s.value for s in _FOR_STAFF]))
    )
    disputes = session.scalar(
        select(func.count())
        .select_from(Dispute)
        .where(Dispute.state.in_([*UNDECIDED, DisputeState.LOST]))
    )
    return Counts(
        waiting, int(amount), claimed, expired,
        refunds or 0, flagged or 0, strays or 0, disputes or 0,
    )  # fmt: skip


def queue(session: Session, words: str = "") -> list[Waiting]:
    """What a person has to find in the bank's list: first what buyers say was sent, oldest first.

    `words`: the whole sum, its last three digits, or (part of) an order number.
    """
    rows = session.scalars(
        select(Payment)
        .where(_WITH_CODE, Payment.state.in_(_WAITING), *matching(words))
        .order_by(
            case((Payment.state == PaymentState.CLAIMED.value, 0), else_=1),
            func.coalesce(Payment.claimed_at, Payment.created_at),
        )
        .limit(SHOWN)
    ).all()
    return _with_orders(session, rows)


def ended(session: Session, words: str = "", number: int = 1) -> Page[Waiting]:
    """One page of what nobody paid, newest first: money may come after all.

    Without `words` what expired while it can be taken back; with them all that expired or was
    called off, of any age.
    """
    total = ended_count(session, words)
    rows = session.scalars(
        select(Payment)
        .where(*_ended(words))
        .order_by(Payment.created_at.desc(), Payment.id)
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()
    return Page(_with_orders(session, rows), number, A_PAGE, total)


def ended_count(session: Session, words: str) -> int:
    """How many payments `ended` finds in all."""
    found = session.scalar(select(func.count()).select_from(Payment).where(*_ended(words)))
    return found or 0


def looked_for_in_vain(session: Session, payment: Payment) -> bool:
    """Whether the buyer said it was sent, staff did not find it, and it waits since."""
    if payment.state != PaymentState.PENDING or payment.method == Method.CASH:
        return False
    asked_again = exists().where(
        PaymentEvent.thing_id == payment.id, PaymentEvent.target == PaymentState.PENDING.value
    )
    return bool(session.scalar(select(asked_again)))


def refunds(session: Session, state: RefundState = RefundState.DUE) -> list[BackDue]:
    """Refunds in this state: those due oldest first, those paid newest first."""
    order = Refund.granted_at if state is RefundState.DUE else Refund.paid_at.desc()
    rows = session.execute(
        select(Refund, Payment, Person.name)
        .join(Payment, Payment.id == Refund.payment_id)
        .outerjoin(Person, Person.id == Refund.granted_by)
        .where(Refund.state == state.value)
        .order_by(order)
        .limit(SHOWN)
    ).all()
    known = facts.orders(session, {payment.order_id for _, payment, _ in rows})
    return [
        BackDue(refund, payment, known.get(payment.order_id), name)
        for refund, payment, name in rows
    ]


def flagged(session: Session) -> Sequence[WebhookEvent]:
    """Providers' messages that fit no payment, newest first."""
    return session.scalars(
        select(WebhookEvent)
        .where(WebhookEvent.fault != "")
        .order_by(WebhookEvent.received_at.desc())
        .limit(SHOWN)
    ).all()


def payment_of(session: Session, payment_id: uuid.UUID) -> Payment | None:
    """For staff, who may see every payment."""
    return session.get(Payment, payment_id)


def of_order_link(session: Session, payment_id: uuid.UUID, token: str) -> Payment | None:
    """The payment, if `token` is the secret link of its order."""
    payment = session.get(Payment, payment_id)
    if payment is None:
        return None
    order = facts.orders(session, [payment.order_id]).get(payment.order_id)
    return payment if order is not None and order.token == token else None


def _lately_expired() -> list[ColumnElement[bool]]:
    return [
        Payment.state == PaymentState.EXPIRED.value,
        Payment.expires_at > clock.now() - MAY_STILL_COME,
    ]


def _ended(words: str) -> list[ColumnElement[bool]]:
    found = matching(words)
    which = [Payment.state.in_(_ENDED)] if found else _lately_expired()
    return [_WITH_CODE, *which, *found]


def matching(words: str) -> list[ColumnElement[bool]]:
    """Conditions for the whole sum, its last three digits, or (part of) an order number."""
    if not words:
        return []
    digits = re.sub(r"^rp|[.\s]", "", words.strip().lower())
    sign = re.sub(r"[^0-9A-Z]", "", words.upper())
    if not sign:
        return []
    chosen: list[ColumnElement[bool]] = [Payment.order_number.contains(sign, autoescape=True)]
    if re.fullmatch(r"[0-9]{1,12}", digits):
        chosen.append(Payment.amount == int(digits))
        if len(digits) <= 3:
            chosen.append(Payment.amount % 1000 == int(digits))
    return [or_(*chosen)]


def _with_orders(session: Session, payments: Sequence[Payment]) -> list[Waiting]:
    known = facts.orders(session, {payment.order_id for payment in payments})
    return [Waiting(payment, known.get(payment.order_id)) for payment in payments]
