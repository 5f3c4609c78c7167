"""The cart's page says what is in it, what changed, and takes any input without breaking."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.catalog.models import Product
from shop.catalog.states import ProductState
from shop.sellers.states import SellerState
from tests.catalog.offered import offer
from tests.factories.sellers import make_seller
from tests.lines import logged
from tests.orders.pages import put_in


def test_an_empty_cart_says_so(client: FlaskClient):
    page = client.get("/cart")
    assert page.status_code == 200
    assert "Keranjang masih kosong" in page.text


def test_things_stand_under_their_sellers(session: Session, client: FlaskClient):
    one = offer(session, make_seller(session, "Rohana"), on_hand=5, name="Kerupuk")
    two = offer(session, make_seller(session, "Yuliana"), on_hand=5, name="Kue Nanas")
    session.commit()
    put_in(client, (one, 2), (two, 1))
    page = client.get("/cart").text
    assert "3 barang dari 2 penjual" in page
    assert page.index("Rohana") < page.index("Kerupuk") < page.index("Yuliana")
    assert "Rp45.000" in page


def test_more_fewer_and_gone(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    client.post(f"/cart/{variant.id}", data={f"n-{variant.id.hex}": "2", "step": "1"})
    assert "3 barang dari" in client.get("/cart").text
    client.post(f"/cart/{variant.id}", data={f"n-{variant.id.hex}": "1"})
    assert "1 barang dari" in client.get("/cart").text
    client.post(f"/cart/{variant.id}", data={f"n-{variant.id.hex}": "9"})
    page = client.get("/cart").text
    assert "Hanya 5 yang bisa dipesan sekarang." in page
    assert "5 barang dari" in page
    client.post(f"/cart/{variant.id}/remove")
    assert "masih kosong" in client.get("/cart").text


def test_what_changed_is_said(session: Session, client: FlaskClient):
    dear, few, hidden, out = (offer(session, on_hand=5) for _ in range(4))
    session.commit()
    put_in(client, (dear, 1), (few, 4), (hidden, 1), (out, 1))
    dear.price = 18_000
    few.on_hand, out.on_hand = 3, 0
    session.get_one(Product, hidden.product_id).state = ProductState.HIDDEN.value
    session.commit()
    page = client.get("/cart").text
    assert "Harganya berubah dari Rp15.000 jadi Rp18.000." in page
    assert "Hanya 3 yang bisa dipesan sekarang." in page
    assert "Sudah tidak dijual, jadi tidak ikut dipesan." in page
    assert "Sedang habis, jadi tidak ikut dipesan." in page
    assert "Rp63.000" in page


def test_what_was_chosen_stays_whatever_becomes_of_the_thing(session: Session, client: FlaskClient):
    seller = make_seller(session, "Rohana")
    variant = offer(session, seller, on_hand=5)
    product = session.get_one(Product, variant.product_id)
    session.commit()
    put_in(client, (variant, 4))

    def shows(*words: str) -> None:
        session.commit()
        page = client.get("/cart").text
        for some in words:
            assert some in page
        for told in ("Hanya", "Sedang habis", "Sudah tidak dijual", "Harganya berubah"):
            assert (told in page) is any(told in some for some in words)

    shows("4 barang dari", "Rp60.000")
    variant.price = 14_000
    shows("Harganya berubah dari Rp15.000 jadi Rp14.000.", "Rp56.000")
    variant.on_hand = 3
    shows("Hanya 3 yang bisa", "Harganya berubah dari Rp15.000 jadi Rp14.000.", "Rp42.000")
    variant.on_hand = 0
    shows("Sedang habis, jadi tidak ikut dipesan.", "Tidak ada yang bisa dipesan sekarang.")
    variant.on_hand, variant.price = 9, 15_000
    shows("4 barang dari", "Rp60.000")
    product.most_per_order = 2
    shows("Hanya 2 yang bisa dipesan sekarang.", "2 barang dari")
    product.most_per_order = 50
    product.state = ProductState.HIDDEN.value
    shows("Sudah tidak dijual, jadi tidak ikut dipesan.")
    product.state = ProductState.LIVE.value
    seller.state = SellerState.SUSPENDED.value
    shows("Sudah tidak dijual, jadi tidak ikut dipesan.")
    seller.state = SellerState.APPROVED.value
    shows("4 barang dari", "Rp60.000")


def test_a_line_that_another_tab_took_out_is_told_as_such(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    client.post(f"/cart/{variant.id}/remove")
    client.post(f"/cart/{variant.id}", data={f"n-{variant.id.hex}": "3"})
    page = client.get("/cart").text
    assert "Hanya 0" not in page
    assert "Barang itu sudah tidak ada di keranjang." in page
    client.post(f"/cart/{variant.id}", data={f"n-{variant.id.hex}": "0"})
    assert "Barang itu" not in client.get("/cart").text


def test_a_cart_of_which_nothing_can_be_had_counts_nothing(session: Session, client: FlaskClient):
    gone = offer(session, make_seller(session, "Rohana"), on_hand=5, name="Kerupuk")
    there = offer(session, make_seller(session, "Yuliana"), on_hand=5, name="Kue Nanas")
    session.commit()
    put_in(client, (gone, 2), (there, 1))
    gone.on_hand = 0
    session.commit()
    assert "1 barang dari 1 penjual" in client.get("/cart").text
    client.post(f"/cart/{there.id}/remove")
    page = client.get("/cart").text
    assert "0 barang" not in page
    assert "Tidak ada yang bisa dipesan sekarang." in page


def test_refused_input_stands_in_the_log(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    with logged() as lines:
        for quantity in ("-1", "1000000000", "1.5"):
            client.post(f"/cart/{variant.id}", data={f"n-{variant.id.hex}": quantity})
            client.post("/cart/add", data={"variant_id": variant.id, "quantity": quantity})
    refused = [line["quantity"] for line in lines if line["event"] == "cart refused"]
    assert refused == ["-1", "-1", "1000000000", "1000000000", "1.5", "1.5"]
    assert "2 barang dari" in client.get("/cart").text


@pytest.mark.parametrize(
    ("variant", "quantity"),
    [("x", "1"), ("", "1"), (uuid.uuid4(), "1"), ("own", "-1"), ("own", "0"), ("own", "1.5"),
     ("own", "1000000000"), ("own", "dua"), ("own", "")],
)  # fmt: skip
def test_nonsense_is_refused_with_words(
    session: Session, client: FlaskClient, variant: object, quantity: str
):
    own = offer(session, on_hand=5).id
    session.commit()
    sent = {"variant_id": own if variant == "own" else variant, "quantity": quantity}
    assert client.post("/cart/add", data=sent).status_code == 303
    page = client.get("/cart").text
    assert 'role="alert"' in page
    assert "masih kosong" in page


def test_nonsense_quantities_leave_the_cart_alone(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    for quantity in ("-1", "1.5", "1000000000", "x"):
        assert (
            client.post(f"/cart/{variant.id}", data={f"n-{variant.id.hex}": quantity}).status_code
            == 303
        )
    client.post(f"/cart/{variant.id}", data={f"n-{variant.id.hex}": "2", "step": "400"})
    assert "2 barang dari" in client.get("/cart").text


def test_nobody_reaches_another_visitors_cart(session: Session, app, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    stranger = app.test_client()
    stranger.post(f"/cart/{variant.id}/remove")
    stranger.post(f"/cart/{variant.id}", data={f"n-{variant.id.hex}": "5"})
    assert "2 barang dari" in client.get("/cart").text
    assert "masih kosong" in stranger.get("/cart").text


def test_a_minimum_is_said(session: Session, client: FlaskClient):
    seller = make_seller(session, "Rohana")
    seller.minimum_order = 20_000
    variant = offer(session, seller, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    assert (
        "Rohana menerima pesanan mulai Rp20.000. Kurang Rp5.000 lagi." in client.get("/cart").text
    )
