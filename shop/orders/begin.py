"""A part becomes work to do: its money is there, or cash will be paid as it is handed over."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Product
from shop.catalog.order_day import order_day
from shop.core import clock
from shop.core.settings import load_settings
from shop.orders.delivery import due_day
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.move import move_parts
from shop.orders.states import SellerOrderState
from shop.orders.tell import NEW, tell_sellers


def begin(session: Session, parts: Sequence[SellerOrder]) -> None:
    """Put these parts on their sellers' lists and tell them. Raises `IllegalMove`.

    The days to make a thing count from now: who pays a day later gets it a day later, unless it
    was wanted for a later day anyhow. From now on the seller has the shop's hours to answer.
    """
    today = order_day(clock.now())
    late = [part.id for part in parts if order_day(part.placed_at) < today]
    earliest = _earliest(session, late)
    for part in parts:
        part.due_on = max(part.due_on, earliest.get(part.id, part.due_on))
    session.flush()
    for source in sorted({part.state for part in parts}):
        moving = [part.id for part in parts if part.state == source]
        move_parts(
            session, moving, SellerOrderState(source), SellerOrderState.WAITING, actor="payment",
            answer_by=clock.now() + timedelta(hours=load_settings(session).unaccepted_hours),
        )  # fmt: skip
    tell_sellers(session, [part.id for part in parts], NEW)


def _earliest(session: Session, part_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, date]:
    """By when each of these parts can be made if it is begun today."""
    if not part_ids:
        return {}
    days = session.execute(
        select(OrderLine.seller_order_id, func.max(Product.lead_days))
        .join(Product, Product.id == OrderLine.product_id)
        .where(OrderLine.seller_order_id.in_(part_ids))
        .group_by(OrderLine.seller_order_id)
    )
    return {part_id: due_day([lead]) for part_id, lead in days}


def parts_in(
    session: Session, part_ids: Sequence[uuid.UUID], state: SellerOrderState
) -> Sequence[SellerOrder]:
    """Those of these parts that stand in `state` now."""
    return session.scalars(
        select(SellerOrder)
        .where(SellerOrder.id.in_(part_ids), SellerOrder.state == state.value)
        .order_by(SellerOrder.id)
        .execution_options(populate_existing=True)
    ).all()
