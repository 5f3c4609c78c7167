"""A shop that takes cards by a stand-in for Stripe, for tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.check import check_all
from shop.config import Config
from shop.core import clock
from shop.core.db import db
from shop.payments.models import Payment
from shop.payments.states import Method
from shop.sellers.models import Seller
from tests.factories.payments import make_payment
from tests.payments.gateway_shop import address
from tests.stand_ins.stripe import SECRET_KEY, WEBHOOK_SECRET, StandInStripe, running, send

Message = dict[str, Any]


@contextmanager
def with_stripe(app: Flask) -> Iterator[StandInStripe]:
    """The shop, set up for a stand-in that runs meanwhile."""
    before: Config = app.extensions["config"]
    with running() as stand_in:
        app.extensions["config"] = replace(
            before,
            stripe_secret_key=SECRET_KEY,
            stripe_webhook_secret=WEBHOOK_SECRET,
            stripe_api_base=stand_in.url,
        )
        try:
            yield stand_in
        finally:
            app.extensions["config"] = before


def on_the_page(
    client: FlaskClient, session: Session, *parts: tuple[Seller, int]
) -> tuple[Payment, str]:
    """A card payment of these parts, and the id of Stripe's page for it."""
    until = clock.now() + timedelta(hours=24)
    payment = make_payment(session, *parts, method=Method.CARD, expires_at=until)
    session.commit()
    page = client.post(address(session, payment, "card")).location.rpartition("/")[2]
    return payment, page


def paid_by_card(
    client: FlaskClient, session: Session, stripe: StandInStripe, *parts: tuple[Seller, int]
) -> Payment:
    """A card payment whose money is there."""
    payment, page = on_the_page(client, session, *parts)
    assert send(client, stripe.pay(page)).status_code == 200
    db.session.rollback()
    return session.get_one(Payment, payment.id, populate_existing=True)


def deliver(
    client: FlaskClient, stripe: StandInStripe, kind: str, thing: Message, times: int = 1
) -> None:
    """Send an event of this kind about `thing`, signed; doubled where that is asked for."""
    event = stripe.event(kind, thing)
    for _ in range(times):
        assert send(client, event).status_code == 200
    db.session.rollback()


def faults(app: Flask, session: Session) -> Sequence[str]:
    """What the checks of the books find; the orders of these tests have no lines."""
    db.session.rollback()
    session.expire_all()
    found = check_all(session, app.extensions["storage"])
    about = ("refund", "dispute", "payment", "payout", "entry", "account", "balance", "back")
    return [one.line for one in found if one.faults and any(word in one.name for word in about)]
