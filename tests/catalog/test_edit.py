"""Changing price, stock and what is said; every change is written down."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine
from shop.catalog import search
from shop.catalog.edit import PriceOutOfRange, describe, set_price, set_stock
from shop.catalog.reserve import reserve
from shop.catalog.stock import StockBelowReserved
from shop.core.money import MAX_PRICE
from tests.catalog.offered import offer, shelf
from tests.factories.people import make_person

pytestmark = pytest.mark.both


def test_a_new_price_is_written_down_with_who_and_what_before(session: Session):
    variant, person = offer(session), make_person(session)
    set_price(session, variant.id, 17_500, person.id)
    session.flush()
    assert variant.price == 17_500
    line = session.scalars(select(AuditLine)).one()
    assert (line.person_id, line.action) == (person.id, "product.price")
    assert line.detail == {"before": 15_000, "after": 17_500}


def test_the_same_price_again_is_no_change(session: Session):
    variant = offer(session)
    set_price(session, variant.id, 15_000, None)
    assert session.scalars(select(AuditLine)).all() == []


@pytest.mark.parametrize("price", [0, -1, MAX_PRICE + 1, 1_000_000_000])
def test_senseless_prices_are_refused(session: Session, price: int):
    variant = offer(session)
    with pytest.raises(PriceOutOfRange):
        set_price(session, variant.id, price, None)
    assert variant.price == 15_000


def test_what_is_said_anew_is_found_anew(session: Session):
    product = offer(session).product
    describe(
        session, product.id, person_id=None, name="Rempeyek Bilis", allergens=["fish", "peanut"],
        category_slug=shelf(session).slug, weight_g=150,
    )  # fmt: skip
    session.expire_all()
    assert (product.name, product.weight_g) == ("Rempeyek Bilis", 150)
    assert product.allergens == ["fish", "peanut"]
    assert product.id in search.find(session, "rempeyek")
    line = session.scalars(select(AuditLine)).one()
    assert set(line.detail["fields"]) == {"name", "allergens", "weight_g"}


def test_saying_the_same_again_is_no_change(session: Session):
    product = offer(session).product
    describe(
        session, product.id, person_id=None, name=product.name, category_slug=shelf(session).slug
    )
    assert session.scalars(select(AuditLine)).all() == []


def test_from_made_to_order_to_ready_and_back(session: Session):
    variant = offer(session, on_hand=None)
    product = variant.product
    common = {"lead_days": 2, "most_per_order": 20, "person_id": None}
    set_stock(session, product.id, 8, key="a", **common)
    assert (product.stock_kind, variant.on_hand, product.most_per_order) == ("ready", 8, 20)
    set_stock(session, product.id, None, key="b", **common)
    assert (product.stock_kind, variant.on_hand, product.lead_days) == ("made_to_order", None, 2)


def test_what_is_promised_bounds_the_count(session: Session):
    variant = offer(session, on_hand=None)
    reserve(session, {variant.id: 5}, key="order")
    with pytest.raises(StockBelowReserved):
        set_stock(
            session, variant.product_id, 4, lead_days=0, most_per_order=9, key="a", person_id=None
        )
    session.refresh(variant)
    assert variant.on_hand is None
