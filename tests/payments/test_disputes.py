"""Disputes of card payments: heard in any order, booked once, borne by whom staff say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification, Person, Role
from shop.core import clock
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.ledger.due import Wait, all_dues
from shop.ledger.earn import earn
from shop.ledger.models import Account
from shop.ledger.pay_out import make_batch
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.models import SellerOrder
from shop.payments.ask_stripe import ask_stripe
from shop.payments.asked_elsewhere import InDispute
from shop.payments.bear_dispute import TooMuchBorne, bear
from shop.payments.listen import receive
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.models_stripe import Dispute
from shop.payments.refund import grant, mark_paid
from shop.payments.refund_by_card import ask
from shop.sellers.models import Seller, SellerMember
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.payments.stripe_shop import (
    Message,
    deliver,
    faults,
    on_the_page,
    paid_by_card,
    with_stripe,
)
from tests.stand_ins.stripe import StandInStripe

FEE = 225_000
"""What a dispute costs here, in Stripe's unit."""
AMOUNT = 42_500


@pytest.fixture
def stripe(app: Flask) -> Iterator[StandInStripe]:
    with with_stripe(app) as stand_in:
        yield stand_in


@pytest.fixture
def seller(session: Session) -> Seller:
    made = make_seller(session)
    session.add(
        SellerMember(seller_id=made.id, person_id=_owner(session).id, name="S", role="owner")
    )
    return made


@pytest.fixture
def paid(client: FlaskClient, session: Session, stripe: StandInStripe, seller: Seller) -> Payment:
    """Rp42.500 that came by card, of two sellers."""
    other = make_seller(session, "Melur")
    return paid_by_card(client, session, stripe, (seller, 30_000), (other, 12_500))


def _owner(session: Session) -> Person:
    return make_person(session, name="Sari")


def story(stripe: StandInStripe, intent: str, end: str) -> list[tuple[str, Message]]:
    """Everything that Stripe says of a dispute, as it happens."""
    bare = dict(stripe.back.dispute(intent, AMOUNT * 100, fee=FEE))
    begun = dict(bare, balance_transactions=[])
    said = [("created", begun), ("funds_withdrawn", bare)]
    said.append(("updated", dict(bare, status="under_review")))
    over = stripe.back.decide(bare["id"], end)
    said.append(("closed", dict(bare, status=end)))
    if end == "won":
        said.append(("funds_reinstated", over))
    return said


def tell(client: FlaskClient, stripe: StandInStripe, told: tuple[str, Message]) -> None:
    deliver(client, stripe, f"charge.dispute.{told[0]}", told[1])


def disputed(client: FlaskClient, stripe: StandInStripe, paid: Payment, end: str = "") -> None:
    """A dispute that was opened, and ended so."""
    said = story(stripe, paid.evidence, end or "lost")
    for told in said if end else said[:2]:
        tell(client, stripe, told)


def the_dispute(session: Session) -> Dispute:
    db.session.rollback()
    session.expire_all()
    return session.scalars(select(Dispute)).one()


def completed(session: Session, paid: Payment) -> None:
    """The buyer has everything: the money is the sellers'."""
    for part in paid.parts:
        earn(
            session, seller_id=part.seller_id, order_id=paid.order_id,
            seller_order_id=part.seller_order_id, amount=part.amount, fee=0, in_cash=False,
        )  # fmt: skip
        session.get_one(SellerOrder, part.seller_order_id).state = "completed"
    session.commit()


def news(session: Session) -> set[str]:
    return set(session.scalars(select(Notification.kind)))


@pytest.mark.both
def test_a_dispute_takes_the_money_away_and_says_until_when(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, paid: Payment
):
    disputed(client, stripe, paid)
    found = the_dispute(session)
    assert (found.state, found.amount, found.fee) == ("open", AMOUNT, 2_250)
    assert found.evidence_by is not None
    assert (balance(session, A.DISPUTED), balance(session, A.CARD)) == (AMOUNT, -2_250)
    assert balance(session, A.ACQUIRING) == 2_250
    assert {"card_disputed", "sale_disputed"} <= news(session)
    assert faults(app, session) == []


