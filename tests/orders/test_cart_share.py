"""A cart travels by link to another phone: the things, not whose they are."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Product
from shop.catalog.states import ProductState
from shop.core import clock, ids
from shop.orders.forget import CART_LASTS
from shop.orders.models_cart import Cart, CartLine
from tests.catalog.offered import offer
from tests.factories.people import make_person, signed_in
from tests.orders.pages import put_in

pytestmark = pytest.mark.both


def link_of(client: FlaskClient) -> str:
    """Press the button; the path of the link on the page that follows."""
    assert client.post("/cart/share").location == "/cart/share"
    page = client.get("/cart/share").text
    found = re.search(r'value="http://localhost(/cart/[\w-]+)"', page)
    assert found
    assert f"http%3A//localhost{found[1]}" in page
    return found[1]


def quantities(session: Session) -> list[int]:
    session.rollback()
    return sorted(session.scalars(select(CartLine.quantity)))


def test_another_phone_takes_the_same_things_once(
    session: Session, app: Flask, client: FlaskClient
):
    one, two = offer(session, on_hand=9, name="Kerupuk"), offer(session, on_hand=9, name="Kue")
    session.commit()
    put_in(client, (one, 3), (two, 1))
    client.post("/cart/notes", data={f"note-{one.seller_id.hex}": "Rahasia kami"})
    link = link_of(client)
    assert link_of(client) == link
    other = app.test_client()
    page = other.get(link)
    assert "4 barang dari 2 penjual" in page.text
    assert "Rahasia kami" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert 'content="noindex, nofollow"' in page.text
    assert quantities(session) == [1, 3]
    put_in(other, (one, 1))
    for _ in range(2):
        assert other.post(link).location == "/cart"
    assert "4 barang dari 2 penjual" in other.get("/cart").text
    assert "Rahasia kami" not in other.get("/cart").text
    assert quantities(session) == [1, 1, 3, 3]


def test_a_signed_in_person_takes_it_into_her_own(
    session: Session, app: Flask, client: FlaskClient
):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    link = link_of(client)
    person = make_person(session)
    phone = signed_in(app, person)
    phone.post(link)
    assert "2 barang dari" in phone.get("/cart").text
    session.rollback()
    held = session.scalars(select(Cart).where(Cart.person_id == person.id)).one()
    assert held.share_token is None


def test_what_cannot_be_had_is_left_out_and_said(session: Session, app: Flask, client: FlaskClient):
    good, few, out, hidden = (offer(session, on_hand=5) for _ in range(4))
    session.commit()
    put_in(client, (good, 1), (few, 4), (out, 1), (hidden, 1))
    link = link_of(client)
    few.on_hand, out.on_hand = 2, 0
    session.get_one(Product, hidden.product_id).state = ProductState.HIDDEN.value
    session.commit()
    other = app.test_client()
    page = other.get(link).text
    for words in ("Hanya 2 yang bisa", "Sedang habis", "Sudah tidak dijual"):
        assert words in page
    other.post(link)
    page = other.get("/cart").text
    assert "2 jenis tidak ikut" in page
    assert "3 barang dari 2 penjual" in page


def test_ones_own_link_says_so(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    link = link_of(client)
    page = client.get(link).text
    assert "Ini keranjang Anda sendiri." in page
    assert "Masukkan ke keranjang saya" not in page
    client.post(link)
    assert quantities(session) == [2]


def test_an_empty_cart_has_no_link(client: FlaskClient):
    assert client.post("/cart/share").location == "/cart"
    assert client.get("/cart/share").location == "/cart"


def test_a_link_to_what_was_ordered_meanwhile_is_empty(
    session: Session, app: Flask, client: FlaskClient
):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    link = link_of(client)
    client.post(f"/cart/{variant.id}/remove")
    other = app.test_client()
    assert "Keranjang ini sudah kosong" in other.get(link).text
    other.post(link)
    assert "masih kosong" in other.get("/cart").text


@pytest.mark.parametrize("word", ["x", "A" * 32, "0198a1b2-0000-7000-8000-000000000000"])
def test_an_unknown_link_leads_nowhere(client: FlaskClient, word: str):
    assert client.get(f"/cart/{word}").status_code == 404


def test_unknown_and_old_links_give_nothing(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    link = link_of(client)
    assert client.post(f"/cart/{ids.new_token()}").status_code == 404
    with clock.at(clock.now() + CART_LASTS):
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404
