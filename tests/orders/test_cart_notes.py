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


def test_every_button_of_the_cart_keeps_the_note_just_typed(session: Session, client: FlaskClient):
    variant, other = offer(session, on_hand=9), offer(session, on_hand=9)
    session.commit()
    note = f"note-{variant.seller_id.hex}"
    buttons = {
        f"/cart/{variant.id}": {"step": "1"}, "/cart/notes": {}, "/cart/share": {},
        f"/cart/{other.id}/remove": {},
    }  # fmt: skip
    for number, (address, pressed) in enumerate(buttons.items()):
        put_in(client, (variant, 1), (other, 1))
        client.post(address, data={note: f"Pedas {number}", **pressed})
        assert f'value="Pedas {number}"' in client.get("/cart").text, address


def test_a_number_just_typed_is_kept_by_the_other_buttons(session: Session, client: FlaskClient):
    one, two = offer(session, on_hand=9), offer(session, on_hand=9)
    session.commit()
    put_in(client, (one, 1), (two, 1))
    typed = {f"n-{one.id.hex}": "4", f"was-{one.id.hex}": "1"}
    typed |= {f"n-{two.id.hex}": "1", f"was-{two.id.hex}": "1"}
    client.post("/cart/notes", data={**typed, "checkout": "1"})
    assert "5 barang dari" in client.get("/cart").text
    typed[f"n-{one.id.hex}"] = "6"
    client.post(f"/cart/{two.id}", data={**typed, "step": "1"})
    assert "8 barang dari" in client.get("/cart").text
    client.post("/cart/notes", data={**typed, f"n-{one.id.hex}": "banyak"})
    page = client.get("/cart").text
    assert "8 barang dari" in page
    assert 'role="alert"' in page


def test_a_number_left_alone_changes_nothing(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 4))
    client.post("/cart/notes", data={f"n-{variant.id.hex}": "1", f"was-{variant.id.hex}": "1"})
    assert "4 barang dari" in client.get("/cart").text


def test_a_note_too_long_stops_the_other_buttons_too(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 1))
    long = {f"note-{variant.seller_id.hex}": "x" * 301}
    for address in (f"/cart/{variant.id}", f"/cart/{variant.id}/remove", "/cart/share"):
        page = client.post(address, data={**long, "step": "1"})
        assert (page.status_code, "x" * 301 in page.text) == (422, True)
    assert "1 barang dari" in client.get("/cart").text
