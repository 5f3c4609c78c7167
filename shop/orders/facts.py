"""What rooms below may know of orders, asked for through `ledger.facts`."""

from __future__ import annotations

import uuid

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from shop.ledger.facts import Ids, OrderFacts, PartFacts
from shop.ledger.models import FeeRule
from shop.orders.models import Order, OrderLine, SellerOrder

_PLAIN = (func.count(FeeRule.id.distinct()) == 1) & (func.max(FeeRule.flat) == 0)
"""One percentage says what is kept of the whole part."""


def part_facts(session: Session, ids: Ids) -> dict[uuid.UUID, PartFacts]:
    """Number, buyer and sums of these seller orders, by id."""
    rows = session.execute(
        select(
            SellerOrder.id, Order.number, Order.buyer_name, SellerOrder.goods,
            SellerOrder.delivery, case((_PLAIN, func.max(FeeRule.basis_points)), else_=0),
        )
        .join(Order, Order.id == SellerOrder.order_id)
        .outerjoin(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .outerjoin(FeeRule, FeeRule.id == OrderLine.fee_rule_id)
        .where(SellerOrder.id.in_(ids))
        .group_by(
            SellerOrder.id, Order.number, Order.buyer_name, SellerOrder.goods, SellerOrder.delivery
        )
    )  # fmt: skip
    return {row[0]: PartFacts(*row[1:]) for row in rows}


def order_facts(session: Session, ids: Ids) -> dict[uuid.UUID, OrderFacts]:
    """Number, secret link and buyer of these orders, by id."""
    rows = session.execute(
        select(Order.id, Order.number, Order.token, Order.buyer_name, Order.buyer_phone).where(
            Order.id.in_(ids)
        )
    )
    return {row[0]: OrderFacts(*row[1:]) for row in rows}
