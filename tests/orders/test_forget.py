"""A cart lives thirty days from its last change, and its cookie longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.orders import cart, cart_notes
from shop.orders.forget import CART_LASTS, forget_old
from shop.orders.models import OrderLookup
from shop.orders.models_cart import Cart, CartLine, CartNote
from shop.timetable import TIMETABLE
from tests.catalog.offered import offer
from tests.orders.pages import put_in

pytestmark = pytest.mark.both


def test_a_cart_lies_for_thirty_days(session: Session, noon: datetime):
    variant = offer(session, on_hand=5)
    cart.add(session, "old", variant.id, 1)
    cart_notes.keep(session, "old", {variant.seller_id: "Pedas"})
    with clock.at(noon + timedelta(days=1)):
        cart.add(session, "young", variant.id, 2)
    session.commit()
    with clock.at(noon + CART_LASTS):
        assert forget_old(session) == 0
    with clock.at(noon + CART_LASTS + timedelta(seconds=1)):
        assert forget_old(session) == 1
        assert forget_old(session) == 0
    session.commit()
    assert session.scalars(select(Cart.token_hash)).all() == [ids.token_hash("young")]
    assert session.scalars(select(CartLine.quantity)).all() == [2]
    assert session.scalars(select(CartNote)).all() == []


def test_touching_it_lets_it_live_on(session: Session, noon: datetime):
    variant = offer(session, on_hand=5)
    cart.add(session, "mine", variant.id, 1)
    with clock.at(noon + timedelta(days=29)):
        cart.set_quantity(session, "mine", variant.id, 2)
    with clock.at(noon + timedelta(days=31)):
        assert forget_old(session) == 0


def test_the_clock_does_it(session: Session, noon: datetime):
    variant = offer(session, on_hand=5)
    cart.add(session, "mine", variant.id, 1)
    session.commit()
    with clock.at(noon + timedelta(days=31)):
        TIMETABLE["carts"].run(session)
    assert session.scalars(select(Cart)).all() == []


def test_tries_at_finding_an_order_are_kept_for_a_day(session: Session, noon: datetime):
    session.add(OrderLookup(address="10.0.0.1", number="X", found=False))
    session.flush()
    with clock.at(noon + timedelta(hours=23)):
        forget_old(session)
        assert len(session.scalars(select(OrderLookup)).all()) == 1
    with clock.at(noon + timedelta(hours=25)):
        forget_old(session)
        assert session.scalars(select(OrderLookup)).all() == []


def test_the_cookie_lives_at_least_as_long(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    sent = {"variant_id": variant.id, "quantity": 1}
    answer = client.post("/cart/add", data=sent)
    (kept,) = [v for v in answer.headers.getlist("Set-Cookie") if v.startswith("shop=")]
    until = parsedate_to_datetime(kept.partition("Expires=")[2].partition(";")[0])
    assert until > clock.now() + CART_LASTS


def test_a_visitor_finds_her_cart_after_thirty_days(
    session: Session, client: FlaskClient, noon: datetime
):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    with clock.at(noon + CART_LASTS):
        forget_old(session)
        session.commit()
        assert "2 barang dari" in client.get("/cart").text
