"""A buyer sends a photo of her slip; only she, staff and who collects can see it."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shop.accounts.models import Role
from shop.core.db import db
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.payments.models_stray import PaymentSlip
from shop.payments.settle import settle
from shop.payments.states import Method
from tests.factories.orders import payment_of, placed_order
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.photos import lively, saved

pytestmark = pytest.mark.both


def send(client: FlaskClient, order: Order, payment: Payment, image: bytes) -> TestResponse:
    photo = {"photo": (io.BytesIO(image), "bukti.jpg")}
    return client.post(f"/o/{order.token}/slip/{payment.id}", data=photo)


def slip_photo(width: int = 400) -> bytes:
    return saved(lively(width, 500), "JPEG")


@pytest.fixture
def order(session: Session) -> Order:
    made = placed_order(session)
    session.commit()
    return made


@pytest.fixture
def payment(session: Session, order: Order) -> Payment:
    return payment_of(session, order)


def kept(session: Session) -> int:
    db.session.rollback()
    return session.scalar(select(func.count()).select_from(PaymentSlip)) or 0


def test_it_is_seen_by_the_buyer_and_by_staff(
    app: Flask, session: Session, client: FlaskClient, order: Order, payment: Payment
):
    assert f"/o/{order.token}/slip/{payment.id}" in client.get(f"/o/{order.token}").text
    assert send(client, order, payment, slip_photo()).status_code == 303
    page = client.get(f"/o/{order.token}").text
    (found,) = set(re.findall(rf"/o/{order.token}/slip/{payment.id}/[0-9a-f-]+", page))
    shown = client.get(found)
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert (
        "no-store" in shown.headers["Cache-Control"] or "private" in shown.headers["Cache-Control"]
    )
    finance = signed_in(app, make_person(session, Role.FINANCE))
    queue = finance.get("/staff/payments").text
    (seen,) = set(re.findall(r"/staff/payments/slips/[0-9a-f-]+", queue))
    assert finance.get(seen).status_code == 200


def test_a_stranger_sees_nothing(
    app: Flask, session: Session, client: FlaskClient, order: Order, payment: Payment
):
    send(client, order, payment, slip_photo())
    slip_id = session.scalars(select(PaymentSlip.id)).one()
    other = placed_order(session)
    session.commit()
    assert client.get(f"/o/{other.token}/slip/{payment.id}").status_code == 404
    assert client.get(f"/o/{other.token}/slip/{payment.id}/{slip_id}").status_code == 404
    others = payment_of(session, other)
    assert client.get(f"/o/{other.token}/slip/{others.id}/{slip_id}").status_code == 404
    assert send(client, other, payment, slip_photo()).status_code == 404


def test_who_collects_sees_it_and_no_other_seller(
    app: Flask, session: Session, client: FlaskClient, order: Order, payment: Payment
):
    send(client, order, payment, slip_photo())
    slip_id = session.scalars(select(PaymentSlip.id)).one()
    owner, stranger = make_person(session), make_person(session)
    seller = make_seller(session, owner=owner)
    make_seller(session, owner=stranger)
    session.execute(update(Payment).values(collector_id=seller.id))
    session.commit()
    address = f"/sell/money/slips/{slip_id}"
    assert signed_in(app, owner).get(address).status_code == 200
    assert signed_in(app, stranger).get(address).status_code == 404


def test_what_is_no_photo_is_said_beside_the_field(
    session: Session, client: FlaskClient, order: Order, payment: Payment
):
    answer = send(client, order, payment, b"not a photo")
    assert answer.status_code == 422
    assert "bukti.jpg" in answer.text
    empty = client.post(f"/o/{order.token}/slip/{payment.id}", data={})
    assert empty.status_code == 422
    assert "Pilih atau ambil fotonya dulu." in empty.text
    assert kept(session) == 0


def test_three_are_enough_and_the_same_one_counts_once(
    session: Session, client: FlaskClient, order: Order, payment: Payment
):
    for width in (400, 400, 410, 420, 430):
        assert send(client, order, payment, slip_photo(width)).status_code == 303
    assert kept(session) == 3


def test_what_is_paid_takes_no_more(
    session: Session, client: FlaskClient, order: Order, payment: Payment
):
    settle(session, payment.id, actor="staff", person_id=None)
    session.commit()
    assert send(client, order, payment, slip_photo()).status_code == 303
    assert kept(session) == 0
    assert "/slip/" not in client.get(f"/o/{order.token}").text


def test_cash_asks_for_none(session: Session, client: FlaskClient):
    order = placed_order(session, method=Method.CASH)
    session.commit()
    assert "/slip/" not in client.get(f"/o/{order.token}").text
