"""On the checkout page: pick-up points, one trip, agreed fees, the island, pin, e-mail, consent."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Product
from shop.core import clock
from shop.orders.models import Order, SellerOrder
from shop.sellers.models import DeliveryZone
from tests.catalog.offered import offer
from tests.factories.points import make_point
from tests.factories.sellers import make_seller
from tests.orders.pages import BUYER, filled, put_in, ready_to_place

PENYENGAT = "21.72.03.1004"
ISLAND = BUYER | {"kelurahan": PENYENGAT}


def orders(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Order)) or 0


def test_things_of_three_sellers_are_fetched_in_one_trip(session: Session, client: FlaskClient):
    sellers = [make_seller(session, name) for name in ("Rohana", "Melur", "Salmah")]
    point = make_point(session, *sellers)
    things = [(offer(session, seller, on_hand=5), 1) for seller in sellers]
    session.commit()
    put_in(client, *things)
    page = client.get("/checkout")
    assert f"Sekali jalan ke {point.name}: 3 penjual" in page.text
    assert "Setiap hari 07.00 sampai 11.00" in page.text
    page = client.post("/checkout", data=filled(page, **BUYER, gather=point.id.hex))
    assert page.status_code == 200
    form = filled(page, **BUYER)
    assert form["total"] == "45000"
    assert client.post("/checkout", data=form).status_code == 303
    parts = session.scalars(select(SellerOrder)).all()
    assert [part.point_id for part in parts] == [point.id] * 3
    track = client.get(f"/o/{session.scalars(select(Order.token)).one()}").text
    assert f"Sekali jalan ke {point.name}: 3 penjual" in track
    assert f"Diambil di {point.name}, mulai" in track


def test_a_point_that_closed_is_said_and_nothing_is_lost(session: Session, client: FlaskClient):
    seller = make_seller(session, "Rohana")
    point, variant = make_point(session, seller), offer(session, seller, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    way = {f"way-{seller.id.hex}": f"point:{point.id.hex}"}
    form = ready_to_place(client, **way)
    point.closed_at = clock.now()
    session.commit()
    page = client.post("/checkout", data=form)
    assert page.status_code == 409
    assert f"Rohana tidak mengantar ke {point.name} lagi." in page.text
    assert 'value="Ratna Dewi"' in page.text
    assert orders(session) == 0
    again = filled(page, **BUYER)
    assert again[f"way-{seller.id.hex}"] == "delivery"
    assert client.post("/checkout", data=again).status_code == 303


@pytest.mark.parametrize("way", ["point:", "point:xyz", "point:" + "0" * 32, "teleport"])
def test_a_forged_way_orders_nothing(session: Session, client: FlaskClient, way: str):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    form = ready_to_place(client)
    form[f"way-{variant.seller_id.hex}"] = way
    assert client.post("/checkout", data=form).status_code == 409
    assert orders(session) == 0


def test_the_island_is_reached_by_boat(session: Session, client: FlaskClient):
    variant = offer(session, make_seller(session), on_hand=5)
    session.add(DeliveryZone(seller_id=variant.seller_id, zone="E", fee=15_000))
    session.commit()
    put_in(client, (variant, 1))
    page = client.post("/checkout", data=filled(client.get("/checkout"), **ISLAND, refresh="1"))
    assert "Antar ke Penyengat, naik pompong" in page.text
    form = filled(page, **ISLAND)
    assert form["total"] == "30000"
    assert client.post("/checkout", data=form).status_code == 303


def test_where_no_fee_stands_it_is_agreed_on_later(session: Session, client: FlaskClient):
    seller = make_seller(session, "Rohana")
    seller.arranges = True
    variant = offer(session, seller, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    page = client.post("/checkout", data=filled(client.get("/checkout"), **ISLAND, refresh="1"))
    assert "Penjual menyebut ongkosnya, Anda setujui dulu" in page.text
    form = filled(page, **ISLAND)
    assert (form[f"way-{seller.id.hex}"], form["total"]) == ("arranged", "15000")
    answer = client.post("/checkout", data=form)
    assert answer.status_code == 303
    assert "Menunggu penjual menyebut ongkos antar" in client.get(answer.location).text
    assert session.scalars(select(SellerOrder.delivery_kind)).one() == "arranged"


def test_a_place_that_moved_the_fee_into_agreement_is_said(session: Session, client: FlaskClient):
    seller = make_seller(session, "Rohana")
    seller.arranges = True
    variant = offer(session, seller, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    form = ready_to_place(client)
    form["kelurahan"] = PENYENGAT  # and no new sum was asked for
    page = client.post("/checkout", data=form)
    assert page.status_code == 409
    assert "Ongkos antar dari Rohana ke Penyengat disepakati dulu." in page.text
    assert client.post("/checkout", data=filled(page, **ISLAND)).status_code == 303


def test_weight_costs_and_is_shown(session: Session, client: FlaskClient):
    variant = offer(session, make_seller(session, "Rohana"), on_hand=9)
    session.get_one(Product, variant.product_id).weight_g = 2_500
    zone = session.scalars(select(DeliveryZone)).one()
    zone.carries_g, zone.per_kg = 5_000, 3_000
    session.commit()
    put_in(client, (variant, 3))
    form = ready_to_place(client)
    assert form["total"] == "64000"
    session.get_one(Product, variant.product_id).weight_g = 4_000
    session.commit()
    page = client.post("/checkout", data=form)
    assert page.status_code == 409
    assert "Ongkos antar dari Rohana untuk 12 kg: Rp31.000." in page.text


def test_where_to_find_the_buyer_is_kept(session: Session, client: FlaskClient, noon: datetime):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    form = ready_to_place(
        client, landmark="Samping musala", latitude="0,91860012", longitude="104.4665",
        buyer_email="ratna@example.org", whatsapp_ok="y", address="",
    )  # fmt: skip
    assert client.post("/checkout", data=form).status_code == 303
    order = session.scalars(select(Order)).one()
    assert (order.landmark, order.latitude, order.longitude) == (
        "Samping musala", 0.9186, 104.4665,
    )  # fmt: skip
    assert (order.buyer_email, order.whatsapp_ok_at) == ("ratna@example.org", noon)


def test_consent_is_asked_for_never_assumed(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    form = ready_to_place(client)
    assert "whatsapp_ok" not in form
    client.post("/checkout", data=form)
    order = session.scalars(select(Order)).one()
    assert (order.whatsapp_ok_at, order.buyer_email, order.latitude) == (None, None, None)


def test_faults_of_the_new_fields_stand_beside_them(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    for wrong, words in (
        ({"buyer_email": "ratna@"}, "Alamat email ini belum benar."),
        ({"latitude": "0.9"}, "Titik peta perlu dua angka"),
        ({"latitude": "95", "longitude": "104"}, "Tulis angka seperti 0,9186"),
        ({"latitude": "nan", "longitude": "104"}, "Tulis angka seperti 0,9186"),
        ({"landmark": "x" * 161}, "Terlalu panjang"),
        ({"address": "", "landmark": ""}, "Tulis jalan dan patokan"),
    ):
        page = client.post("/checkout", data=ready_to_place(client, **wrong))
        assert page.status_code == 422, wrong
        assert words in page.text, wrong
        assert all(f'value="{value}"' in page.text for value in wrong.values() if value), wrong
    assert orders(session) == 0


def test_a_day_that_passed_meanwhile_is_said(session: Session, client: FlaskClient):
    variant = offer(session, make_seller(session, "Rohana"), on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    with clock.at(datetime.fromisoformat("2026-11-30T09:59:00+00:00")):
        form = ready_to_place(client)
    with clock.at(datetime.fromisoformat("2026-11-30T10:00:00+00:00")):
        page = client.post("/checkout", data=form)
        assert page.status_code == 409
        assert "Rohana: bisa mulai besok." in page.text
        assert client.post("/checkout", data=filled(page, **BUYER)).status_code == 303


def test_the_browser_may_tell_where_it_is(client: FlaskClient):
    assert "geolocation=(self)" in client.get("/").headers["Permissions-Policy"]
