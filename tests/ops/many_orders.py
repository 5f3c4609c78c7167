"""A shop with very many orders behind it, written straight into the tables, for measures only.

However many there are, the same number is open: a shop grows old, its days do not get longer.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Insert, insert, select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.catalog.models import Variant
from shop.core import clock, ids
from shop.core.settings import default_settings
from shop.ledger.fees import current_rule, set_rule
from shop.orders.models import Order, OrderLine, SellerOrder, SellerOrderEvent
from shop.payments.models import Payment, PaymentPart
from shop.sellers.models import SellerMember
from tests.catalog.offered import offer
from tests.factories.sellers import make_seller

SELLERS = 10
OPEN = 300
CHUNK = 2_000
_WAY = ("waiting", "accepted", "ready", "handed_over", "completed")
_OPEN_STATES = ("waiting", "accepted", "accepted", "ready")
Row = dict[str, Any]


@dataclass
class Stage:
    """Who sells what, and the orders so far: their secret tokens, and parts by their seller."""

    fee_rule: uuid.UUID
    variants: list[list[Variant]]
    owners: list[uuid.UUID]
    tokens: list[str] = field(default_factory=list)
    parts: list[list[uuid.UUID]] = field(default_factory=lambda: [[] for _ in range(SELLERS)])
    numbers: set[str] = field(default_factory=set)

    def new_number(self) -> str:
        """An order number not given yet: of 100,000 two may well be alike."""
        while (number := ids.new_number()) in self.numbers:
            pass
        self.numbers.add(number)
        return number


def set_stage(session: Session) -> Stage:
    """Ten sellers with four things each; commits."""
    session.add(default_settings())
    set_rule(session, 500, None)
    rule = current_rule(session)
    sellers = [make_seller(session, f"Penjual {n}") for n in range(SELLERS)]
    variants = [[offer(session, seller, on_hand=1_000_000) for _ in range(4)] for seller in sellers]
    owners = [
        session.scalars(
            select(Person.id).join(SellerMember).where(SellerMember.seller_id == seller.id)
        ).one()
        for seller in sellers
    ]
    session.commit()
    return Stage(rule.id, variants, owners)


def fill(session: Session, stage: Stage, number: int) -> None:
    """Write orders, each older than the one before, until there are `number`; commits."""
    places = iter(range(len(stage.tokens), number))
    while chunk := list(islice(places, CHUNK)):
        rows: dict[type, list[Row]] = defaultdict(list)
        for place in chunk:
            for table, row in _order(stage, place):
                rows[table].append(row)
        for table in (Order, SellerOrder, OrderLine, SellerOrderEvent, Payment, PaymentPart):
            statement: Insert = insert(table)
            session.execute(statement, rows[table])
        session.commit()


def _order(stage: Stage, place: int) -> Iterator[tuple[type, Row]]:
    order_id, payment_id, token = ids.new_id(), ids.new_id(), ids.new_token()
    placed = clock.now() - timedelta(minutes=10 * place + 1)
    number, sellers = stage.new_number(), {place % SELLERS, (place * 7 + place // 3) % SELLERS}
    stage.tokens.append(token)
    parts = [_part(stage, place, order_id, seller, placed) for seller in sorted(sellers)]
    total = sum(part["total"] for part, _ in parts)
    yield Order, {
        "id": order_id, "number": number, "token": token, "key": token, "content_hash": token,
        "placed_at": placed, "language": "id", "buyer_name": f"Pembeli {place}",
        "buyer_phone": f"+62811{place:08d}", "kelurahan_code": "21.72.01.1001",
        "method": "cash", "goods": total, "delivery": 0, "total": total,
    }  # fmt: skip
    yield Payment, {
        "id": payment_id, "key": token, "order_id": order_id, "order_number": number,
        "method": "cash", "amount": total, "created_at": placed,
        "state": "pending" if place < OPEN else "settled",
        "settled_at": None if place < OPEN else placed,
    }  # fmt: skip
    for position, (part, lines) in enumerate(parts):
        yield SellerOrder, part | {"position": position}
        for row in lines:
            yield OrderLine, row
        for target in _WAY[: _WAY.index(part["state"]) + 1]:
            yield SellerOrderEvent, {
                "id": ids.new_id(), "thing_id": part["id"], "happened_at": placed,
                "actor": "clock", "source": "unpaid", "target": target,
            }  # fmt: skip
        yield PaymentPart, {
            "id": ids.new_id(), "payment_id": payment_id, "seller_order_id": part["id"],
            "seller_id": part["seller_id"], "amount": part["total"],
        }  # fmt: skip


def _part(
    stage: Stage, place: int, order_id: uuid.UUID, seller: int, placed: Any
) -> tuple[Row, list[Row]]:
    part_id, goods = ids.new_id(), stage.variants[seller]
    stage.parts[seller].append(part_id)
    state = _OPEN_STATES[place % 4] if place < OPEN else "completed"
    chosen = (goods[place % 4], goods[(place + 1) % 4])
    total = sum(variant.price * (n + 1) for n, variant in enumerate(chosen))
    lines = [
        {
            "id": ids.new_id(), "seller_order_id": part_id, "seller_id": variant.seller_id,
            "product_id": variant.product_id, "variant_id": variant.id, "position": n,
            "name": "Kerupuk Tenggiri", "unit_price": variant.price, "quantity": n + 1,
            "total": variant.price * (n + 1), "fee": 0, "fee_rule_id": stage.fee_rule,
        }
        for n, variant in enumerate(chosen)
    ]  # fmt: skip
    part = {
        "id": part_id, "order_id": order_id, "seller_id": goods[0].seller_id, "state": state,
        "delivery_kind": "pickup", "goods": total, "delivery": 0, "total": total, "fee": 0,
        "due_on": clock.today() + timedelta(days=place % 3) if place < OPEN else placed.date(),
        "placed_at": placed, "handed_over_at": placed if state == "completed" else None,
        "completed_at": placed if state == "completed" else None,
    }  # fmt: skip
    return part, lines


def addresses(stage: Stage, seller: int, place: int) -> dict[str, str]:
    """The measured pages by name, with the `place`-th things in them where one thing is shown."""
    parts = stage.parts[seller]
    return {
        "seller: new": "/sell/orders",
        "seller: making": "/sell/orders?state=making",
        "seller: done": "/sell/orders?state=done",
        "seller: done, page 3": "/sell/orders?state=done&page=3",
        "seller: one order": f"/sell/orders/{parts[place % len(parts)]}",
        "production sheet": "/sell/orders/making",
        "staff: all": "/staff/orders",
        "staff: completed": "/staff/orders?state=completed",
        "staff: page 3": "/staff/orders?page=3",
        "tracking": f"/o/{stage.tokens[place % len(stage.tokens)]}",
        "receipt": f"/o/{stage.tokens[place % len(stage.tokens)]}/receipt",
    }
