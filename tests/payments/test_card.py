"""A card payment from end to end, against a stand-in for Stripe on this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.db import db
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.models import Order
from shop.payments.expire import expire_due
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.providers import stripe as provider
from shop.payments.states import Method
from tests.factories.payments import make_payment
from tests.factories.sellers import make_seller
from tests.payments.stripe_shop import with_stripe
from tests.stand_ins.stripe import (
    StandInStripe,
    send,
    sign,
)

pytestmark = pytest.mark.both


@pytest.fixture
def stripe(app: Flask) -> Iterator[StandInStripe]:
    """Stripe, as far as this shop sees of it."""
    with with_stripe(app) as stand_in:
        yield stand_in


@pytest.fixture
def payment(session: Session) -> Payment:
    """A card payment of Rp42.500 for an order of two sellers."""
    made = make_payment(
        session,
        (make_seller(session), 30_000),
        (make_seller(session, "Melur"), 12_500),
        method=Method.CARD,
        expires_at=clock.now() + timedelta(hours=24),
    )
    session.commit()
    return made


def link(session: Session, payment: Payment) -> str:
    token = session.scalar(select(Order.token).where(Order.id == payment.order_id))
    return f"/o/{token}/card/{payment.id}"


def to_the_page(client: FlaskClient, session: Session, payment: Payment) -> str:
    """Press the button; returns the id of Stripe's page."""
    answer = client.post(link(session, payment))
    assert answer.status_code == 303
    return answer.location.rpartition("/")[2]


def state(session: Session, payment: Payment) -> str:
    db.session.rollback()
    return session.get_one(Payment, payment.id, populate_existing=True).state


def fault(session: Session) -> str | None:
    return session.scalar(select(WebhookEvent.fault))


def test_a_card_payment_settles_by_itself(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment
):
    page = to_the_page(client, session, payment)
    asked = stripe.sessions[page]
    assert (asked["amount_total"], asked["currency"]) == (4_250_000, "idr")
    assert asked["metadata"] == {"payment_id": str(payment.id)}
    assert asked["success_url"].startswith("http://localhost/o/")
    assert state(session, payment) == "pending"
    assert send(client, stripe.pay(page)).status_code == 200
    assert state(session, payment) == "settled"
    assert payment.evidence == f"pi_{page}"
    assert balance(session, A.CARD) == 42_500
    assert sum(session.scalars(select(Account.balance))) == 0


def test_pressing_twice_leads_to_the_same_page(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment
):
    with clock.at(clock.now()):
        first = to_the_page(client, session, payment)
        assert to_the_page(client, session, payment) == first
    assert len(stripe.sessions) == 1


def test_a_stumbling_stripe_is_asked_again(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment
):
    stripe.fail_next = 1
    to_the_page(client, session, payment)
    assert len(stripe.requests) == 2


def test_without_stripe_the_buyer_is_told(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment
):
    stripe.fail_next = 99
    answer = client.post(link(session, payment))
    assert answer.location == link(session, payment).rpartition("/card/")[0]
    assert state(session, payment) == "pending"


@pytest.mark.parametrize("path", ["/o/wrong/card/{id}", "/o/{token}/card/{other}"])
def test_a_stranger_finds_no_card_page(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment, path: str
):
    token = session.scalar(select(Order.token))
    other = make_payment(session, (make_seller(session), 9_000), method=Method.CARD)
    session.commit()
    url = path.format(id=payment.id, token=token, other=other.id)
    assert client.post(url).status_code == 404
    assert stripe.requests == []


def test_a_paid_order_has_no_card_page(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment
):
    send(client, stripe.pay(to_the_page(client, session, payment)))
    before = len(stripe.requests)
    assert client.post(link(session, payment)).status_code == 303
    assert len(stripe.requests) == before


