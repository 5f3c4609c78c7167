"""What buyers pay to sellers directly, as these sellers and staff look for it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.ledger import facts
from shop.ledger.facts import OrderFacts
from shop.payments.deadline import MAY_STILL_COME
from shop.payments.models import Payment
from shop.payments.states import PaymentState
from shop.sellers.models import Seller

_OPEN = (PaymentState.CLAIMED.value, PaymentState.PENDING.value)
_MOST = 100


@dataclass(frozen=True)
class Direct:
    """One such payment, who collects it, and its order as far as that is known."""

    payment: Payment
    seller: str
    order: OrderFacts | None

    @property
    def since(self) -> datetime:
        """When the buyer said it was sent, or else when it was asked for."""
        return self.payment.claimed_at or self.payment.created_at

    @property
    def open(self) -> bool:
        """Whether it is still waited for; else its time is over, and it may come all the same."""
        return self.payment.state in _OPEN


def direct(session: Session, seller_id: uuid.UUID | None = None) -> list[Direct]:
    """Those of one seller, or of all: first what buyers say was sent, last what ran out lately."""
    rows = session.execute(
        select(Payment, Seller.name)
        .join(Seller, Seller.id == Payment.collector_id)
        .where(_looked_for(), *([Payment.collector_id == seller_id] if seller_id else []))
        .order_by(
            case(
                (Payment.state == PaymentState.CLAIMED.value, 0),
                (Payment.state == PaymentState.PENDING.value, 1),
                else_=2,
            ),
            func.coalesce(Payment.claimed_at, Payment.created_at),
        )
        .limit(_MOST)
    ).all()
    known = facts.orders(session, {payment.order_id for payment, _ in rows})
    return [Direct(payment, name, known.get(payment.order_id)) for payment, name in rows]


def direct_payment(
    session: Session, payment_id: uuid.UUID, seller_id: uuid.UUID | None = None
) -> Payment | None:
    """One that is paid to a seller directly; for a seller only her own."""
    payment = session.get(Payment, payment_id)
    if payment is None or payment.collector_id is None:
        return None
    return payment if seller_id in (None, payment.collector_id) else None


def direct_count(session: Session, seller_id: uuid.UUID) -> int:
    """How many a seller is still to be paid, or to look for."""
    waiting: Sequence[ColumnElement[bool]] = [Payment.state.in_(_OPEN)]
    found = session.scalar(
        select(func.count()).select_from(Payment).where(Payment.collector_id == seller_id, *waiting)
    )
    return found or 0


def _looked_for() -> ColumnElement[bool]:
    lately = Payment.expires_at > clock.now() - MAY_STILL_COME
    return or_(Payment.state.in_(_OPEN), (Payment.state == PaymentState.EXPIRED.value) & lately)
