"""Parts that no clock will ever close: a person has to ask their sellers what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from shop.core import clock
from shop.core.settings import load_settings
from shop.orders.models import SellerOrder
from shop.orders.states import SellerOrderState
from shop.payments.models import Payment, PaymentPart
from shop.payments.states import Method, PaymentState

MOST = 200
GRACE_DAYS = 1
"""So many days after the promised one nobody is called yet."""
_IN_HAND = (SellerOrderState.ACCEPTED.value, SellerOrderState.READY.value)


def stuck(session: Session) -> Sequence[SellerOrder]:
    """What is with its seller past its day, or with its buyer and its cash not written down.

    The longest first. Cash has the days after which a paid part closes by itself.
    """
    return session.scalars(
        select(SellerOrder)
        .where(_stuck(session))
        .options(joinedload(SellerOrder.seller), joinedload(SellerOrder.order))
        .order_by(SellerOrder.due_on, SellerOrder.id)
        .limit(MOST)
    ).all()


def count_stuck(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count(SellerOrder.id)).where(_stuck(session))) or 0


def owes_cash(part: SellerOrder) -> bool:
    """Whether a stuck part waits for its seller to write down the cash."""
    return part.state == SellerOrderState.HANDED_OVER


def _stuck(session: Session) -> ColumnElement[bool]:
    days = timedelta(days=load_settings(session).completed_after_days)
    cash = exists().where(
        PaymentPart.seller_order_id == SellerOrder.id,
        PaymentPart.payment_id == Payment.id,
        Payment.method == Method.CASH.value,
        Payment.state == PaymentState.PENDING.value,
    )
    return or_(
        and_(
            SellerOrder.state.in_(_IN_HAND),
            SellerOrder.due_on < clock.today() - timedelta(days=GRACE_DAYS),
        ),
        and_(
            SellerOrder.state == SellerOrderState.HANDED_OVER.value,
            SellerOrder.handed_over_at <= clock.now() - days,
            cash,
        ),
    )
