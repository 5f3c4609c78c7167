"""Money that goes back through the gateway, or by hand where that cannot be; never both."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments.asked_elsewhere import AskedElsewhere
from shop.payments.models import Payment, Refund
from shop.payments.models_gateway import GatewayRefund
from shop.payments.providers.acquirer import GatewayUnreachable
from shop.payments.refund import OwnGrant, mark_paid
from shop.payments.refund_by_gateway import NotThroughGateway, send_back
from shop.payments.states import AskedBack, Method
from tests.factories.payments import granted, make_paid
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.payments.gateway_shop import faults, to_pay, with_code, with_midtrans
from tests.stand_ins.midtrans import StandInMidtrans, send

pytestmark = pytest.mark.both


@pytest.fixture
def midtrans(app: Flask) -> Iterator[StandInMidtrans]:
    with with_midtrans(app) as stand_in:
        yield stand_in


@pytest.fixture
def paid(app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans) -> Payment:
    """Rp42.500 that came by code."""
    payment = to_pay(session)
    send(client, midtrans.pay(with_code(app, session, payment)))
    session.rollback()
    return payment


def back(app: Flask, session: Session, refund_id: uuid.UUID) -> AskedBack:
    found = send_back(session, app.extensions["config"], refund_id, person_id=None)
    session.commit()
    return found


def row(session: Session, refund_id: uuid.UUID) -> Refund:
    db.session.rollback()
    return session.get_one(Refund, refund_id, populate_existing=True)


def test_it_goes_back_the_way_it_came(
    app: Flask, session: Session, midtrans: StandInMidtrans, paid: Payment
):
    refund_id = granted(session, paid)
    assert back(app, session, refund_id) == "done"
    found = row(session, refund_id)
    assert (found.state, found.reference) == ("paid", f"midtrans {paid.order_number}-1")
    assert balance(session, A.GATEWAY) == 12_500
    assert balance(session, A.BANK) == 0
    assert balance(session, A.REFUNDS) == 0
    assert sum(session.scalars(select(Account.balance))) == 0
    sent = midtrans.things[f"{paid.order_number}-1"]["refunds"]
    assert sent == [{"refund_key": refund_id.hex, "refund_amount": 30_000}]
    assert faults(session) == []


def test_what_the_message_about_it_says_changes_nothing(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans, paid: Payment
):
    back(app, session, granted(session, paid))
    assert send(client, midtrans.message(f"{paid.order_number}-1")).status_code == 200
    assert balance(session, A.GATEWAY) == 12_500
    assert faults(session) == []


def test_twice_is_once(app: Flask, session: Session, midtrans: StandInMidtrans, paid: Payment):
    refund_id = granted(session, paid)
    back(app, session, refund_id)
    with pytest.raises(IllegalMove):
        back(app, session, refund_id)
    assert balance(session, A.GATEWAY) == 12_500


def test_in_two_parts(app: Flask, session: Session, midtrans: StandInMidtrans, paid: Payment):
    for amount in (10_000, 20_000):
        assert back(app, session, granted(session, paid, amount)) == "done"
    assert balance(session, A.GATEWAY) == 12_500
    assert faults(session) == []


@pytest.mark.parametrize("code", ["412", "414", "418"])
def test_what_the_app_does_not_take_goes_by_hand(
    app: Flask, session: Session, midtrans: StandInMidtrans, paid: Payment, code: str
):
    midtrans.refuses = code
    refund_id = granted(session, paid)
    assert back(app, session, refund_id) == "refused"
    assert row(session, refund_id).state == "due"
    with pytest.raises(NotThroughGateway):
        back(app, session, refund_id)
    mark_paid(session, refund_id, reference="TRX 9", person_id=None)
    session.commit()
    assert (balance(session, A.GATEWAY), balance(session, A.BANK)) == (42_500, -30_000)
    assert faults(session) == []


def test_without_an_answer_nobody_sends_it_another_way(
    app: Flask, session: Session, midtrans: StandInMidtrans, paid: Payment
):
    refund_id = granted(session, paid)
    midtrans.forgets = True  # it happens, and nobody hears of it
    with pytest.raises(GatewayUnreachable):
        back(app, session, refund_id)
    session.commit()
    with pytest.raises(AskedElsewhere):
        mark_paid(session, refund_id, reference="TRX 9", person_id=None)
    session.rollback()
    midtrans.forgets = False
    assert back(app, session, refund_id) == "done"
    assert len(midtrans.things[f"{paid.order_number}-1"]["refunds"]) == 1
    assert faults(session) == []


def test_one_that_never_arrived_is_sent_when_asked_again(
    app: Flask, session: Session, midtrans: StandInMidtrans, paid: Payment
):
    refund_id = granted(session, paid)
    midtrans.moods = {"refund": "500"}
    with pytest.raises(GatewayUnreachable):
        back(app, session, refund_id)
    session.commit()
    midtrans.moods = {}
    assert back(app, session, refund_id) == "done"
    assert balance(session, A.GATEWAY) == 12_500


def test_who_granted_it_does_not_send_it(
    app: Flask, session: Session, midtrans: StandInMidtrans, paid: Payment
):
    person = make_person(session, Role.FINANCE, name="Hendri")
    refund_id = granted(session, paid, by=person.id)
    with pytest.raises(OwnGrant):
        send_back(session, app.extensions["config"], refund_id, person_id=person.id)
    assert not [asked for asked in midtrans.requests if asked.endswith("refund")]


def test_money_of_another_way_does_not_go_there(
    app: Flask, session: Session, midtrans: StandInMidtrans
):
    paid = make_paid(session, (make_seller(session), 30_000), method=Method.QRIS)
    with pytest.raises(NotThroughGateway):
        back(app, session, granted(session, paid))
    assert session.scalar(select(GatewayRefund.id)) is None


def test_staff_are_told_each_step(
    app: Flask, session: Session, midtrans: StandInMidtrans, paid: Payment
):
    refund_id = granted(session, paid)
    finance = signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))
    url, page = f"/staff/refunds/{refund_id}/gateway", "/staff/payments/refunds"
    assert "Kembalikan lewat QRIS" in finance.get(page).text
    midtrans.moods = {"refund": "500"}
    assert "Belum ada jawaban" in finance.post(url, follow_redirects=True).text
    shown = finance.get(page).text
    assert "Tanyakan lagi" in shown
    assert "Sudah dikirim balik" not in shown
    by_hand = finance.post(f"/staff/refunds/{refund_id}/paid", data={"reference": "TRX"})
    assert by_hand.status_code == 303
    assert row(session, refund_id).state == "due"
    midtrans.moods, midtrans.refuses = {}, "418"
    assert "Kirim dengan bank" in finance.post(url, follow_redirects=True).text
    shown = finance.get(page).text
    assert "minta nomor rekeningnya" in shown
    assert "Sudah dikirim balik" in shown
    finance.post(f"/staff/refunds/{refund_id}/paid", data={"reference": "TRX"})
    assert row(session, refund_id).state == "paid"
