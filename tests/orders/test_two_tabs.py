"""One cart in two tabs is ordered once, and a form's key opens nothing to anybody else."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.orders.models import Order
from tests.catalog.offered import offer
from tests.orders.pages import BUYER, filled, put_in, ready_to_place

pytestmark = pytest.mark.both
UNSIGNED = "lKWa3SBAmSexEi5MEqsoCpXtKAFnrnLT"


def orders(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Order)) or 0


def test_the_same_order_from_a_second_tab_leads_to_the_first(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    one, two = ready_to_place(client), ready_to_place(client)
    placed = client.post("/checkout", data=one).location
    assert client.post("/checkout", data=two).location == placed
    assert orders(session) == 1


def test_another_order_of_the_same_cart_asks_first(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    one, two = ready_to_place(client), ready_to_place(client, buyer_name="Dewi")
    placed = client.post("/checkout", data=one).location
    asks = client.post("/checkout", data=two)
    assert asks.status_code == 409
    number = session.scalars(select(Order.number)).one()
    assert f"Formulir ini sudah menjadi pesanan {number}." in asks.text
    assert placed in asks.text
    assert 'value="Dewi"' in asks.text
    assert orders(session) == 1
    again = client.post("/checkout", data=filled(asks, **BUYER))
    assert again.status_code == 303
    assert again.location != placed
    assert orders(session) == 2


def test_a_tab_from_before_the_cart_changed_asks_first(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    old = ready_to_place(client)
    put_in(client, (variant, 1))
    placed = client.post("/checkout", data=ready_to_place(client)).location
    asks = client.post("/checkout", data=old)
    assert asks.status_code == 409
    assert placed in asks.text
    assert orders(session) == 1
    assert client.post("/checkout", data=filled(asks, **BUYER)).status_code == 303
    assert orders(session) == 2


def test_the_second_tab_leads_to_the_order_that_took_the_last_piece(
    session: Session, client: FlaskClient
):
    variant = offer(session, on_hand=2)
    session.commit()
    put_in(client, (variant, 2))
    one, two = ready_to_place(client), ready_to_place(client, buyer_name="Dewi")
    placed = client.post("/checkout", data=one).location
    told = client.post("/checkout", data=two)
    number = session.scalars(select(Order.number)).one()
    assert f"Formulir ini sudah menjadi pesanan {number}." in told.text
    assert placed in told.text
    assert "Belum ada yang dipesan" not in told.text


def test_the_same_again_from_a_new_cart_is_a_new_order(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=9)
    session.commit()
    places = []
    for _ in range(2):
        put_in(client, (variant, 2))
        answer = client.post("/checkout", data=ready_to_place(client))
        assert answer.status_code == 303
        places.append(answer.location)
    assert places[0] != places[1]
    assert orders(session) == 2


def test_what_stays_in_the_cart_is_another_order(session: Session, client: FlaskClient):
    here, gone = offer(session, on_hand=9), offer(session, on_hand=9)
    session.commit()
    put_in(client, (here, 2), (gone, 1))
    gone.on_hand = 0
    session.commit()
    assert client.post("/checkout", data=ready_to_place(client)).status_code == 303
    gone.on_hand = 9
    session.commit()
    assert client.post("/checkout", data=ready_to_place(client)).status_code == 303
    assert orders(session) == 2


@pytest.mark.parametrize("key", ["", "x", UNSIGNED, f"{UNSIGNED}.{UNSIGNED}", "k" * 900])
def test_a_key_we_did_not_make_is_refused(session: Session, client: FlaskClient, key: str):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    form = ready_to_place(client)
    form["key"] = key
    assert client.post("/checkout", data=form).status_code == 400
    del form["key"]
    assert client.post("/checkout", data=form).status_code == 400
    assert orders(session) == 0


def test_the_key_of_another_visitor_says_nothing(app: Flask, session: Session, client: FlaskClient):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    hers = ready_to_place(client)
    placed = client.post("/checkout", data=hers).location
    stranger, empty = app.test_client(), app.test_client()
    put_in(stranger, (variant, 2))
    form = ready_to_place(stranger)
    form["key"] = hers["key"]
    for answer in (stranger.post("/checkout", data=form), empty.post("/checkout", data=hers)):
        assert answer.status_code == 400
        assert placed not in answer.text
    assert orders(session) == 1
