"""One page, one button: it says what is missing or changed, keeps what was typed, orders once."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Product
from shop.catalog.states import ProductState
from shop.orders.models import Order, SellerOrder
from shop.sellers.models import DeliveryZone
from tests.catalog.offered import offer
from tests.factories.sellers import make_seller
from tests.orders.pages import BUYER, filled, put_in, ready_to_place

FAR_AWAY = "21.72.03.1004"


def orders(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Order)) or 0


def test_an_empty_cart_has_no_checkout(client: FlaskClient):
    assert client.get("/checkout").location == "/cart"


def test_from_cart_to_order(session: Session, client: FlaskClient):
    one, two = offer(session, on_hand=5), offer(session, on_hand=5)
    session.commit()
    put_in(client, (one, 2), (two, 1))
    form = ready_to_place(client)
    assert form["total"] == "65000"
    answer = client.post("/checkout", data=form)
    assert answer.status_code == 303
    order = session.scalars(select(Order)).one()
    assert answer.location == f"/o/{order.token}"
    assert (order.goods, order.delivery) == (45_000, 20_000)
    assert order.total == 65_000 + order.unique_code
    assert order.buyer_phone == "+6281234567890"
    assert "masih kosong" in client.get("/cart").text
    assert "Tinggal dibayar" in client.get(answer.location).text


def test_pressing_twice_makes_one_order(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=2)
    session.commit()
    put_in(client, (variant, 2))
    form = ready_to_place(client)
    first, second = (client.post("/checkout", data=form) for _ in range(2))
    assert first.location == second.location
    assert second.status_code == 303
    assert orders(session) == 1


def test_back_after_placing_leads_to_the_order(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    placed = client.post("/checkout", data=ready_to_place(client)).location
    assert client.get("/checkout").location == placed


def test_an_old_form_with_other_content_asks_first(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    form = ready_to_place(client)
    placed = client.post("/checkout", data=form).location
    form["address"] = "Jl. Lain 3"
    again = client.post("/checkout", data=form)
    assert again.status_code == 409
    assert placed in again.text
    assert "Jl. Lain 3" in again.text
    assert orders(session) == 1
    assert client.post("/checkout", data=filled(again, **BUYER)).status_code == 303
    assert orders(session) == 2


def test_faults_stand_beside_the_fields_and_nothing_is_lost(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    form = ready_to_place(client, buyer_phone="12", address="", buyer_name="Ratna")
    form["way-" + variant.seller_id.hex] = "delivery"
    form["note-" + variant.seller_id.hex] = "Agak asin"
    page = client.post("/checkout", data=form)
    assert page.status_code == 422
    for words in ("Nomor HP belum benar", "Tulis jalan dan patokan", 'value="Ratna"',
                  'value="12"', 'value="Agak asin"'):  # fmt: skip
        assert words in page.text
    assert orders(session) == 0


def test_no_address_is_asked_for_where_all_is_picked_up(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    way = {f"way-{variant.seller_id.hex}": "pickup"}
    form = ready_to_place(client, kelurahan="", address="", **way)
    assert form["total"] == "30000"
    assert client.post("/checkout", data=form).status_code == 303
    assert session.scalars(select(SellerOrder.delivery_kind)).one() == "pickup"


def test_a_delivery_without_a_place_is_not_ordered(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    page = client.get("/checkout")
    assert "Hitung ongkos antar" in page.text
    assert "Buat pesanan" not in page.text
    for pressed in ({}, {"refresh": "fees"}):
        typed = BUYER | {"kelurahan": ""} | pressed
        answer = client.post("/checkout", data=filled(page, **typed))
        assert answer.status_code == 422
        assert "Pilih kelurahan tujuan antar." in answer.text
    assert 'name="refresh" value="fees"' in page.text
    answer = client.post("/checkout", data=filled(page, refresh="1", kelurahan=""))
    assert (answer.status_code, "Pilih kelurahan tujuan" in answer.text) == (200, False)


def test_a_fee_nobody_saw_is_shown_first(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    page = client.post("/checkout", data=filled(client.get("/checkout"), **BUYER))
    assert page.status_code == 409
    assert "Rp10.000" in page.text
    assert orders(session) == 0
    assert client.post("/checkout", data=filled(page, **BUYER)).status_code == 303


def test_another_choice_without_a_new_sum_asks_again(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    way = f"way-{variant.seller_id.hex}"
    form = ready_to_place(client)
    form[way] = "pickup"
    page = client.post("/checkout", data=form)
    assert page.status_code == 409
    assert "Jumlahnya sekarang Rp30.000." in page.text
    answer = client.post("/checkout", data=filled(page, **BUYER, **{way: "pickup"}))
    assert answer.status_code == 303


def test_what_changed_meanwhile_is_said(session: Session, client: FlaskClient):
    dear, few, gone, hidden = (offer(session, on_hand=5, name=f"Barang {n}") for n in range(4))
    session.commit()
    put_in(client, (dear, 1), (few, 4), (gone, 1), (hidden, 1))
    form = ready_to_place(client)
    dear.price, few.on_hand, gone.on_hand = 18_000, 3, 0
    session.get_one(Product, hidden.product_id).state = ProductState.HIDDEN.value
    session.scalars(
        select(DeliveryZone).where(DeliveryZone.seller_id == dear.seller_id)
    ).one().fee = 12_000
    session.commit()
    page = client.post("/checkout", data=form)
    assert page.status_code == 409
    for words in ("Barang 0: harganya dari Rp15.000 jadi Rp18.000.",
                  "Barang 1: hanya 3 yang bisa dipesan.", "Barang 2 baru saja habis.",
                  "Barang 3 sudah tidak dijual.", ": Rp12.000."):  # fmt: skip
        assert words in page.text, words
    assert orders(session) == 0
    answer = client.post("/checkout", data=filled(page, **BUYER))
    assert answer.status_code == 303
    order = session.scalars(select(Order)).one()
    assert (order.goods, order.delivery) == (63_000, 22_000)


def test_where_nothing_is_left_no_button_places_nothing(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=2, name="Kerupuk Ikan")
    session.commit()
    put_in(client, (variant, 2))
    form = ready_to_place(client)
    variant.on_hand = 0
    session.commit()
    for typed in (form, form.copy() | {"refresh": "1"}):
        answer = client.post("/checkout", data=typed)
        assert "Kerupuk Ikan baru saja habis." in answer.text
        assert "kapan%20Kerupuk%20Ikan%20ada%20lagi%3F" in answer.text, "asking for another day"
        assert "Rp0" not in answer.text
        assert 'action="/checkout"' not in answer.text
        assert 'href="/cart"' in answer.text
    assert client.post("/checkout", data=form).status_code == 409
    assert orders(session) == 0


def test_a_seller_who_does_not_go_there_is_picked_up_from(session: Session, client: FlaskClient):
    variant = offer(session, make_seller(session, "Rohana"), on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    asked = filled(client.get("/checkout"), refresh="1", **(BUYER | {"kelurahan": FAR_AWAY}))
    page = client.post("/checkout", data=asked)
    assert "Rohana tidak mengantar ke Penyengat." in page.text
    form = filled(page, **(BUYER | {"kelurahan": FAR_AWAY}))
    assert form["total"] == "30000"
    assert client.post("/checkout", data=form).status_code == 303


def test_the_buyers_own_way_comes_back_with_a_place_that_is_served(
    session: Session, client: FlaskClient
):
    variant = offer(session, make_seller(session, "Rohana"), on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    page, way = client.get("/checkout"), f"way-{variant.seller_id.hex}"
    for _ in range(2):
        form = filled(page, refresh="1", **(BUYER | {"kelurahan": FAR_AWAY}))
        page = client.post("/checkout", data=form)
        assert filled(page)[way] == "pickup"
    straight = client.post("/checkout", data=filled(page, **BUYER))
    assert straight.status_code == 409
    assert filled(straight)[way] == "delivery"
    page = client.post("/checkout", data=filled(page, refresh="1", **BUYER))
    form = filled(page, **BUYER)
    assert (form[way], form["total"]) == ("delivery", "40000")
    assert client.post("/checkout", data=form).status_code == 303
    assert session.scalars(select(SellerOrder.delivery_kind)).one() == "delivery"


def test_who_wants_to_pick_up_still_does_after_another_place(session: Session, client: FlaskClient):
    variant = offer(session, make_seller(session, "Rohana"), on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    page, way = client.get("/checkout"), f"way-{variant.seller_id.hex}"
    for typed in (BUYER | {way: "pickup"}, BUYER | {"kelurahan": FAR_AWAY}, BUYER):
        page = client.post("/checkout", data=filled(page, refresh="1", **typed))
        assert filled(page)[way] == "pickup"


def test_a_way_to_pay_that_is_not_offered_is_refused(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    for method in ("card", "qris", "gold", ""):
        page = client.post("/checkout", data=ready_to_place(client, method=method))
        assert page.status_code == 422
        assert "Pilih cara bayar." in page.text
    assert orders(session) == 0


def test_a_forged_form_is_refused(session: Session, client: FlaskClient):
    variant, other = offer(session, on_hand=5), offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    good = ready_to_place(client)
    seller, thing = variant.seller_id.hex, variant.id.hex
    forged = [
        "", "x", f"{seller}:{thing}:-1:15000", f"{seller}:{thing}:1.5:15000",
        f"{seller}:{thing}:1000000000:15000", f"{seller}:{thing}:2",
    ]  # fmt: skip
    for line in forged:
        form = good.copy()
        form["line"] = line
        assert client.post("/checkout", data=form).status_code == 400
    for line in (f"{seller}:{thing}:2:1", f"{seller}:{other.id.hex}:1:15000"):
        form = good.copy()
        form["line"] = line
        assert client.post("/checkout", data=form).status_code == 409
    assert orders(session) == 0


def test_it_is_kept_by_nobody(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 2))
    assert client.get("/checkout").headers["Cache-Control"] == "private, no-store"


def test_in_english(session: Session, app: Flask):
    variant = offer(session, on_hand=5)
    session.commit()
    client = app.test_client()
    put_in(client, (variant, 2))
    page = client.get("/en/checkout")
    assert "How to pay" in page.text
    assert "Bank transfer" in page.text