def test_a_message_that_comes_twice_books_once(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment
):
    event = stripe.pay(to_the_page(client, session, payment))
    again = stripe.event(event["type"], event["data"]["object"])
    assert [send(client, e).status_code for e in (event, event, again)] == [200] * 3
    assert state(session, payment) == "settled"
    assert balance(session, A.CARD) == 42_500
    assert session.scalar(select(func.count()).select_from(WebhookEvent)) == 2
    assert session.scalars(select(WebhookEvent.fault)).all() == ["", ""]


FORGERIES: dict[str, Any] = {
    "forged": {"secret": "whsec_other"},
    "old": {"at": time.time() - 301},
}


@pytest.mark.parametrize("how", list(FORGERIES))
def test_a_badly_signed_message_is_refused(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment, how: str
):
    event = stripe.pay(to_the_page(client, session, payment))
    assert send(client, event, **FORGERIES[how]).status_code == 400
    assert state(session, payment) == "pending"
    assert session.scalar(select(WebhookEvent.id)) is None


@pytest.mark.parametrize("header", [None, "", "t=1,v0=abc", "nonsense"])
def test_an_unsigned_or_changed_message_is_refused(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment, header: str
):
    body = json.dumps(stripe.pay(to_the_page(client, session, payment))).encode()
    headers = {} if header is None else {"Stripe-Signature": header}
    post = client.post
    assert post("/webhooks/stripe", data=body, headers=headers).status_code == 400
    changed = {"Stripe-Signature": sign(body)}
    assert post("/webhooks/stripe", data=body + b" ", headers=changed).status_code == 400
    assert post("/webhooks/stripe", data=b"\xff", headers=headers).status_code == 400
    assert state(session, payment) == "pending"


def test_another_sum_is_flagged_and_books_nothing(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment
):
    page = to_the_page(client, session, payment)
    stripe.sessions[page]["amount_total"] = 100
    assert send(client, stripe.pay(page)).status_code == 200
    assert state(session, payment) == "pending"
    assert fault(session) == f"{payment.order_number}: 1 came, 42500 was asked for"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"currency": "usd"}, "None came"),
        ({"amount_total": 4_250_001}, "None came"),
        ({"metadata": {}}, "no such payment"),
        ({"metadata": {"payment_id": "00000000-0000-7000-8000-000000000000"}}, "no such payment"),
        ({"id": "cs_other"}, "another page"),
    ],
)
def test_what_fits_no_payment_is_flagged(
    client: FlaskClient,
    session: Session,
    stripe: StandInStripe,
    payment: Payment,
    change: dict[str, Any],
    said: str,
):
    event = stripe.pay(to_the_page(client, session, payment))
    event["data"]["object"].update(change)
    assert send(client, event).status_code == 200
    assert said in (fault(session) or "")
    assert state(session, payment) == "pending"


def test_an_expired_page_changes_nothing(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment
):
    event = stripe.expire(to_the_page(client, session, payment))
    assert send(client, event).status_code == 200
    assert (state(session, payment), fault(session)) == ("pending", "")
    assert client.post(link(session, payment)).status_code == 303


def test_an_unknown_kind_of_message_is_kept(
    client: FlaskClient, session: Session, stripe: StandInStripe
):
    assert send(client, stripe.event("customer.created", {"id": "cus_1"})).status_code == 200
    assert session.scalar(select(WebhookEvent.kind)) == "customer.created"


def test_a_card_paid_after_the_order_expired_is_settled_or_goes_back(
    client: FlaskClient, session: Session, stripe: StandInStripe, payment: Payment
):
    page = to_the_page(client, session, payment)
    with clock.at(clock.now() + timedelta(hours=25)):
        expire_due(session)
        session.commit()
        assert state(session, payment) == "expired"
        # the orders of this test have no lines, so there is nothing that could be sold out
        assert send(client, stripe.pay(page)).status_code == 200
    assert state(session, payment) == "settled"
    assert session.scalar(select(Refund.id)) is None
    assert balance(session, A.CARD) == 42_500


def test_rupiah_become_hundredths_in_one_place():
    assert provider.to_minor(42_500) == 4_250_000
    assert provider.from_minor(4_250_000) == 42_500
    with pytest.raises(provider.BadAmount):
        provider.from_minor(4_250_001)
