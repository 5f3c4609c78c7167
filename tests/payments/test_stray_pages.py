"""Staff write down what does not fit and press its next step; the buyer reads what happens."""

from __future__ import annotations

import html
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification, Role
from shop.core.db import db
from shop.orders.models import Order
from shop.payments.cancel import cancel
from shop.payments.models import Payment
from shop.payments.models_stray import Stray
from shop.payments.settle import settle
from tests.factories.orders import paid_order, payment_of, placed_order
from tests.factories.people import make_person, signed_in
from tests.factories.stray import make_stray
from tests.orders.pages import fields

pytestmark = pytest.mark.both
HERE = "/staff/payments/stray"


@pytest.fixture
def finance(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))


@pytest.fixture
def other(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FINANCE, name="Sari"))


def words(page: str) -> str:
    """What is read, without marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def tracked(client: FlaskClient, session: Session, order_id: uuid.UUID) -> str:
    session.rollback()
    return words(client.get(f"/o/{session.get_one(Order, order_id).token}").text)


def strays(session: Session) -> list[Stray]:
    db.session.rollback()
    session.expire_all()
    return list(session.scalars(select(Stray).order_by(Stray.came_at)))


def press(client: FlaskClient, stray: Stray, act: str, **data: object) -> str:
    answer = client.post(f"{HERE}/{stray.id}/{act}", data=data, follow_redirects=True)
    assert answer.status_code == 200
    return words(answer.text)


class TestRecord:
    def test_too_little_for_an_order(self, session: Session, finance: FlaskClient):
        payment = payment_of(session, placed_order(session))
        session.commit()
        queue = finance.get("/staff/payments")
        assert f"{HERE}?number={payment.order_number}" in queue.text
        page = finance.get(f"{HERE}?number={payment.order_number}")
        form: dict[str, str] = dict(fields(page, HERE).items())
        assert form["number"] == payment.order_number
        form |= {"method": "transfer", "amount": "20.000", "note": "TRSF DEWI"}
        for _ in range(2):
            assert finance.post(HERE, data=form).location == HERE
        (stray,) = strays(session)
        assert (stray.kind, stray.amount, stray.note) == ("short", 20_000, "TRSF DEWI")
        page_words = words(finance.get(HERE).text)
        assert "1 uang masuk tidak pas" in page_words
        assert "Minta kekurangannya" in page_words

    def test_what_is_wrong_stands_beside_its_field(self, session: Session, finance: FlaskClient):
        payment = payment_of(session, placed_order(session))
        session.commit()
        exact = {"key": "k", "method": "transfer", "amount": str(payment.amount)}
        for typed, said in (
            ({**exact, "amount": "", "note": "DEWI"}, "DEWI"),
            ({**exact, "number": "ABCDEFGH"}, "Tidak ada pembayaran transfer atau QRIS"),
            ({**exact, "number": payment.order_number}, "Jumlah ini pas."),
        ):
            answer = finance.post(HERE, data=typed)
            assert answer.status_code == 422
            assert said in answer.text
        assert strays(session) == []


class TestNextSteps:
    def test_the_rest_is_asked_for_and_comes(
        self, session: Session, finance: FlaskClient, client: FlaskClient
    ):
        order = placed_order(session)
        stray = make_stray(session, 20_000, payment_of(session, order))
        session.commit()
        assert "Yang masuk baru Rp20.000" in tracked(client, session, order.id)
        press(finance, stray, "ask")
        rest = session.scalars(select(Payment).where(Payment.state == "pending")).one()
        page = tracked(client, session, order.id)
        assert "Rp20.000 sudah masuk, tinggal Rp10." in page
        assert "Transfer tepat sejumlah ini" in page
        told = session.scalars(select(Notification).where(Notification.kind == "rest_asked")).one()
        assert told.detail["number"] == order.number
        settle(session, rest.id, actor="staff", person_id=None)
        session.commit()
        page = tracked(client, session, order.id)
        assert "Penjual sudah diberi tahu" in page
        assert "tinggal" not in page

    def test_two_people_send_it_back(
        self, session: Session, finance: FlaskClient, other: FlaskClient, client: FlaskClient
    ):
        order = paid_order(session)
        payment = payment_of(session, order)
        stray = make_stray(session, payment.amount, payment)
        session.commit()
        assert "terbayar dua kali" in tracked(client, session, order.id)
        press(finance, stray, "back")
        assert "orang lain yang mengirimnya" in words(finance.get(HERE).text)
        assert "Minta orang lain" in press(finance, stray, "sent", reference="R1")
        assert other.post(f"{HERE}/{stray.id}/sent", data={}).status_code == 422
        press(other, stray, "sent", reference="R1")
        assert strays(session)[0].state == "refunded"
        assert "Sudah dikirim" in tracked(client, session, order.id)
        assert "sudah diputuskan sebelumnya" in press(other, stray, "sent", reference="R2")

    def test_the_decision_is_taken_back(self, session: Session, finance: FlaskClient):
        stray = make_stray(session, 7_000)
        session.commit()
        press(finance, stray, "back")
        press(finance, stray, "keep")
        assert strays(session)[0].state == "open"
        assert "sudah diputuskan sebelumnya" in press(finance, stray, "keep")

    def test_too_much_goes_to_the_fund(
        self, session: Session, finance: FlaskClient, client: FlaskClient
    ):
        order = placed_order(session)
        payment = payment_of(session, order)
        stray = make_stray(session, payment.amount + 7_000, payment)
        session.commit()
        assert "Anda mengirim Rp7.000 lebih banyak" in tracked(client, session, order.id)
        press(finance, stray, "fund")
        assert "masuk kas program" in tracked(client, session, order.id)
        assert "Masuk kas program" in words(finance.get(HERE).text)

    def test_only_the_code_is_missing(self, session: Session, finance: FlaskClient):
        payment = payment_of(session, placed_order(session))
        stray = make_stray(session, 30_000, payment)
        session.commit()
        assert "hanya angka pengenal yang kurang" in words(finance.get(HERE).text)
        assert "lunas" in press(finance, stray, "match", payment_id=payment.id)

    def test_late_money_stands_in_the_same_list(self, session: Session, finance: FlaskClient):
        payment = payment_of(session, placed_order(session))
        cancel(session, payment.id, "staff", None)
        settle(session, payment.id, actor="staff", person_id=None)
        session.commit()
        page = words(finance.get(HERE).text)
        assert "Terlambat" in page
        assert "Ke daftar pengembalian" in page


class TestFindsItsOrder:
    def test_what_has_the_same_sum_is_offered(self, session: Session, finance: FlaskClient):
        payment = payment_of(session, placed_order(session))
        stray = make_stray(session, payment.amount, note="BUDI")
        session.commit()
        page = finance.get(f"{HERE}/{stray.id}").text
        assert payment.order_number in page
        assert "BUDI" in page
        assert "lunas" in press(finance, stray, "match", payment_id=payment.id)
        assert strays(session)[0].state == "matched"

    def test_it_is_searched_by_number(self, session: Session, finance: FlaskClient):
        order = placed_order(session)
        stray = make_stray(session, 900_000)
        session.commit()
        assert order.number not in finance.get(f"{HERE}/{stray.id}").text
        assert order.number in finance.get(f"{HERE}/{stray.id}?q={order.number}").text

    def test_an_order_that_is_gone_says_so(self, session: Session, finance: FlaskClient):
        payment = payment_of(session, placed_order(session))
        stray = make_stray(session, payment.amount)
        cancel(session, payment.id, "staff", None)
        session.commit()
        assert "tidak bisa dibuka lagi" in press(finance, stray, "match", payment_id=payment.id)
        assert strays(session)[0].state == "open"

    def test_nothing_that_is_not_there(self, session: Session, finance: FlaskClient):
        stray = make_stray(session, 5_000)
        session.commit()
        for sent in ("", "x", uuid.uuid4()):
            answer = finance.post(f"{HERE}/{stray.id}/match", data={"payment_id": sent})
            assert answer.status_code == 404
        assert finance.get(f"{HERE}/{uuid.uuid4()}").status_code == 404
