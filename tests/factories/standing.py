"""Standing orders, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.core import clock, ids
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.standing.models import StandingOrder
from shop.standing.start import start
from shop.standing.wanted import Wanted
from shop.standing.week import week

THURSDAY = 3


def wanted(*things: tuple[Variant, int], **other: Any) -> Wanted:
    """Every Thursday from today on, in cash, fetched; keywords say what is otherwise."""
    values: dict[str, Any] = {
        "seller_id": things[0][0].seller_id,
        "lines": tuple((variant.id, pieces) for variant, pieces in things),
        "weekday": THURSDAY,
        "starts_on": clock.today(),
        "ends_on": None,
        "delivery_kind": DeliveryKind.PICKUP,
        "method": Method.CASH,
        "buyer_name": "Kedai Kopi Pelangi",
        "buyer_phone": "+6281234567890",
    }
    return Wanted(**(values | other))


def standing_order(
    session: Session, *things: tuple[Variant, int], key: str | None = None, **other: Any
) -> StandingOrder:
    """One that runs, agreed to at the prices of now."""
    wish = wanted(*things, **other)
    total = week(session, wish).total
    return start(session, wish, key=key or ids.new_token(), agreed=total)


def day(month: int, number: int) -> date:
    """A day of 2026."""
    return date(2026, month, number)
