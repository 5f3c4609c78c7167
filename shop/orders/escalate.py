"""A part its seller has not looked at for hours goes to the facilitators, who can call her."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shop.accounts import notify, people
from shop.accounts.models import Role
from shop.core import clock
from shop.core.settings import load_settings
from shop.orders.models import Order, SellerOrder, SellerOrderEvent
from shop.orders.states import SellerOrderState
from shop.sellers.models import Seller

UNSEEN = "order_unseen"
LIST = "/staff/unseen"


def escalate_unseen(session: Session) -> int:
    """Put what nobody looked at in time on the facilitators' list, once; returns how many parts.

    The hours count from when the part became work. Facilitators and managers are told.
    """
    latest = clock.now() - timedelta(hours=load_settings(session).unseen_hours)
    began = (
        select(func.max(SellerOrderEvent.happened_at))
        .where(
            SellerOrderEvent.thing_id == SellerOrder.id,
            SellerOrderEvent.target == SellerOrderState.WAITING.value,
        )
        .scalar_subquery()
    )
    part_ids = session.scalars(
        update(SellerOrder)
        .where(
            SellerOrder.state == SellerOrderState.WAITING.value,
            SellerOrder.seen_at.is_(None),
            SellerOrder.escalated_at.is_(None),
            began <= latest,
        )
        .values(escalated_at=clock.now())
        .returning(SellerOrder.id)
        .execution_options(synchronize_session=False)
    ).all()
    if part_ids:
        _tell(session, part_ids)
    return len(part_ids)


def _tell(session: Session, part_ids: Sequence[uuid.UUID]) -> None:
    staff = people.staff(session, Role.FACILITATOR, Role.MANAGER)
    rows = session.execute(
        select(SellerOrder.id, Order.number, Seller.name)
        .join(Order, Order.id == SellerOrder.order_id)
        .join(Seller, Seller.id == SellerOrder.seller_id)
        .where(SellerOrder.id.in_(part_ids))
        .order_by(SellerOrder.id)
    )
    news = [
        notify.Told(staff, None, LIST, part_id.hex, {"number": number, "seller": seller})
        for part_id, number, seller in rows
    ]
    notify.tell_all(session, UNSEEN, news)
