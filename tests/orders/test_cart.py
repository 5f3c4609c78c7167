"""A cart keeps what was chosen, never more of it than can be had."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Product
from shop.catalog.reserve import SoldOut
from shop.catalog.states import ProductState
from shop.core import ids
from shop.orders import cart
from shop.orders.models_cart import Cart, CartLine
from shop.sellers.states import SellerState
from tests.catalog.offered import offer
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
TOKEN = "a-visitor"


def lines(session: Session) -> dict[object, int]:
    return {line.variant_id: line.quantity for line in session.scalars(select(CartLine))}


def test_the_same_thing_twice_is_one_line(session: Session):
    variant = offer(session, on_hand=10)
    assert cart.add(session, TOKEN, variant.id, 2) == 2
    assert cart.add(session, TOKEN, variant.id, 3) == 5
    assert lines(session) == {variant.id: 5}
    assert session.scalars(select(Cart)).one().token_hash == ids.token_hash(TOKEN)


def test_two_visitors_have_two_carts(session: Session):
    variant = offer(session, on_hand=10)
    cart.add(session, TOKEN, variant.id, 2)
    cart.add(session, "another", variant.id, 1)
    cart.remove(session, "another", [variant.id])
    assert lines(session) == {variant.id: 2}


def test_no_more_than_is_left_goes_in(session: Session):
    variant = offer(session, on_hand=3)
    assert cart.add(session, TOKEN, variant.id, 5) == 3
    assert cart.add(session, TOKEN, variant.id, 1) == 3


def test_no_more_than_the_cap_of_a_thing_made_to_order(session: Session):
    variant = offer(session, on_hand=None)
    session.get_one(Product, variant.product_id).most_per_order = 4
    assert cart.add(session, TOKEN, variant.id, 9) == 4


def test_what_is_sold_out_does_not_go_in(session: Session):
    variant = offer(session, on_hand=0)
    with pytest.raises(SoldOut):
        cart.add(session, TOKEN, variant.id, 1)


@pytest.mark.parametrize("state", [ProductState.DRAFT, ProductState.HIDDEN, ProductState.WAITING])
def test_what_is_not_on_the_shelf_does_not_go_in(session: Session, state: ProductState):
    variant = offer(session, on_hand=5, state=state)
    with pytest.raises(cart.NotForSale):
        cart.add(session, TOKEN, variant.id, 1)


def test_what_a_suspended_seller_has_does_not_go_in(session: Session):
    seller = make_seller(session, state=SellerState.SUSPENDED)
    variant = offer(session, seller, on_hand=5)
    with pytest.raises(cart.NotForSale):
        cart.add(session, TOKEN, variant.id, 1)


@pytest.mark.parametrize("quantity", [0, -1])
def test_less_than_one_does_not_go_in(session: Session, quantity: int):
    variant = offer(session, on_hand=5)
    with pytest.raises(ValueError, match="pieces"):
        cart.add(session, TOKEN, variant.id, quantity)


def test_quantities_are_set_and_removed(session: Session):
    variant = offer(session, on_hand=5)
    cart.add(session, TOKEN, variant.id, 1)
    assert cart.set_quantity(session, TOKEN, variant.id, 4) == 4
    assert cart.set_quantity(session, TOKEN, variant.id, 9) == 5
    assert cart.set_quantity(session, TOKEN, variant.id, 0) == 0
    assert lines(session) == {}
    assert cart.set_quantity(session, TOKEN, variant.id, 1) == 0


def test_a_price_counts_as_seen_when_the_quantity_is_set(session: Session):
    variant = offer(session, on_hand=5)
    cart.add(session, TOKEN, variant.id, 1)
    variant.price = 17_000
    session.flush()
    assert session.scalars(select(CartLine.price_seen)).one() == 15_000
    cart.set_quantity(session, TOKEN, variant.id, 2)
    assert session.scalars(select(CartLine.price_seen)).one() == 17_000


def test_a_cart_does_not_grow_without_end(session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cart, "MOST_LINES", 1)
    cart.add(session, TOKEN, offer(session, on_hand=5).id, 1)
    with pytest.raises(cart.CartFull):
        cart.add(session, TOKEN, offer(session, on_hand=5).id, 1)
