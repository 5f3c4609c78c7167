"""What Stripe says of sellers' accounts, and of money that came back from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.core import clock, outbox
from shop.ledger.due import Wait, all_dues
from shop.ledger.models import Payout
from shop.ledger.pay_out import make_batch
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments.ask_stripe import ask_stripe
from shop.payments.models import WebhookEvent
from shop.payments.models_stripe import ConnectedAccount
from shop.payments.states import Method
from shop.payments.transfer import take_back
from shop.sellers.models import Seller, SellerMember
from shop.wiring import OUTBOX
from tests.factories.payments import make_earned
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.payments.stripe_shop import deliver, faults, with_stripe
from tests.stand_ins.stripe import StandInStripe


@pytest.fixture
def stripe(app: Flask) -> Iterator[StandInStripe]:
    with with_stripe(app) as stand_in:
        yield stand_in


@pytest.fixture
def seller(session: Session, stripe: StandInStripe) -> Seller:
    """A seller with an account at Stripe, to whom Rp60.000 of a card payment are owed."""
    made = make_seller(session)
    made.stripe_account, made.payout_way = stripe.connected.open(), "stripe"
    make_earned(session, made, 60_000, method=Method.CARD)
    session.commit()
    return made


@pytest.fixture
def sent(session: Session, stripe: StandInStripe, seller: Seller) -> Payout:
    """Her payout, gone to Stripe."""
    approved_batch(session, "x")
    session.commit()
    outbox.drain(session, OUTBOX)
    return payout(session)


def payout(session: Session) -> Payout:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Payout)).one()


def wait(session: Session) -> Wait | None:
    session.rollback()
    (due,) = all_dues(session)
    return due.wait


def account(seller: Seller) -> str:
    assert seller.stripe_account
    return seller.stripe_account


def test_a_transfer_that_was_reversed_is_a_payout_that_came_back(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, sent: Payout
):
    stripe.connected.reverse(sent.reference)
    thing = stripe.connected.transfers[sent.reference]
    deliver(client, stripe, "transfer.reversed", thing, times=2)
    assert payout(session).state == "returned"
    assert (balance(session, A.CARD), balance(session, A.PAYABLE, sent.seller_id)) == (
        60_000, -60_000,
    )  # fmt: skip
    assert faults(app, session) == []


@pytest.mark.both
def test_piece_by_piece_each_piece_is_hers_again_in_any_order(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, sent: Payout
):
    told = []
    for piece in (1_000_000, 500_000):
        stripe.connected.reverse(sent.reference, piece)
        told.append(dict(stripe.connected.transfers[sent.reference]))
    for thing in (*reversed(told), *told):
        deliver(client, stripe, "transfer.reversed", thing)
    assert payout(session).state == "paid"
    assert balance(session, A.PAYABLE, sent.seller_id) == -15_000
    take_back(session, app.extensions["config"], sent.id, reason="x", person_id=None)
    session.commit()
    assert balance(session, A.PAYABLE, sent.seller_id) == -60_000
    assert balance(session, A.CARD) == 60_000
    assert faults(app, session) == []


def test_what_is_no_payout_of_ours_is_put_before_a_person(
    client: FlaskClient, session: Session, stripe: StandInStripe, sent: Payout
):
    stripe.connected.reverse(sent.reference)
    thing = stripe.connected.transfers[sent.reference]
    deliver(client, stripe, "transfer.reversed", thing | {"metadata": {}})
    deliver(client, stripe, "transfer.reversed", thing | {"amount_reversed": 9_000_000})
    found = session.scalars(select(WebhookEvent.fault).where(WebhookEvent.fault != "")).all()
    assert len(found) == 2
    assert payout(session).state == "paid"


def test_an_account_that_cannot_receive_is_not_paid_and_says_what_is_missing(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, seller: Seller
):
    person = make_person(session, name="Sari")
    session.add(SellerMember(seller_id=seller.id, person_id=person.id, name="S", role="owner"))
    session.commit()
    lacking = stripe.connected.lack(account(seller), "external_account", "individual.id_number")
    deliver(client, stripe, "account.updated", lacking)
    assert wait(session) is Wait.NOT_READY
    assert make_batch(session, key="x", person_id=None) is None
    session.rollback()
    words = "Masih kurang: rekening bank, data diri"
    assert words in signed_in(app, person).get("/sell/money/paying").text
    finance = signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))
    assert "belum bisa menerima uang: rekening bank" in finance.get("/staff/payouts/new").text
    stripe.connected.accounts.pop(account(seller))
    stripe.connected.open(account(seller))
    ask_stripe(session, app.extensions["config"])
    assert wait(session) is None


def test_older_news_of_an_account_changes_nothing(
    client: FlaskClient, session: Session, stripe: StandInStripe, seller: Seller
):
    ready = dict(stripe.connected.accounts[account(seller)])
    lacking = dict(stripe.connected.lack(account(seller), "tos_acceptance.date"))
    deliver(client, stripe, "account.updated", ready)
    row = session.scalars(select(ConnectedAccount)).one()
    row.told_at = clock.now() + timedelta(hours=1)
    session.commit()
    deliver(client, stripe, "account.updated", lacking)
    assert wait(session) is None


def test_a_message_signed_by_the_second_setting_counts(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, seller: Seller
):
    config = app.extensions["config"]
    both = f"whsec_x, {config.stripe_webhook_secret}"
    app.extensions["config"] = replace(config, stripe_webhook_secret=both)
    deliver(client, stripe, "account.updated", stripe.connected.lack(account(seller)))
    assert wait(session) is Wait.NOT_READY
