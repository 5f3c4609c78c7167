"""Credit on the pages: where it comes from, how it is used, and what is said before."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shop.accounts.models import Person, Role
from shop.catalog.models import Variant
from shop.core import clock
from shop.core.settings import default_settings, load_settings
from shop.orders.models import Order
from shop.payments.credit import free
from shop.payments.expire import expire_due
from shop.payments.models import Payment, Refund
from shop.payments.settle import settle
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.credit import codes_are_credit, give_credit, ordered_by
from tests.factories.orders import payment_of, placed_order
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.factories.stray import make_stray
from tests.orders.pages import put_in, ready_to_place

SIGN_IN = "Masuk dulu supaya jadi saldo Anda"


def words(answer: TestResponse) -> str:
    """What is read, without marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def dewi(session: Session) -> Person:
    session.add(default_settings())
    return make_person(session, name="Dewi")


@pytest.fixture
def thing(session: Session, dewi: Person) -> Variant:
    return offer(session, on_hand=9)


def newest(session: Session) -> Payment:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Payment).order_by(Payment.created_at.desc())).first()


class TestCheckout:
    def test_says_whose_the_code_is(
        self, app: Flask, session: Session, dewi: Person, thing: Variant
    ):
        hers, guest = signed_in(app, dewi), app.test_client()
        for client in (hers, guest):
            put_in(client, (thing, 1))
            assert "kelebihan itu masuk kas program" in words(client.get("/checkout"))
            assert SIGN_IN not in words(client.get("/checkout"))
        codes_are_credit(session)
        session.commit()
        assert "jadi saldo untuk pesanan berikutnya" in words(hers.get("/checkout"))
        assert SIGN_IN in words(guest.get("/checkout"))
        assert "kelebihan itu masuk kas program" in words(guest.get("/checkout"))

    def test_uses_credit_by_a_ticked_box(
        self, app: Flask, session: Session, dewi: Person, thing: Variant
    ):
        give_credit(session, dewi, 5_000)
        client = signed_in(app, dewi)
        put_in(client, (thing, 2))
        form = ready_to_place(client, **{f"way-{thing.seller_id.hex}": "pickup"})
        assert (form["credit"], form["use_credit"], form["total"]) == ("5000", "y", "30000")
        assert client.post("/checkout", data=form).status_code == 303
        payment = newest(session)
        assert (payment.credit, payment.amount) == (5_000, 25_000 + payment.unique_code)
        token = session.get_one(Order, payment.order_id).token
        assert "Rp5.000 dibayar dari saldo Anda." in words(client.get(f"/o/{token}"))

    @pytest.mark.parametrize("how", [{"use_credit": ""}, {"method": "cash"}])
    def test_asks_again_where_the_sum_is_another_one(
        self, app: Flask, session: Session, dewi: Person, thing: Variant, how: dict[str, str]
    ):
        give_credit(session, dewi, 5_000)
        client = signed_in(app, dewi)
        put_in(client, (thing, 2))
        form = ready_to_place(client, **{f"way-{thing.seller_id.hex}": "pickup"})
        for name, value in how.items():
            form.pop(name) if not value else form.setlist(name, [value])
        again = client.post("/checkout", data=form)
        assert again.status_code == 409
        assert "Jumlahnya sekarang Rp30.000." in words(again)
        assert "Buat pesanan, Rp30.000" in words(again)
        form["credit"] = "0"
        assert client.post("/checkout", data=form).status_code == 303
        session.rollback()
        assert free(session, dewi.id) == 5_000

    def test_no_box_without_credit_and_none_for_guests(
        self, app: Flask, session: Session, dewi: Person, thing: Variant
    ):
        client = signed_in(app, dewi)
        put_in(client, (thing, 1))
        assert "use_credit" not in client.get("/checkout").text

    def test_says_what_is_paid_to_whom_directly(
        self, app: Flask, session: Session, dewi: Person, thing: Variant
    ):
        load_settings(session).sellers_collect = True
        rohana = make_seller(session, "Rohana")
        rohana.bank_account, rohana.collects = "55501234", True
        direct = offer(session, rohana, on_hand=9)
        give_credit(session, dewi, 90_000)
        client = signed_in(app, dewi)
        put_in(client, (direct, 2), (thing, 1))
        pickup = {f"way-{one.seller_id.hex}": "pickup" for one in (direct, thing)}
        form = ready_to_place(client, **pickup)
        page = client.post("/checkout", data=form | {"refresh": "1"})
        assert "Rp30.000 dibayar langsung ke Rohana (Transfer bank)" in words(page)
        assert "Sisanya dibayar ke program." in words(page)
        assert 'name="credit" value="14000"' in page.text  # her part is not the programme's


