"""What a seller has to make, by day, across orders. Always read through the seller."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from shop.catalog.models import Product
from shop.core import clock
from shop.orders.models import Order, OrderLine, SellerOrder
from shop.orders.states import SellerOrderState as S

MOST_LINES = 1000
"""Lines of open orders on one sheet; the nearest days come first."""


@dataclass(frozen=True)
class Wanted:
    """So many pieces for one order. `waiting`: the seller has not said yes to it yet."""

    part_id: uuid.UUID
    number: str
    buyer: str
    pieces: int
    note: str
    waiting: bool


@dataclass(frozen=True)
class ToMake:
    """One thing to be made for a day, and for which orders."""

    name: str
    name_en: str
    variant_name: str
    unit: str
    unit_en: str
    orders: Sequence[Wanted]

    @property
    def pieces(self) -> int:
        """Pieces that were promised."""
        return sum(order.pieces for order in self.orders if not order.waiting)

    @property
    def waiting(self) -> int:
        """Pieces of orders that still wait for the seller's answer."""
        return sum(order.pieces for order in self.orders if order.waiting)


@dataclass(frozen=True)
class MakingDay:
    """All that is to be made for one day; what is late counts as for today."""

    day: date
    things: Sequence[ToMake]


def making(session: Session, seller_id: uuid.UUID) -> list[MakingDay]:
    """The seller's production sheet: open parts that are not ready yet, the nearest day first."""
    rows = session.execute(
        select(OrderLine, SellerOrder, Order.number, Order.buyer_name, Product)
        .join(SellerOrder, OrderLine.seller_order_id == SellerOrder.id)
        .join(Order, SellerOrder.order_id == Order.id)
        .join(Product, OrderLine.product_id == Product.id)
        .where(
            SellerOrder.seller_id == seller_id,
            SellerOrder.state.in_([S.ACCEPTED.value, S.WAITING.value]),
            OrderLine.quantity > OrderLine.cancelled + OrderLine.refunded,
        )
        .order_by(SellerOrder.due_on, SellerOrder.placed_at, SellerOrder.id, OrderLine.position)
        .limit(MOST_LINES)
    ).all()
    today = clock.today()
    by_day = groupby(rows, key=lambda row: max(row[1].due_on, today))
    return [MakingDay(day, _things(list(found))) for day, found in by_day]


def _things(rows: Sequence[Row[OrderLine, SellerOrder, str, str, Product]]) -> list[ToMake]:
    wanted: dict[uuid.UUID, list[Wanted]] = defaultdict(list)
    first: dict[uuid.UUID, tuple[OrderLine, Product]] = {}
    for line, part, number, buyer, product in rows:
        first.setdefault(line.variant_id, (line, product))
        left = line.quantity - line.cancelled - line.refunded
        waiting = part.state == S.WAITING
        order = Wanted(part.id, number, buyer, left, part.note, waiting)
        wanted[line.variant_id].append(order)
    things = [
        ToMake(
            line.name, line.name_en, line.variant_name, product.unit, product.unit_en,
            wanted[variant_id],
        )
        for variant_id, (line, product) in first.items()
    ]  # fmt: skip
    return sorted(things, key=lambda thing: (-thing.pieces, -thing.waiting, thing.name))
