"""Changing what is said about a product, and what it costs."""

from __future__ import annotations

import uuid
from typing import Unpack

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.catalog import search, stock
from shop.catalog.facts import Facts, plain
from shop.catalog.models import Product
from shop.catalog.states import StockKind
from shop.core.money import MAX_PRICE, Rupiah


class PriceOutOfRange(Exception):
    """A price is Rp1 to Rp100.000.000: more is more likely a typing slip."""


def set_price(
    session: Session, variant_id: uuid.UUID, price: int, person_id: uuid.UUID | None
) -> None:
    """From now on it costs `price` rupiah; orders keep what they were placed at.

    Raises `PriceOutOfRange`.
    """
    if not 1 <= price <= MAX_PRICE:
        raise PriceOutOfRange
    variant = stock.locked(session, variant_id)
    if variant.price == price:
        return
    audit.write(
        session, person_id, "product.price", "product", variant.product_id,
        before=variant.price, after=price,
    )  # fmt: skip
    variant.price = Rupiah(price)


def describe(
    session: Session,
    product_id: uuid.UUID,
    *,
    person_id: uuid.UUID | None,
    name: str,
    category_slug: str,
    **facts: Unpack[Facts],
) -> None:
    """Change the name, the shelf and the facts given. The address stays as it is."""
    product = session.get_one(Product, product_id)
    wanted = {"name": name, "category_slug": category_slug, **plain(facts)}
    changed = [field for field, value in wanted.items() if getattr(product, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(product, field, wanted[field])
    audit.write(session, person_id, "product.describe", "product", product_id, fields=changed)
    session.flush()  # the search reads the row
    search.index(session, product_id)


def set_stock(
    session: Session,
    product_id: uuid.UUID,
    on_hand: int | None,
    *,
    lead_days: int,
    most_per_order: int,
    key: str,
    person_id: uuid.UUID | None,
) -> None:
    """Sell the `on_hand` pieces there are, or (None) make it within `lead_days` of an order.

    Raises `StockBelowReserved`.
    """
    product = session.get_one(Product, product_id)
    stock.count(session, product.variants[0].id, on_hand, key=key, person_id=person_id)
    kind = StockKind.MADE_TO_ORDER if on_hand is None else StockKind.READY
    product.stock_kind = kind.value
    product.lead_days = lead_days
    product.most_per_order = most_per_order
