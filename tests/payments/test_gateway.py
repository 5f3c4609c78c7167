"""A payment by code from end to end: only what the gateway says when it is asked is booked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.models import Order, SellerOrder
from shop.payments import make_code as making
from shop.payments.ask_back import ask_due
from shop.payments.expire import FOR_THE_GATEWAY, expire_due
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.models_gateway import GatewayCode
from shop.payments.reasons import DOUBLE, LATE
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import payment_of, placed_order
from tests.factories.payments import make_payment
from tests.factories.sellers import make_seller
from tests.orders.pages import put_in, ready_to_place
from tests.payments.gateway_shop import (
    address,
    faults,
    newest,
    state,
    to_pay,
    with_code,
    with_midtrans,
)
from tests.stand_ins.midtrans import StandInMidtrans, send

pytestmark = pytest.mark.both


@pytest.fixture
def midtrans(app: Flask) -> Iterator[StandInMidtrans]:
    with with_midtrans(app) as stand_in:
        yield stand_in


@pytest.fixture
def payment(session: Session) -> Payment:
    return to_pay(session)


def asked(app: Flask, session: Session) -> int:
    return ask_due(session, app.extensions["config"])


def test_a_code_paid_settles_by_itself(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    assert client.post(address(session, payment, "code")).status_code == 303
    code = newest(session, payment.id)
    assert code.reference == f"{payment.order_number}-1"
    page = client.get(address(session, payment)).text
    assert "<svg" in page
    assert "Saya sudah bayar, cek sekarang" in page
    assert send(client, midtrans.pay(code.reference)).status_code == 200
    assert state(session, payment) == "settled"
    assert payment.evidence == f"midtrans {code.reference}"
    assert balance(session, A.GATEWAY) == 42_500
    assert sum(session.scalars(select(Account.balance))) == 0
    assert newest(session, payment.id).standing == "paid"
    assert faults(session) == []


def test_the_attempt_is_written_down_before_the_gateway_is_asked(
    app: Flask, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    midtrans.moods = {"charge": "500"}
    with pytest.raises(making.NoCode):
        with_code(app, session, payment)
    session.rollback()  # as a crash at this moment would
    seen = list(session.scalars(select(GatewayCode.reference)))
    assert seen == [f"{payment.order_number}-1"]


def test_pressing_twice_makes_one_code(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    for _ in range(2):
        client.post(address(session, payment, "code"))
    assert len(midtrans.things) == 1


def test_without_the_gateway_the_order_stands_and_another_try_works(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    midtrans.mood = "500"
    assert client.post(address(session, payment, "code")).status_code == 303
    assert state(session, payment) == "pending"
    assert "Tampilkan kode QRIS" in client.get(address(session, payment)).text
    midtrans.mood = ""
    client.post(address(session, payment, "code"))
    assert newest(session, payment.id).reference.endswith("-2")


@pytest.mark.parametrize("text", ["nonsense", "00020101", "x" * 700])
def test_a_code_that_is_none_is_not_drawn(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment, text: str
):
    midtrans.code = text
    client.post(address(session, payment, "code"))
    assert newest(session, payment.id).text == ""
    assert 'class="qr"' not in client.get(address(session, payment)).text


def test_a_code_for_another_sum_is_not_drawn(
    app: Flask, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    other = make_payment(
        session, (make_seller(session, "Ani"), 9_000), method=Method.GATEWAY,
        expires_at=clock.now() + timedelta(hours=3),
    )  # fmt: skip
    session.commit()
    with_code(app, session, other)
    midtrans.code = newest(session, other.id).text
    with pytest.raises(making.NoCode):
        with_code(app, session, payment)


@pytest.mark.parametrize("act", ["code", "check", "paid"])
def test_a_stranger_finds_nothing(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment, act: str
):
    other = to_pay(session)
    url = address(session, payment, act).replace(str(payment.id), str(other.id))
    ask = client.get if act == "paid" else client.post
    assert ask(url).status_code == 404
    assert ask(f"/o/wrong/{act}/{payment.id}").status_code == 404
    assert midtrans.requests == []


def test_a_payment_of_another_way_gets_no_code(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans
):
    other = make_payment(session, (make_seller(session), 9_000), method=Method.TRANSFER, code=7)
    session.commit()
    client.post(address(session, other, "code"))
    assert midtrans.requests == []


def test_the_button_asks_and_says_how_it_stands(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    client.post(address(session, payment, "code"))
    reference = newest(session, payment.id).reference
    page = client.post(address(session, payment, "check"), follow_redirects=True).text
    assert "Uangnya belum masuk" in page
    before = len(midtrans.requests)
    client.post(address(session, payment, "check"))
    assert len(midtrans.requests) == before  # not passed on each time
    midtrans.pay(reference)
    with clock.at(clock.now() + timedelta(seconds=10)):
        client.post(address(session, payment, "check"))
    assert state(session, payment) == "settled"
    waits = client.get(address(session, payment, "paid"))
    assert waits.json == {"state": "settled", "code": False}
    assert waits.headers["Cache-Control"] == "private, no-store"


def test_the_clock_finds_what_no_message_told(
    app: Flask, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    reference = with_code(app, session, payment)
    midtrans.pay(reference)
    assert asked(app, session) == 0  # not yet
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert asked(app, session) == 1
    assert state(session, payment) == "settled"
    with clock.at(clock.now() + timedelta(days=2)):
        assert asked(app, session) == 0


TURNED: dict[str, dict[str, Any]] = {
    "cancel": {"transaction_status": "settlement", "fraud_status": "accept"},
    "pending": {"transaction_status": "settlement"},
}


@pytest.mark.parametrize("genuine", list(TURNED))
def test_a_genuine_message_with_another_word_books_nothing(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans,
    payment: Payment, genuine: str,
):  # fmt: skip
    reference = with_code(app, session, payment)
    midtrans.becomes(reference, genuine)
    turned = midtrans.message(reference, **TURNED[genuine])
    assert turned["transaction_status"] == "settlement"
    assert send(client, turned).status_code == 200
    assert state(session, payment) == "pending"
    assert balance(session, A.GATEWAY) == 0


LIES: dict[str, dict[str, Any]] = {
    "another sum": {"gross_amount": "100.00"},
    "a broken sum": {"gross_amount": "42500.50"},
    "another currency": {"currency": "USD"},
    "another code": {"order_id": "OTHER-1"},
    "another transaction": {"transaction_id": "00000000-0000-4000-8000-000000000999"},
}


@pytest.mark.parametrize("lie", list(LIES))
def test_an_answer_that_does_not_fit_is_flagged_once_and_books_nothing(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans,
    payment: Payment, lie: str,
):  # fmt: skip
    message = midtrans.pay(with_code(app, session, payment))
    midtrans.lies = LIES[lie]
    assert send(client, message).status_code == 200
    assert send(client, message | {"again": 1}).status_code == 200
    assert state(session, payment) == "pending"
    assert balance(session, A.GATEWAY) == 0
    flagged = select(WebhookEvent.fault).where(WebhookEvent.fault != "")
    assert len(session.scalars(flagged).all()) == 1
    midtrans.lies = {}
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert asked(app, session) == 1
    assert state(session, payment) == "settled"


@pytest.mark.parametrize("mood", ["500", "html", "redirect", "401"])
def test_where_the_gateway_is_silent_the_message_waits(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans,
    payment: Payment, mood: str,
):  # fmt: skip
    message = midtrans.pay(with_code(app, session, payment))
    midtrans.mood = mood
    assert send(client, message).status_code == 200
    assert state(session, payment) == "pending"
    midtrans.mood = ""
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert asked(app, session) == 1
    assert state(session, payment) == "settled"


def test_messages_about_codes_of_others_are_flagged(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    message = midtrans.pay(with_code(app, session, payment))
    session.delete(newest(session, payment.id))
    session.commit()
    assert send(client, message).status_code == 200
    assert session.scalar(select(WebhookEvent.fault)) == f"no such code: {message['order_id']}"


@pytest.mark.parametrize(
    "other", [{"signature_key": "0" * 128}, {"signature_key": None}, {"gross_amount": "1.00"}]
)
def test_a_message_that_is_not_signed_is_not_even_kept(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans,
    payment: Payment, other: dict[str, Any],
):  # fmt: skip
    message = midtrans.pay(with_code(app, session, payment))
    before = len(midtrans.requests)
    assert send(client, message | other).status_code == 400
    assert session.scalar(select(WebhookEvent.id)) is None
    assert len(midtrans.requests) == before


def test_huge_and_senseless_bodies_are_refused(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans
):
    for webhook in ("/webhooks/midtrans", "/webhooks/stripe"):
        huge = client.post(webhook, data=b"x" * 5_000_000, content_type="application/json")
        assert huge.status_code == 413
    for body in (b"", b"\xff\xfe", b"[]", b"[" * 100_000):
        assert client.post("/webhooks/midtrans", data=body).status_code == 400


def test_a_shop_without_a_gateway_knows_no_webhook(client: FlaskClient):
    assert client.post("/webhooks/midtrans", data=b"{}").status_code == 404


def test_a_code_that_ran_out_makes_room_for_a_new_one(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    first = with_code(app, session, payment)
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert "Tampilkan kode QRIS" in client.get(address(session, payment)).text
        assert asked(app, session) == 1
        assert midtrans.things[first]["transaction_status"] == "expire"
        second = with_code(app, session, payment)
        assert second != first
        send(client, midtrans.pay(second))
    assert state(session, payment) == "settled"


def test_both_codes_paid_is_money_that_goes_back(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    first = with_code(app, session, payment)
    with clock.at(clock.now() + timedelta(minutes=61)):
        second = with_code(app, session, payment)
        for reference in (first, second):
            assert send(client, midtrans.pay(reference)).status_code == 200
    assert state(session, payment) == "settled"
    assert balance(session, A.GATEWAY) == 85_000
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.reason, refund.state) == (42_500, DOUBLE, "due")
    assert sum(session.scalars(select(Account.balance))) == 0
    assert faults(session) == []


def test_a_payment_is_asked_about_before_its_order_is_given_up(
    app: Flask, session: Session, midtrans: StandInMidtrans
):
    payment = to_pay(session, hours=0.5)
    reference = with_code(app, session, payment)
    midtrans.pay(reference)
    with clock.at(clock.now() + timedelta(hours=1)):
        assert expire_due(session) == 0
        session.commit()
        assert asked(app, session) == 1
        assert state(session, payment) == "settled"


def test_a_code_is_ended_at_the_gateway_before_its_order_is_given_up(
    app: Flask, session: Session, midtrans: StandInMidtrans
):
    payment = to_pay(session, hours=0.5)
    reference = with_code(app, session, payment)
    with clock.at(clock.now() + timedelta(hours=1)):
        asked(app, session)
        assert midtrans.things[reference]["transaction_status"] == "expire"
        assert expire_due(session) == 1
        session.commit()
    assert state(session, payment) == "expired"


def test_a_silent_gateway_does_not_hold_stock_for_ever(
    app: Flask, session: Session, midtrans: StandInMidtrans
):
    payment = to_pay(session, hours=0.5)
    with_code(app, session, payment)
    midtrans.mood = "500"
    with clock.at(clock.now() + timedelta(hours=1)):
        asked(app, session)
        assert expire_due(session) == 0
    with clock.at(clock.now() + timedelta(hours=1) + FOR_THE_GATEWAY):
        assert expire_due(session) == 1


@pytest.mark.parametrize("left", [5, 1])
def test_money_after_the_order_ended_takes_it_back_or_goes_back(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans, left: int
):
    variant = offer(session, on_hand=2 if left == 1 else 5)
    order = placed_order(session, (variant, 2), method=Method.GATEWAY)
    payment = payment_of(session, order)
    session.commit()
    reference = with_code(app, session, payment)
    deadline = order.expires_at
    assert deadline is not None
    with clock.at(deadline + timedelta(minutes=1)):
        asked(app, session)
        assert expire_due(session) == 1
        session.commit()
        if left == 1:
            placed_order(session, (variant, 1), method=Method.CASH)
            session.commit()
        assert send(client, midtrans.pay(reference)).status_code == 200
    late = left == 1
    assert state(session, payment) == ("late" if late else "settled")
    parts = session.scalars(select(SellerOrder.state).where(SellerOrder.order_id == order.id))
    assert parts.all() == ["expired" if late else "waiting"]
    assert session.scalars(select(Refund.reason)).all() == ([LATE] if late else [])
    assert faults(session) == []


def test_who_pays_another_way_leaves_no_code_behind(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans
):
    order = placed_order(session, method=Method.GATEWAY)
    payment = payment_of(session, order)
    session.commit()
    reference = with_code(app, session, payment)
    page = f"/o/{order.token}"
    assert "Bayar dengan cara lain" in client.get(page).text
    assert client.post(f"{page}/method", data={"method": "transfer"}).status_code == 303
    assert state(session, payment) == "cancelled"
    assert midtrans.things[reference]["transaction_status"] == "cancel"
    assert session.get_one(Order, order.id).method == "transfer"


def test_who_paid_already_does_not_pay_another_way(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans
):
    order = placed_order(session, method=Method.GATEWAY)
    payment = payment_of(session, order)
    session.commit()
    midtrans.pay(with_code(app, session, payment))
    client.post(f"/o/{order.token}/method", data={"method": "transfer"})
    assert state(session, payment) == "settled"
    assert session.scalar(select(func.count()).select_from(Payment)) == 1


def test_a_cancelled_order_has_its_code_ended_by_the_clock(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans
):
    order = placed_order(session, method=Method.GATEWAY)
    payment = payment_of(session, order)
    session.commit()
    reference = with_code(app, session, payment)
    client.post(f"/o/{order.token}/cancel")
    assert state(session, payment) == "cancelled"
    assert asked(app, session) == 1
    assert midtrans.things[reference]["transaction_status"] == "cancel"


def test_money_for_a_cancelled_order_goes_back(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans
):
    order = placed_order(session, method=Method.GATEWAY)
    payment = payment_of(session, order)
    session.commit()
    midtrans.pay(with_code(app, session, payment))
    client.post(f"/o/{order.token}/cancel")
    assert asked(app, session) == 1
    assert state(session, payment) == "late"
    assert faults(session) == []


def test_money_that_went_back_elsewhere_is_put_before_a_person(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans, payment: Payment
):
    reference = with_code(app, session, payment)
    send(client, midtrans.pay(reference))
    send(client, midtrans.becomes(reference, "chargeback"))
    assert state(session, payment) == "settled"
    assert session.scalars(select(WebhookEvent.fault).where(WebhookEvent.fault != "")).one()


def test_a_checkout_by_code_shows_it_at_once(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans
):
    thing = offer(session, on_hand=5)
    session.commit()
    put_in(client, (thing, 2))
    assert "QRIS otomatis" in client.get("/checkout").text
    placed = client.post("/checkout", data=ready_to_place(client, method="gateway"))
    assert placed.status_code == 303
    assert len(midtrans.things) == 1
    assert "Saya sudah bayar, cek sekarang" in client.get(placed.location).text


def test_a_checkout_without_the_gateway_stands_all_the_same(
    client: FlaskClient, session: Session, midtrans: StandInMidtrans
):
    thing = offer(session, on_hand=5)
    session.commit()
    put_in(client, (thing, 2))
    midtrans.mood = "500"
    placed = client.post("/checkout", data=ready_to_place(client, method="gateway"))
    assert "Tampilkan kode QRIS" in client.get(placed.location).text


def test_a_shop_without_a_key_does_not_offer_it(client: FlaskClient, session: Session):
    thing = offer(session, on_hand=5)
    session.commit()
    put_in(client, (thing, 2))
    assert "QRIS otomatis" not in client.get("/checkout").text
