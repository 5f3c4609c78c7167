"""Parts that wait though their sellers have not looked at them, for who can call."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from shop.orders.models import SellerOrder
from shop.orders.states import SellerOrderState

MOST = 200


def unseen(session: Session) -> Sequence[SellerOrder]:
    """What was escalated and is neither seen nor answered; what runs out first comes first."""
    return session.scalars(
        select(SellerOrder)
        .where(*_unseen())
        .options(joinedload(SellerOrder.seller), joinedload(SellerOrder.order))
        .order_by(SellerOrder.answer_by, SellerOrder.id)
        .limit(MOST)
    ).all()


def count_unseen(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count(SellerOrder.id)).where(*_unseen())) or 0


def _unseen() -> tuple[ColumnElement[bool], ...]:
    return (
        SellerOrder.state == SellerOrderState.WAITING.value,
        SellerOrder.seen_at.is_(None),
        SellerOrder.escalated_at.is_not(None),
    )
