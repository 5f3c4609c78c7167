"""What whoever shares the money of a sale may know of a part of an order (`ledger.sales`)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.ledger.sales import Ids, Sale, SoldLine, Source
from shop.orders.models import Order, OrderLine, SellerOrder
from shop.orders.states import OPEN, UNDONE, SellerOrderState

_MADE = [state.value for state in OPEN - {SellerOrderState.UNPAID}]


def _sales(session: Session, ids: Ids) -> dict[uuid.UUID, Sale]:
    parts = session.execute(
        select(
            SellerOrder.id, SellerOrder.seller_id, SellerOrder.state, SellerOrder.placed_at,
            (SellerOrder.delivery - SellerOrder.delivery_borne).label("delivery"),
            SellerOrder.delivery_subsidy, SellerOrder.delivery.label("fee_paid"),
            Order.number, Order.buyer_name,
        )
        .join(Order, Order.id == SellerOrder.order_id)
        .where(SellerOrder.id.in_(ids))
    ).all()  # fmt: skip
    undone = {part.id for part in parts if part.state in UNDONE}
    lines: dict[uuid.UUID, list[SoldLine]] = defaultdict(list)
    rules: dict[uuid.UUID, uuid.UUID | None] = {}
    line = OrderLine
    for row in session.execute(
        select(
            line.id, line.seller_order_id, line.name, line.variant_name, line.share_rule_id,
            line.product_id, line.total, line.fee, (line.quantity - line.cancelled).label("pieces"),
            (line.total - line.lowered - line.borne).label("stands"), line.subsidy,
        )
        .where(line.seller_order_id.in_([part.id for part in parts]))
        .order_by(line.position)
    ):  # fmt: skip
        name = f"{row.name}, {row.variant_name}" if row.variant_name else row.name
        # Fee and subsidy shrink with what stands; a part that was undone has neither.
        gross = row.stands
        if row.seller_order_id not in undone:
            gross += row.subsidy * row.stands // row.total
        value = gross - row.fee * row.stands // row.total
        lines[row.seller_order_id].append(
            SoldLine(row.id, name, row.pieces, value, gross, row.product_id)
        )
        rules[row.seller_order_id] = row.share_rule_id  # all lines of a part were sold at once
    return {
        part.id: Sale(
            id=part.id,
            seller_id=part.seller_id,
            rule_id=rules.get(part.id),
            number=part.number,
            buyer=part.buyer_name,
            sold_on=clock.local_day(part.placed_at),
            lines=tuple(lines[part.id]),
            delivery=part.delivery + _added(part),
            ended=part.state in UNDONE | {SellerOrderState.COMPLETED},
        )
        for part in parts
    }


def _added(part: Any) -> int:
    """What the programme adds to the delivery, as `worth` has it, in rupiah."""
    if part.state in UNDONE:
        return 0
    if not part.fee_paid:
        return int(part.delivery_subsidy)
    return int(part.delivery_subsidy * part.delivery // part.fee_paid)


def _still_open(session: Session, seller_id: uuid.UUID) -> Sequence[uuid.UUID]:
    return session.scalars(
        select(SellerOrder.id)
        .where(SellerOrder.seller_id == seller_id, SellerOrder.state.in_(_MADE))
        .order_by(SellerOrder.placed_at)
    ).all()


def _last(session: Session, seller_id: uuid.UUID) -> date | None:
    at = session.scalar(
        select(func.max(SellerOrder.placed_at))
        .join(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .where(SellerOrder.seller_id == seller_id, OrderLine.share_rule_id.is_not(None))
    )
    return clock.local_day(at) if at else None


def _of_product(session: Session, product_id: uuid.UUID, since: date) -> Sequence[uuid.UUID]:
    return session.scalars(
        select(SellerOrder.id)
        .join(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .where(OrderLine.product_id == product_id, SellerOrder.placed_at >= clock.day_start(since))
        .distinct()
    ).all()


SALES = Source(_sales, _still_open, _last, _of_product)
"""The parts of orders."""
