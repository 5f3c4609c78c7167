"""What was chosen before signing in is not lost, and a person has one cart on every phone."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.catalog.models import Product
from shop.core import ids
from shop.orders import cart, cart_notes, share
from shop.orders.merge import merge
from shop.orders.models_cart import Cart, CartLine, CartNote
from tests.catalog.offered import offer
from tests.factories.people import PASSWORD, make_person
from tests.factories.sellers import make_seller
from tests.orders.pages import put_in

pytestmark = pytest.mark.both
DEVICE = "a-device"


def lies(session: Session, token: str) -> dict[object, int]:
    rows = session.execute(
        select(CartLine.variant_id, CartLine.quantity)
        .join(Cart)
        .where(Cart.token_hash == ids.token_hash(token))
    )
    return {row.variant_id: row.quantity for row in rows}


def enter(client: FlaskClient, person: Person) -> None:
    answer = client.post("/sign-in", data={"phone": person.phone, "password": PASSWORD})
    assert answer.status_code == 303


def test_the_devices_cart_comes_into_the_persons_own(session: Session):
    person, one, two = make_person(session), offer(session, on_hand=9), offer(session, on_hand=9)
    own = cart.of_person(person.id)
    cart.add(session, own, one.id, 2)
    cart.add(session, DEVICE, one.id, 3)
    cart.add(session, DEVICE, two.id, 1)
    merge(session, DEVICE, person.id)
    assert lies(session, own) == {one.id: 5, two.id: 1}
    assert lies(session, DEVICE) == {}
    kept = session.scalars(select(Cart)).one()
    assert kept.person_id == person.id


def test_doing_it_twice_adds_nothing(session: Session):
    person, variant = make_person(session), offer(session, on_hand=9)
    cart.add(session, DEVICE, variant.id, 3)
    for _ in range(2):
        merge(session, DEVICE, person.id)
    assert lies(session, cart.of_person(person.id)) == {variant.id: 3}


def test_nothing_chosen_is_lost_when_it_is_gone_or_too_much(session: Session):
    person, few, gone = make_person(session), offer(session, on_hand=5), offer(session, on_hand=5)
    own = cart.of_person(person.id)
    for token in (own, DEVICE):
        cart.add(session, token, few.id, 4)
        cart.add(session, token, gone.id, 2)
    gone.on_hand = 0
    session.flush()
    merge(session, DEVICE, person.id)
    assert lies(session, own) == {few.id: 8, gone.id: 4}


def test_a_line_never_grows_beyond_what_any_order_can_have(session: Session):
    person, variant = make_person(session), offer(session, on_hand=None)
    session.get_one(Product, variant.product_id).most_per_order = 1000
    own = cart.of_person(person.id)
    for token in (own, DEVICE):
        cart.add(session, token, variant.id, 900)
    merge(session, DEVICE, person.id)
    assert lies(session, own) == {variant.id: 1000}


def test_the_price_seen_on_this_device_counts(session: Session):
    person, variant = make_person(session), offer(session, on_hand=9)
    own = cart.of_person(person.id)
    cart.add(session, own, variant.id, 1)
    variant.price = 17_000
    session.flush()
    cart.add(session, DEVICE, variant.id, 1)
    merge(session, DEVICE, person.id)
    assert session.scalars(select(CartLine.price_seen)).one() == 17_000


def test_what_does_not_fit_stays_on_the_device_for_the_next_time(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    person, one, two = make_person(session), offer(session, on_hand=9), offer(session, on_hand=9)
    own = cart.of_person(person.id)
    cart.add(session, own, one.id, 1)
    cart.add(session, DEVICE, one.id, 1)
    cart.add(session, DEVICE, two.id, 1)
    monkeypatch.setattr(cart, "MOST_LINES", 1)
    merge(session, DEVICE, person.id)
    assert (lies(session, own), lies(session, DEVICE)) == ({one.id: 2}, {two.id: 1})
    cart.remove(session, own, [one.id])
    session.expire_all()
    merge(session, DEVICE, person.id)
    assert (lies(session, own), lies(session, DEVICE)) == ({two.id: 1}, {})


@pytest.mark.parametrize(
    ("before", "on_device", "after"),
    [
        ("", "Pedas", "Pedas"), ("Pedas", "", "Pedas"), ("Pedas", "Pedas", "Pedas"),
        ("Pedas", "Antar sore", "Pedas / Antar sore"), ("a" * 200, "b" * 200, "b" * 200),
    ],
)  # fmt: skip
def test_notes_come_along(session: Session, before: str, on_device: str, after: str):
    person, variant = make_person(session), offer(session, on_hand=9)
    own = cart.of_person(person.id)
    for token, note in ((own, before), (DEVICE, on_device)):
        cart.add(session, token, variant.id, 1)
        cart_notes.keep(session, token, {variant.seller_id: note})
    merge(session, DEVICE, person.id)
    assert cart_notes.notes(session, own) == {variant.seller_id: after}
    assert len(session.scalars(select(CartNote)).all()) == 1


def test_a_link_that_was_sent_leads_on(session: Session):
    person, variant = make_person(session), offer(session, on_hand=9)
    cart.add(session, DEVICE, variant.id, 2)
    word = share.share(session, DEVICE)
    merge(session, DEVICE, person.id)
    assert word is not None
    found = share.shared(session, word)
    assert found is not None
    assert found.is_of(cart.of_person(person.id))


def test_an_empty_device_changes_nothing(session: Session):
    person = make_person(session)
    merge(session, DEVICE, person.id)
    assert session.scalars(select(Cart)).all() == []


def test_a_second_phone_shows_the_same_cart(session: Session, app: Flask, client: FlaskClient):
    person = make_person(session)
    one = offer(session, make_seller(session, "Rohana"), on_hand=9, name="Kerupuk")
    two = offer(session, make_seller(session, "Yuliana"), on_hand=9, name="Kue Nanas")
    session.commit()
    put_in(client, (one, 2))
    enter(client, person)
    assert "2 barang dari 1 penjual" in client.get("/cart").text
    second = app.test_client()
    put_in(second, (two, 1))
    enter(second, person)
    for phone in (client, second):
        assert "3 barang dari 2 penjual" in phone.get("/cart").text
    client.post(f"/cart/{one.id}", data={f"n-{one.id.hex}": "5"})
    assert "6 barang dari 2 penjual" in second.get("/cart").text
    assert second.get("/checkout").status_code == 200


def test_signing_out_leaves_nothing_on_the_device(
    session: Session, app: Flask, client: FlaskClient
):
    person, variant = make_person(session), offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    enter(client, person)
    copied = app.test_client()
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    with copied.session_transaction() as cookie:
        cookie.update(kept)
    assert "2 barang dari" in copied.get("/cart").text
    client.post("/sign-out")
    for phone in (client, copied):
        assert "Keranjang masih kosong" in phone.get("/cart").text
        phone.post(f"/cart/{variant.id}/remove")
    enter(client, person)
    assert "2 barang dari" in client.get("/cart").text


def test_a_wrong_password_moves_nothing(session: Session, client: FlaskClient):
    person, variant = make_person(session), offer(session, on_hand=9)
    session.commit()
    put_in(client, (variant, 2))
    client.post("/sign-in", data={"phone": person.phone, "password": "salah-sekali"})
    assert "2 barang dari" in client.get("/cart").text
    assert lies(session, cart.of_person(person.id)) == {}


def test_nobody_can_ask_for_a_persons_cart_by_its_token(session: Session, client: FlaskClient):
    person, variant = make_person(session), offer(session, on_hand=9)
    cart.add(session, cart.of_person(person.id), variant.id, 2)
    session.commit()
    client.set_cookie("cart", cart.of_person(person.id))
    assert "Keranjang masih kosong" in client.get("/cart").text
    assert client.get(f"/cart/{cart.of_person(person.id)}").status_code == 404