@pytest.mark.parametrize("end", ["won", "lost"])
def test_every_order_of_messages_books_the_same(
    app: Flask,
    client: FlaskClient,
    session: Session,
    stripe: StandInStripe,
    seller: Seller,
    end: str,
):
    """Each message twice, the payment's own among them."""
    orders = list(itertools.permutations(range(5 if end == "won" else 4)))[::5]
    for order in orders:
        payment, page = on_the_page(client, session, (seller, AMOUNT))
        paid_event = stripe.pay(page)
        said = story(stripe, paid_event["data"]["object"]["payment_intent"], end)
        for place, which in enumerate([*order, *order]):
            if place == order[0]:  # the payment itself is heard of at another moment each time
                receive(session, paid_event)
            kind, thing = said[which]
            receive(session, stripe.event(f"charge.dispute.{kind}", thing))
        assert payment.amount == AMOUNT
    states = set(session.scalars(select(Dispute.state)))
    assert states == {end}
    times, gone = len(orders), AMOUNT if end == "lost" else 0
    assert balance(session, A.DISPUTED) == gone * times
    assert balance(session, A.CARD) == (AMOUNT - gone - 2_250) * times
    assert set(session.scalars(select(WebhookEvent.fault))) == {""}
    assert faults(app, session) == []


@pytest.mark.both
def test_what_is_lost_is_borne_as_staff_say_once(
    app: Flask,
    client: FlaskClient,
    session: Session,
    stripe: StandInStripe,
    paid: Payment,
    seller: Seller,
):
    completed(session, paid)
    disputed(client, stripe, paid, "lost")
    dispute_id = the_dispute(session).id
    for shares in ({seller.id: 30_001}, {seller.id: -1}):
        with pytest.raises(TooMuchBorne):
            bear(session, dispute_id, shares, person_id=None)
        session.rollback()
    bear(session, dispute_id, {seller.id: 20_000}, person_id=None)
    session.commit()
    assert balance(session, A.PAYABLE, seller.id) == -10_000
    assert (balance(session, A.GOODWILL), balance(session, A.DISPUTED)) == (22_500, 0)
    assert "dispute_borne" in news(session)
    assert faults(app, session) == []
    with pytest.raises(IllegalMove):
        bear(session, dispute_id, {}, person_id=None)


@pytest.mark.both
def test_a_refund_that_was_due_is_done_by_the_dispute_and_never_sent_besides(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, paid: Payment
):
    part = max(paid.parts, key=lambda one: one.amount)
    refund_id = grant(
        session, payment_id=paid.id, seller_order_id=part.seller_order_id,
        seller_id=part.seller_id, amount=30_000, reason="batal", person_id=None, key="back",
    ).id  # fmt: skip
    for one in paid.parts:
        session.get_one(SellerOrder, one.seller_order_id).state = "cancelled"
    session.commit()
    disputed(client, stripe, paid)
    with pytest.raises(InDispute):
        mark_paid(session, refund_id, reference="TRX 9", person_id=None)
    with pytest.raises(InDispute):
        ask(session, refund_id, person_id=None)
    session.rollback()
    tell(client, stripe, ("closed", stripe.back.decide(the_dispute(session).provider_id, "lost")))
    dispute = the_dispute(session)
    with pytest.raises(TooMuchBorne):  # Rp12.500 are left
        bear(session, dispute.id, {part.seller_id: 12_501}, person_id=None)
    session.rollback()
    bear(session, dispute.id, {}, person_id=None)
    session.commit()
    refund = session.get_one(Refund, refund_id)
    assert (refund.state, refund.reference) == ("paid", dispute.provider_id)
    assert (balance(session, A.GOODWILL), balance(session, A.REFUNDS)) == (12_500, 0)
    assert sum(session.scalars(select(Account.balance))) == 0
    assert faults(app, session) == []


