"""The seller names a fee in her studio, the buyer agrees on her page; nobody else can."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.core import clock
from shop.orders.checkout import place
from shop.orders.models import Order
from shop.orders.states import DeliveryKind
from shop.payments.models import Payment
from tests.catalog.offered import offer
from tests.factories.orders import filled_in
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
PENYENGAT = "21.72.03.1004"


@pytest.fixture
def rohana(session: Session) -> Person:
    return make_person(session, name="Rohana")


@pytest.fixture
def order(session: Session, rohana: Person) -> Order:
    seller = make_seller(session, "Rohana", owner=rohana)
    seller.arranges = True
    wanted = filled_in(
        (offer(session, seller, on_hand=5), 2), delivery=DeliveryKind.ARRANGED,
        kelurahan=PENYENGAT, landmark="Dekat balai adat", latitude=0.92, longitude=104.42,
    )  # fmt: skip
    made = place(session, wanted)
    session.commit()
    return made


@pytest.fixture
def studio(app: Flask, rohana: Person, order: Order) -> FlaskClient:
    return signed_in(app, rohana)


def payments(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Payment)) or 0


def test_from_asking_to_paying(
    session: Session, studio: FlaskClient, client: FlaskClient, order: Order
):
    part, secret = order.parts[0].id, f"/o/{order.token}"
    for path in ("/sell", "/sell/orders", f"/sell/orders/{part}"):
        page = studio.get(path).text
        assert f"/sell/orders/{part}/fee" in page, path
    for words in ("Dekat balai adat", "geo:0.92,104.42", "naik pompong"):
        assert words in page
    assert "Jumlah" not in client.get(secret).text
    assert "Kalau tidak, pesanan ditutup" in client.get(secret).text
    assert studio.post(f"/sell/orders/{part}/fee", data={"fee": "25.000"}).status_code == 303
    assert "Anda menyebut Rp25.000" in studio.get(f"/sell/orders/{part}").text
    assert f"/sell/orders/{part}/fee" not in studio.get("/sell").text
    page = client.get(secret).text
    assert "Setuju, Rp55.000" in page
    assert payments(session) == 0
    for _ in range(2):
        assert client.post(f"{secret}/agree", data={"total": "55000"}).status_code == 303
    assert payments(session) == 1
    late = studio.get(f"/sell/orders/{part}/fee")
    assert late.location == f"/sell/orders/{part}"
    assert "Sudah tidak bisa" in studio.get(late.location).text
    page = client.get(secret).text
    assert "Tinggal dibayar, lalu mulai disiapkan" in page
    assert "Setuju, Rp" not in page


def test_a_fee_changed_in_another_tab_is_shown_first(
    session: Session, studio: FlaskClient, client: FlaskClient, order: Order
):
    part = order.parts[0].id
    for fee in ("25000", "30000"):
        studio.post(f"/sell/orders/{part}/fee", data={"fee": fee})
    client.post(f"/o/{order.token}/agree", data={"total": "55000"})
    page = client.get(f"/o/{order.token}").text
    assert "Penjual baru saja mengubah ongkosnya." in page
    assert "Setuju, Rp60.000" in page
    assert payments(session) == 0


def test_bad_fees_stand_beside_the_field(session: Session, studio: FlaskClient, order: Order):
    for typed in ("", "-1", "1.5", "500.001", "1000000000", "gratis"):
        page = studio.post(f"/sell/orders/{order.parts[0].id}/fee", data={"fee": typed})
        assert page.status_code == 422, typed
        assert f'value="{typed}"' in page.text
    session.expire_all()
    assert order.parts[0].arranged_fee is None


def test_forged_sums_are_refused(session: Session, client: FlaskClient, order: Order):
    for total in ("", "-1", "1.5", "x", "99999999999"):
        answer = client.post(f"/o/{order.token}/agree", data={"total": total})
        assert answer.status_code == 400, total
    assert client.post("/o/nobody/agree", data={"total": "1"}).status_code == 404
    assert payments(session) == 0


def test_agreeing_to_nothing_changes_nothing(session: Session, client: FlaskClient, order: Order):
    client.post(f"/o/{order.token}/agree", data={"total": "30000"})
    assert "Itu tidak bisa lagi" in client.get(f"/o/{order.token}").text
    assert payments(session) == 0


def test_another_seller_cannot_name_it(app: Flask, session: Session, order: Order):
    stranger = make_person(session, name="Melur")
    make_seller(session, "Melur", owner=stranger)
    session.commit()
    other, path = signed_in(app, stranger), f"/sell/orders/{order.parts[0].id}/fee"
    assert other.get(path).status_code == 404
    assert other.post(path, data={"fee": "1"}).status_code == 404


def test_what_is_fetched_has_no_fee_page(session: Session, studio: FlaskClient, rohana: Person):
    seller = make_seller(session, "Lapak kedua", owner=rohana)
    part = place(session, filled_in((offer(session, seller, on_hand=5), 1))).parts[0]
    session.commit()
    assert studio.get(f"/sell/orders/{part.id}/fee").status_code == 404


def test_too_late_is_said(session: Session, studio: FlaskClient, order: Order):
    with clock.at(order.expires_at):
        path = f"/sell/orders/{order.parts[0].id}/fee"
        page = studio.post(path, data={"fee": "25.000"}, follow_redirects=True).text
    assert "Sudah tidak bisa" in page


def test_the_buyer_can_call_it_off(session: Session, client: FlaskClient, order: Order):
    assert client.post(f"/o/{order.token}/cancel").status_code == 303
    session.expire_all()
    assert order.parts[0].state == "cancelled"
    assert "Setuju, Rp" not in client.get(f"/o/{order.token}").text


def test_she_can_say_that_she_cannot_bring_it(
    session: Session, studio: FlaskClient, client: FlaskClient, order: Order
):
    path = f"/sell/orders/{order.parts[0].id}/fee/decline"
    assert path in studio.get(f"/sell/orders/{order.parts[0].id}/fee").text
    assert studio.get(path).status_code == 200
    assert studio.post(path, data={"reason": ""}).status_code == 422
    page = studio.post(path, data={"reason": "Laut berombak"}, follow_redirects=True).text
    assert "Pembeli membaca alasannya" in page
    assert "Sudah tidak bisa" in studio.post(
        path, data={"reason": "Lagi"}, follow_redirects=True
    ).text  # fmt: skip
    session.expire_all()
    assert order.parts[0].state == "declined"
    page = client.get(f"/o/{order.token}").text
    assert "Laut berombak" in page
    assert "Setuju, Rp" not in page


def test_another_seller_cannot_say_so(app: Flask, session: Session, order: Order):
    stranger = make_person(session, name="Melur")
    make_seller(session, "Melur", owner=stranger)
    session.commit()
    path = f"/sell/orders/{order.parts[0].id}/fee/decline"
    assert signed_in(app, stranger).post(path, data={"reason": "x"}).status_code == 404
