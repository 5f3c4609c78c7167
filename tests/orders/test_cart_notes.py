"""A note to each seller lies in the cart, goes into the order, and is gone with it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.orders.models import Order
from shop.orders.models_cart import CartNote
from tests.catalog.offered import offer
from tests.factories.sellers import make_seller
from tests.orders.pages import fields, put_in, ready_to_place

pytestmark = pytest.mark.both


def test_notes_are_kept_and_stand_in_the_checkout(session: Session, client: FlaskClient):
    one = offer(session, make_seller(session, "Rohana"), on_hand=5)
    two = offer(session, make_seller(session, "Yuliana"), on_hand=5)
    session.commit()
    put_in(client, (one, 1), (two, 1))
    assert set(fields(client.get("/cart"), "/cart/notes")) <= {"csrf_token"}
    sent = {f"note-{one.seller_id.hex}": " Agak pedas ", f"note-{two.seller_id.hex}": "Sore saja"}
    answer = client.post("/cart/notes", data={**sent, "checkout": "1"})
    assert (answer.status_code, answer.location) == (303, "/checkout")
    for page in (client.get("/cart").text, client.get("/checkout").text):
        assert 'value="Agak pedas"' in page
        assert 'value="Sore saja"' in page
    client.post("/cart/notes", data={f"note-{one.seller_id.hex}": ""})
    page = client.get("/cart").text
    assert "Agak pedas" not in page
    assert "Sore saja" in page


def test_a_note_goes_into_the_order_and_leaves_the_cart(session: Session, client: FlaskClient):
    one, two = offer(session, on_hand=5), offer(session, on_hand=5)
    session.commit()
    put_in(client, (one, 1))
    client.post("/cart/notes", data={f"note-{one.seller_id.hex}": "Agak pedas"})
    form = ready_to_place(client)
    assert client.post("/checkout", data=form).status_code == 303
    session.rollback()
    assert session.scalars(select(Order)).one().parts[0].note == "Agak pedas"
    assert session.scalars(select(CartNote)).all() == []
    put_in(client, (one, 1), (two, 1))
    assert "Agak pedas" not in client.get("/cart").text


def test_a_long_note_is_refused_beside_its_field(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    page = client.post("/cart/notes", data={f"note-{variant.seller_id.hex}": "x" * 301})
    assert page.status_code == 422
    assert "x" * 301 in page.text
    assert "Terlalu panjang: paling banyak 300 huruf." in page.text
    assert session.scalars(select(CartNote)).all() == []


def test_a_note_to_whom_nothing_is_ordered_of_is_not_kept(session: Session, client: FlaskClient):
    variant, other = offer(session, on_hand=5), make_seller(session, "Lain")
    session.commit()
    sent = {f"note-{other.id.hex}": "Halo", "note-x": "y", "note-": "z"}
    assert client.post("/cart/notes", data=sent).status_code == 303
    put_in(client, (variant, 1))
    assert client.post("/cart/notes", data=sent).status_code == 303
    session.rollback()
    assert session.scalars(select(CartNote)).all() == []


def test_nobody_writes_into_anothers_cart(session: Session, app, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    client.post("/cart/notes", data={f"note-{variant.seller_id.hex}": "Pedas"})
    app.test_client().post("/cart/notes", data={f"note-{variant.seller_id.hex}": "Gratis ya"})
    session.rollback()
    assert session.scalars(select(CartNote.note)).all() == ["Pedas"]