@pytest.mark.both
def test_the_parts_money_waits_and_only_it(
    app: Flask,
    client: FlaskClient,
    session: Session,
    stripe: StandInStripe,
    paid: Payment,
    seller: Seller,
):
    completed(session, paid)
    disputed(client, stripe, paid)
    waits = {due.seller_id: (due.wait, due.amount, due.withheld) for due in all_dues(session)}
    assert waits[seller.id] == (Wait.DISPUTED, 0, 30_000)
    owner = session.scalars(select(Person).where(Person.name == "Sari")).one()
    assert "30.000 ditahan: bank seorang pembeli" in signed_in(app, owner).get("/sell/money").text
    finance = signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))
    assert "30.000 ditahan sampai sengketa" in finance.get("/staff/payouts/new").text
    assert make_batch(session, key="a", person_id=None) is None
    session.rollback()
    more = paid_by_card(client, session, stripe, (seller, 100_000))
    completed(session, more)
    batch = make_batch(session, key="b", person_id=None)
    assert batch is not None
    assert [payout.amount for payout in batch.payouts] == [100_000]
    session.commit()
    tell(client, stripe, ("closed", stripe.back.decide(the_dispute(session).provider_id, "won")))
    later = make_batch(session, key="c", person_id=None, everybody=True)
    session.commit()
    assert later is not None
    assert sorted(payout.amount for payout in later.payouts) == [12_500, 30_000]
    assert faults(app, session) == []


def test_what_went_out_before_the_dispute_holds_nothing_back(
    client: FlaskClient, session: Session, stripe: StandInStripe, paid: Payment, seller: Seller
):
    completed(session, paid)
    make_batch(session, key="a", person_id=None)
    session.commit()
    with clock.at(clock.now() + timedelta(days=1)):
        disputed(client, stripe, paid)
        completed(session, paid_by_card(client, session, stripe, (seller, 100_000)))
        dues = {due.seller_id: due for due in all_dues(session)}
    assert (dues[seller.id].withheld, dues[seller.id].amount) == (0, 100_000)


def test_an_inquiry_moves_no_money(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, paid: Payment
):
    asked = stripe.back.dispute(paid.evidence, AMOUNT * 100) | {
        "status": "warning_needs_response", "balance_transactions": []
    }  # fmt: skip
    tell(client, stripe, ("created", asked))
    assert the_dispute(session).state == "inquiry"
    tell(client, stripe, ("closed", dict(asked, status="warning_closed")))
    assert the_dispute(session).state == "closed"
    assert balance(session, A.CARD) == AMOUNT
    assert faults(app, session) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"payment_intent": "pi_other"}, "no card payment"),
        ({"amount": 9_999_900}, "99999 disputed, 42500 was paid"),
        ({"amount": 1_050}, "None disputed"),
        ({"currency": "usd"}, "None disputed"),
        ({"status": "on_the_moon"}, "on_the_moon"),
    ],
)
def test_what_does_not_fit_is_put_before_a_person(
    client: FlaskClient,
    session: Session,
    stripe: StandInStripe,
    paid: Payment,
    change: Message,
    said: str,
):
    thing = stripe.back.dispute(paid.evidence, AMOUNT * 100) | change
    tell(client, stripe, ("created", thing))
    assert [one for one in session.scalars(select(WebhookEvent.fault)) if said in one]
    assert session.scalar(select(Dispute.id)) is None
    assert balance(session, A.CARD) == AMOUNT


def test_messages_that_were_lost_are_asked_for(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, paid: Payment
):
    disputed(client, stripe, paid)
    stripe.back.decide(the_dispute(session).provider_id, "won")
    ask_stripe(session, app.extensions["config"])
    assert the_dispute(session).state == "won"
    assert balance(session, A.DISPUTED) == 0
    assert faults(app, session) == []


def test_staff_see_what_to_do_and_decide(
    app: Flask,
    client: FlaskClient,
    session: Session,
    stripe: StandInStripe,
    paid: Payment,
    seller: Seller,
):
    finance = signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))
    page = "/staff/payments/disputes"
    assert "Tidak ada sengketa kartu" in finance.get(page).text
    completed(session, paid)
    disputed(client, stripe, paid)
    shown = finance.get(page).text
    assert "Bukti paling lambat" in shown
    assert f"https://dashboard.stripe.com/test/disputes/{the_dispute(session).provider_id}" in shown
    tell(client, stripe, ("closed", stripe.back.decide(the_dispute(session).provider_id, "lost")))
    url, field = f"{page}/{the_dispute(session).id}/bear", f"share_{seller.id.hex}"
    wrong = finance.post(url, data={field: "31.000"})
    assert wrong.status_code == 422
    assert 'value="31.000"' in wrong.text
    assert "Dicatat siapa" in finance.post(url, data={field: "30.000"}, follow_redirects=True).text
    assert the_dispute(session).state == "borne"
    assert "Kalah, sudah ditanggung" in finance.get(page).text
    assert balance(session, A.GOODWILL) == 12_500
