"""Money that goes back to a card: once, in whole or in part, and by hand where it cannot."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.core import clock, outbox
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments.ask_stripe import ask_stripe
from shop.payments.asked_elsewhere import AskedElsewhere
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.models_stripe import CardRefund
from shop.payments.refund import OwnGrant, mark_paid
from shop.payments.refund_by_card import NotByCard, ask, carry_out
from shop.payments.states import Method
from shop.wiring import OUTBOX
from tests.factories.payments import granted, make_paid
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.payments.stripe_shop import deliver, faults, paid_by_card, with_stripe
from tests.stand_ins.stripe import StandInStripe

pytestmark = pytest.mark.both


@pytest.fixture
def stripe(app: Flask) -> Iterator[StandInStripe]:
    with with_stripe(app) as stand_in:
        yield stand_in


@pytest.fixture
def paid(client: FlaskClient, session: Session, stripe: StandInStripe) -> Payment:
    """Rp42.500 that came by card."""
    return paid_by_card(
        client,
        session,
        stripe,
        (make_seller(session), 30_000),
        (make_seller(session, "Mia"), 12_500),
    )


def asked(session: Session, refund_id: uuid.UUID, by: uuid.UUID | None = None) -> None:
    """Staff have it sent, and the workers do it."""
    ask(session, refund_id, person_id=by)
    session.commit()
    outbox.drain(session, OUTBOX)


def row(session: Session, refund_id: uuid.UUID) -> Refund:
    db.session.rollback()
    return session.get_one(Refund, refund_id, populate_existing=True)


def at_stripe(session: Session, refund_id: uuid.UUID) -> CardRefund:
    db.session.rollback()
    return session.scalars(
        select(CardRefund)
        .where(CardRefund.refund_id == refund_id)
        .execution_options(populate_existing=True)
    ).one()


def sent(stripe: StandInStripe) -> list[int]:
    return [one["amount"] for one in stripe.back.refunds.values()]


def test_it_goes_back_to_the_card(
    app: Flask, session: Session, stripe: StandInStripe, paid: Payment
):
    refund_id = granted(session, paid)
    asked(session, refund_id)
    assert (row(session, refund_id).state, row(session, refund_id).reference) == ("paid", "re_1")
    assert sent(stripe) == [3_000_000]
    assert (balance(session, A.CARD), balance(session, A.REFUNDS)) == (12_500, 0)
    assert faults(app, session) == []


def test_in_two_parts_and_each_once(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, paid: Payment
):
    for amount in (10_000, 20_000):
        refund_id = granted(session, paid, amount)
        ask(session, refund_id, person_id=None)
        asked(session, refund_id)  # pressed twice
        with pytest.raises(IllegalMove):
            ask(session, refund_id, person_id=None)
        session.rollback()
    for thing in stripe.back.refunds.values():
        deliver(client, stripe, "refund.updated", thing, times=2)
    assert sent(stripe) == [1_000_000, 2_000_000]
    assert balance(session, A.CARD) == 12_500
    assert faults(app, session) == []


def test_killed_after_stripe_answered_it_still_goes_once(
    app: Flask, session: Session, stripe: StandInStripe, paid: Payment
):
    refund_id = granted(session, paid)
    ask(session, refund_id, person_id=None)
    session.commit()
    payload, config = {"refund_id": str(refund_id)}, app.extensions["config"]
    stripe.back.forget_keys = True
    carry_out(session, payload, config)
    session.rollback()  # the machine went down before this was booked
    carry_out(session, payload, config)
    session.commit()
    assert sent(stripe) == [3_000_000]
    assert row(session, refund_id).state == "paid"
    assert faults(app, session) == []


@pytest.mark.parametrize("word", ["refund.updated", "charge.refunded", "the clock"])
def test_one_that_takes_time_is_booked_when_stripe_says_so(
    app: Flask,
    client: FlaskClient,
    session: Session,
    stripe: StandInStripe,
    paid: Payment,
    word: str,
):
    stripe.back.answers = "pending"
    refund_id = granted(session, paid)
    asked(session, refund_id)
    assert (row(session, refund_id).state, at_stripe(session, refund_id).state) == ("due", "asked")
    with pytest.raises(AskedElsewhere):
        mark_paid(session, refund_id, reference="TRX 9", person_id=None)
    session.rollback()
    stripe.back.refunds["re_1"]["status"] = "succeeded"
    if word == "refund.updated":
        deliver(client, stripe, word, stripe.back.refunds["re_1"])
    elif word == "charge.refunded":
        deliver(client, stripe, word, {"object": "charge", "payment_intent": paid.evidence})
        outbox.drain(session, OUTBOX)
    else:
        with clock.at(clock.now() + timedelta(hours=2)):
            ask_stripe(session, app.extensions["config"])
    assert row(session, refund_id).state == "paid"
    assert faults(app, session) == []


def test_what_stripe_refuses_stays_due_and_goes_by_bank(
    app: Flask, session: Session, stripe: StandInStripe, paid: Payment
):
    stripe.back.paid[paid.evidence] = 100
    refund_id = granted(session, paid)
    asked(session, refund_id)
    assert row(session, refund_id).state == "due"
    assert "greater than charge" in at_stripe(session, refund_id).said
    with pytest.raises(NotByCard):
        ask(session, refund_id, person_id=None)
    mark_paid(session, refund_id, reference="TRX 9", person_id=None)
    session.commit()
    assert (balance(session, A.CARD), balance(session, A.BANK)) == (42_500, -30_000)
    assert faults(app, session) == []


@pytest.mark.parametrize("late_news", [False, True])
def test_one_that_comes_back_is_due_again(
    app: Flask,
    client: FlaskClient,
    session: Session,
    stripe: StandInStripe,
    paid: Payment,
    late_news: bool,
):
    refund_id = granted(session, paid)
    asked(session, refund_id)
    arrived = dict(stripe.back.refunds["re_1"])
    deliver(client, stripe, "refund.failed", stripe.back.fail("re_1"), times=2)
    if late_news:
        deliver(client, stripe, "refund.updated", arrived)
    assert (row(session, refund_id).state, row(session, refund_id).paid_at) == ("due", None)
    assert (balance(session, A.CARD), balance(session, A.REFUNDS)) == (42_500, -30_000)
    assert faults(app, session) == []
    mark_paid(session, refund_id, reference="TRX 9", person_id=None)
    session.commit()
    assert (balance(session, A.CARD), balance(session, A.BANK)) == (42_500, -30_000)
    assert faults(app, session) == []


def test_one_nobody_asked_for_is_put_before_a_person(
    client: FlaskClient, session: Session, stripe: StandInStripe, paid: Payment
):
    made, _ = stripe.back.refund({"payment_intent": paid.evidence, "amount": "100000"})
    deliver(client, stripe, "refund.created", made)
    assert "re_1 was not asked for here" in session.scalars(select(WebhookEvent.fault)).all()
    assert balance(session, A.CARD) == 42_500


def test_who_granted_it_does_not_send_it_and_other_money_does_not_go_there(
    session: Session, stripe: StandInStripe, paid: Payment
):
    person = make_person(session, Role.FINANCE, name="Hendri")
    with pytest.raises(OwnGrant):
        ask(session, granted(session, paid, by=person.id), person_id=person.id)
    other = make_paid(session, (make_seller(session), 20_000), method=Method.QRIS)
    with pytest.raises(NotByCard):
        ask(session, granted(session, other, 5_000), person_id=None)
    assert sent(stripe) == []


def test_staff_are_told_each_step(
    app: Flask, session: Session, stripe: StandInStripe, paid: Payment
):
    refund_id = granted(session, paid)
    finance = signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))
    url, page = f"/staff/refunds/{refund_id}/card", "/staff/payments/refunds"
    assert "Kembalikan ke kartu" in finance.get(page).text
    assert "Dikirim ke kartu" in finance.post(url, follow_redirects=True).text
    shown = finance.get(page).text
    assert "Stripe sedang mengirimnya" in shown
    assert "Sudah dikirim balik" not in shown
    stripe.back.paid.clear()
    outbox.drain(session, OUTBOX)
    shown = finance.get(page).text
    assert "Stripe menolak: No such payment_intent" in shown
    assert "Sudah dikirim balik" in shown
