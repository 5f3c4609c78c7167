"""Orders on their way, each stage reached by the use cases that people's clicks call."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.core import ids
from shop.orders.accept import accept
from shop.orders.checkout import PartWanted, PlaceOrder, place
from shop.orders.complete import complete
from shop.orders.hand_over import hand_over
from shop.orders.models import Order, SellerOrder
from shop.orders.place_order import WantedLine
from shop.orders.ready import ready
from shop.orders.states import DeliveryKind
from shop.payments.models import Payment
from shop.payments.settle import settle
from shop.payments.states import Method
from tests.catalog.offered import offer

IN_TOWN = "21.72.01.1001"
"""Tanjungpinang Barat: zone A, where the factory's sellers deliver for Rp10.000."""

Things = tuple[Variant, int]
"""A variant and how many of it."""


def filled_in(
    *things: Things,
    key: str | None = None,
    method: Method = Method.TRANSFER,
    delivery: DeliveryKind = DeliveryKind.PICKUP,
    fee_seen: int | None = None,
    kelurahan: str | None = IN_TOWN,
    name: str = "Dewi Anggraini",
    phone: str = "+6281234567890",
    note: str = "",
    point_id: uuid.UUID | None = None,
    **more: Any,
) -> PlaceOrder:
    """A checkout of these things at the prices of now, one part a seller.

    `point_id` is where all of it is fetched if `delivery` is a pick-up point; further keywords are
    fields of `PlaceOrder`.
    """
    lines: dict[uuid.UUID, list[WantedLine]] = defaultdict(list)
    for variant, quantity in things:
        lines[variant.seller_id].append((variant.id, quantity, variant.price))
    return PlaceOrder(
        key=key or ids.new_token(),
        language="id",
        buyer_name=name,
        buyer_phone=phone,
        buyer_id=None,
        kelurahan_code=kelurahan,
        address="Jl. Pramuka 12, samping musala",
        method=method,
        parts=tuple(
            PartWanted(seller_id, delivery, note, tuple(found), fee_seen, point_id)
            for seller_id, found in lines.items()
        ),
        **more,
    )


def placed_order(
    session: Session,
    *things: Things,
    method: Method = Method.TRANSFER,
    delivery: DeliveryKind = DeliveryKind.PICKUP,
    name: str = "Dewi Anggraini",
    note: str = "",
) -> Order:
    """Placed a moment ago; in cash it is work at once. Without `things`: 2 of one at Rp15.000."""
    wanted = things or ((offer(session, on_hand=10), 2),)
    return place(
        session, filled_in(*wanted, method=method, delivery=delivery, name=name, note=note)
    )


def paid_order(
    session: Session,
    *things: Things,
    method: Method = Method.TRANSFER,
    delivery: DeliveryKind = DeliveryKind.PICKUP,
) -> Order:
    """Placed, and its transfer seen by staff; cash is paid when it is handed over."""
    order = placed_order(session, *things, method=method, delivery=delivery)
    if method is not Method.CASH:
        settle(session, payment_of(session, order).id, actor="staff", person_id=None)
    return order


def accepted_part(
    session: Session,
    *things: Things,
    method: Method = Method.TRANSFER,
    delivery: DeliveryKind = DeliveryKind.PICKUP,
) -> SellerOrder:
    """The first part of a paid order, accepted."""
    part = paid_order(session, *things, method=method, delivery=delivery).parts[0]
    accept(session, part.id, None)
    return part


def ready_part(
    session: Session,
    *things: Things,
    method: Method = Method.TRANSFER,
    delivery: DeliveryKind = DeliveryKind.PICKUP,
) -> SellerOrder:
    """An accepted part, made."""
    part = accepted_part(session, *things, method=method, delivery=delivery)
    ready(session, part.id, None)
    return part


def handed_over_part(
    session: Session,
    *things: Things,
    method: Method = Method.TRANSFER,
    delivery: DeliveryKind = DeliveryKind.PICKUP,
    cash_received: bool = True,
) -> SellerOrder:
    """A part that was made and is with the buyer, its cash in the seller's hand."""
    part = ready_part(session, *things, method=method, delivery=delivery)
    hand_over(session, part.id, None, cash_received=cash_received)
    return part


def completed_part(
    session: Session, *things: Things, method: Method = Method.TRANSFER
) -> SellerOrder:
    """A part the buyer has confirmed, earned by its seller."""
    part = handed_over_part(session, *things, method=method)
    complete(session, part.id, actor="buyer")
    return part


def payment_of(session: Session, order: Order) -> Payment:
    """The order's (first) payment."""
    found = session.scalars(
        select(Payment).where(Payment.order_id == order.id).order_by(Payment.id)
    ).first()
    assert found is not None
    return found