class TestHerPage:
    def test_every_change_is_there(self, app: Flask, session: Session, dewi: Person):
        codes_are_credit(session)
        give_credit(session, dewi, 5_000)
        used = payment_of(session, ordered_by(session, dewi, credit=1_000))
        settle(session, used.id, actor="staff", person_id=None)
        ordered_by(session, dewi, credit=2_000)
        client = signed_in(app, dewi)
        assert "/account/credit" in client.get("/account").text
        page = words(client.get("/account/credit"))
        assert f"Dipakai untuk pesanan {used.order_number}" in page
        assert f"Kelebihan dari pesanan {used.order_number}" in page
        assert "Rp2.000 menunggu pesanan" in page

    def test_is_nobody_elses(self, app: Flask, session: Session, dewi: Person):
        give_credit(session, dewi, 5_000)
        stranger = signed_in(app, make_person(session))
        assert "Belum ada saldo" in words(stranger.get("/account/credit"))


class TestStaff:
    @pytest.fixture
    def finance(self, app: Flask, session: Session, dewi: Person) -> FlaskClient:
        return signed_in(app, make_person(session, Role.FINANCE, Role.ADMIN))

    def test_chooses_whose_codes_are(self, session: Session, finance: FlaskClient):
        page = finance.post("/staff/settings/codes", data={"hers": "1"}, follow_redirects=True)
        assert "jadi saldonya" in words(page)
        session.rollback()
        assert load_settings(session).codes_are_credit
        finance.post("/staff/settings/codes", data={"hers": "0"})
        session.rollback()
        session.expire_all()
        assert not load_settings(session).codes_are_credit

    def test_makes_too_much_money_credit(
        self, app: Flask, session: Session, finance: FlaskClient, dewi: Person
    ):
        payment = payment_of(session, ordered_by(session, dewi, method=Method.TRANSFER))
        settle(session, payment.id, actor="staff", person_id=None)
        stray_id = make_stray(session, 5_000, payment).id
        guest = placed_order(session)
        settle(session, payment_of(session, guest).id, actor="staff", person_id=None)
        of_guest = make_stray(session, 7_000, payment_of(session, guest)).id
        session.commit()
        assert finance.get("/staff/payments/stray").text.count("Jadikan saldo pembeli") == 1
        where = "/staff/payments/stray/{}/credit"
        said = finance.post(where.format(stray_id), follow_redirects=True)
        assert "Dicatat: jadi saldo pembeli." in words(said)
        assert "sudah diputuskan" in words(
            finance.post(where.format(stray_id), follow_redirects=True)
        )
        assert "tanpa masuk" in words(finance.post(where.format(of_guest), follow_redirects=True))
        session.rollback()
        assert free(session, dewi.id) == 5_000
        order = session.get_one(Order, payment.order_id)
        assert "Rp5.000 jadi saldo Anda" in words(app.test_client().get(f"/o/{order.token}"))

    def test_opens_a_late_order_again(self, session: Session, finance: FlaskClient, thing: Variant):
        payment = payment_of(session, placed_order(session, (thing, 2)))
        with clock.at(clock.now() + timedelta(hours=25)):
            expire_due(session)
        with clock.at(clock.now() + timedelta(days=10)):
            settle(session, payment.id, actor="staff", person_id=None)
        refund_id = session.scalars(select(Refund.id)).one()
        session.commit()
        waiting = words(finance.get("/staff/payments/stray"))
        assert "Buka lagi pesanannya" in waiting
        assert "1 uang masuk tidak pas dengan pesanan" in waiting
        where = f"/staff/refunds/{refund_id}/reopen"
        assert "dibuka lagi dan lunas" in words(finance.post(where, follow_redirects=True))
        assert newest(session).state == "settled"
        assert "dibuka lagi dan lunas" not in words(finance.post(where, follow_redirects=True))
