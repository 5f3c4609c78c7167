"""Couriers and their deliveries for tests."""

from __future__ import annotations

import itertools

from sqlalchemy.orm import Session

from shop.orders.hand_over import hand_over
from shop.orders.models import SellerOrder
from shop.orders.states import DeliveryKind
from shop.payments.carry import take
from shop.payments.states import Method
from shop.sellers.keep_holders import add_courier
from shop.sellers.models_holder import CashHolder
from tests.factories.orders import Things, payment_of, ready_part

_numbers = itertools.count(1)


def make_courier(session: Session, name: str = "") -> CashHolder:
    """A courier of the programme."""
    return add_courier(
        session, None, name=name or f"Kurir {next(_numbers)}", phone="+6281234500001"
    )


def sent_part(session: Session, holder: CashHolder, *things: Things) -> SellerOrder:
    """A cash order that went off with this courier; nobody has said that he has the money."""
    part = ready_part(session, *things, method=Method.CASH, delivery=DeliveryKind.DELIVERY)
    hand_over(session, part.id, None, carrier_id=holder.id)
    return part


def carried_part(session: Session, holder: CashHolder, *things: Things) -> SellerOrder:
    """A cash order whose money this courier carries."""
    part = sent_part(session, holder, *things)
    take(session, payment_of(session, part.order).id, person_id=None)
    return part
