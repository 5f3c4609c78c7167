"""Payouts through Stripe: the money goes once, whatever is lost, and comes back whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.core import outbox
from shop.core.db import db
from shop.ledger.check import check_books
from shop.ledger.models import Entry, Payout, PayoutBatch
from shop.ledger.paid_out import OtherWay, mark_paid, mark_returned
from shop.ledger.pay_out import approve_batch, make_batch
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments import transfer as transfers
from shop.payments.providers.stripe import StripeUnavailable
from shop.payments.states import Method
from shop.payments.transfer import transfer
from shop.sellers.models import Seller, SellerMember
from shop.wiring import OUTBOX
from tests.factories.payments import make_earned
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.payments.stripe_shop import with_stripe
from tests.stand_ins.stripe import StandInStripe

pytestmark = pytest.mark.both


@pytest.fixture
def stripe(app: Flask) -> Iterator[StandInStripe]:
    """Stripe, as far as this shop sees of it."""
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


def sums(stripe: StandInStripe) -> list[int]:
    return [one["amount"] - one["amount_reversed"] for one in stripe.connected.transfers.values()]


def payout_of(session: Session) -> Payout:
    db.session.rollback()
    session.expire_all()
    return session.scalars(select(Payout)).one()


def faults(session: Session) -> list[str]:
    return [finding.line for finding in check_books(session) if finding.faults]


def drain(session: Session) -> int:
    return outbox.drain(session, OUTBOX)


def test_an_approved_payout_goes_to_her_account_by_itself(
    session: Session, stripe: StandInStripe, seller: Seller
):
    batch = make_batch(session, key="k", person_id=None)
    assert batch is not None
    session.commit()
    drain(session)
    assert stripe.requests == []
    approve_batch(session, batch.id, person_id=None)
    session.commit()
    drain(session)
    payout = payout_of(session)
    assert payout.state == "paid"
    assert payout.reference in stripe.connected.transfers
    assert sums(stripe) == [6_000_000]
    assert (balance(session, A.CARD), balance(session, A.IN_TRANSIT, seller.id)) == (0, 0)
    kinds = session.scalars(select(Entry.kind).where(Entry.payout_id == payout.id)).all()
    assert sorted(kinds) == ["payout_claimed", "transferred"]
    assert faults(session) == []


@pytest.mark.parametrize("forget_keys", [False, True])
def test_killed_after_stripes_answer_it_is_sent_once_even_days_later(
    app: Flask, session: Session, stripe: StandInStripe, seller: Seller,
    monkeypatch: pytest.MonkeyPatch, forget_keys: bool,
):  # fmt: skip
    approved_batch(session)
    session.commit()
    work = {"payout_id": str(payout_of(session).id)}
    with monkeypatch.context() as dying:
        dying.setattr(transfers, "_end", lambda *_, **__: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            transfer(session, work, app.extensions["config"])
    session.rollback()
    stripe.connected.forget_keys = forget_keys
    for _ in range(2):
        transfer(session, work, app.extensions["config"])
        session.commit()
    assert payout_of(session).state == "paid"
    assert sums(stripe) == [6_000_000]
    assert faults(session) == []


def test_a_stripe_that_does_not_answer_is_asked_again_later(
    app: Flask, session: Session, stripe: StandInStripe, seller: Seller
):
    approved_batch(session)
    session.commit()
    stripe.fail_next = 99
    work = {"payout_id": str(payout_of(session).id)}
    with pytest.raises(StripeUnavailable):
        transfer(session, work, app.extensions["config"])
    session.rollback()
    assert payout_of(session).state == "claimed"
    stripe.fail_next = 0
    transfer(session, work, app.extensions["config"])
    session.commit()
    assert sums(stripe) == [6_000_000]


@pytest.mark.parametrize("why", ["account", "balance"])
def test_what_stripe_refuses_is_owed_to_her_again(
    session: Session, stripe: StandInStripe, seller: Seller, why: str
):
    if why == "account":
        stripe.connected.accounts.clear()
    else:
        stripe.connected.balance = 5_999_999
    approved_batch(session)
    session.commit()
    drain(session)
    assert payout_of(session).state == "returned"
    assert sums(stripe) == []
    assert balance(session, A.PAYABLE, seller.id) == -60_000
    assert balance(session, A.CARD) == 60_000
    assert faults(session) == []


def test_nobody_books_by_hand_what_stripe_sends(
    session: Session, stripe: StandInStripe, seller: Seller
):
    approved_batch(session)
    payout = session.scalars(select(Payout)).one()
    with pytest.raises(OtherWay):
        mark_paid(session, payout.id, reference="BRI", person_id=None)
    with pytest.raises(OtherWay):
        mark_returned(session, payout.id, reason="x", person_id=None)


@pytest.fixture
def sent(app: Flask, session: Session, stripe: StandInStripe, seller: Seller) -> str:
    """The address of a payout that has gone."""
    approved_batch(session)
    session.commit()
    drain(session)
    payout = payout_of(session)
    number = session.scalar(select(PayoutBatch.number))
    return f"/staff/payouts/{number}/{payout.id}"


def finance_of(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FINANCE))


def test_staff_take_a_payout_back_from_stripe_once(
    app: Flask, session: Session, stripe: StandInStripe, seller: Seller, sent: str
):
    finance = finance_of(app, session)
    assert finance.post(f"{sent}/take-back", data={"reason": ""}).status_code == 422
    for _ in range(2):
        answer = finance.post(f"{sent}/take-back", data={"reason": "salah jumlah"})
        assert answer.status_code == 303
    assert payout_of(session).state == "returned"
    assert sums(stripe) == [0]
    assert balance(session, A.PAYABLE, seller.id) == -60_000
    assert balance(session, A.CARD) == 60_000
    assert faults(session) == []


def test_a_reversal_that_was_made_but_not_booked_is_booked_at_the_next_press(
    app: Flask, session: Session, stripe: StandInStripe, seller: Seller, sent: str
):
    stripe.connected.reverse(payout_of(session).reference)
    finance_of(app, session).post(f"{sent}/take-back", data={"reason": "x"})
    assert payout_of(session).state == "returned"
    assert faults(session) == []


def test_without_stripe_nothing_is_taken_back(
    app: Flask, session: Session, stripe: StandInStripe, seller: Seller, sent: str
):
    stripe.fail_next = 99
    finance = finance_of(app, session)
    page = finance.post(f"{sent}/take-back", data={"reason": "x"}, follow_redirects=True)
    assert "Stripe tidak menjawab" in page.text
    assert payout_of(session).state == "paid"


def test_sending_again_by_hand_sends_nothing_twice(
    app: Flask, session: Session, stripe: StandInStripe, seller: Seller
):
    approved_batch(session)
    number = session.scalar(select(PayoutBatch.number))
    session.commit()
    finance = finance_of(app, session)
    address = f"/staff/payouts/{number}/{payout_of(session).id}/again"
    for _ in range(2):
        assert finance.post(address).status_code == 303
    drain(session)
    assert sums(stripe) == [6_000_000]
    page = finance.post(address, follow_redirects=True)
    assert "sudah dicatat sebelumnya" in page.text


def owner_of(app: Flask, session: Session, seller: Seller) -> FlaskClient:
    owner = session.scalars(
        select(Person)
        .join(SellerMember, SellerMember.person_id == Person.id)
        .where(SellerMember.seller_id == seller.id)
    ).one()
    return signed_in(app, owner)


def test_a_seller_connects_her_account_from_the_studio(
    app: Flask, session: Session, stripe: StandInStripe
):
    melur = make_seller(session, "Melur")
    studio = owner_of(app, session, melur)
    assert "Hubungkan akun Stripe" in studio.get("/sell/money/paying").text
    form = {"every": "week", "way": "stripe", "minimum": ""}
    refused = studio.post("/sell/money/paying", data=form)
    assert refused.status_code == 422
    assert "Hubungkan dulu akun Stripe Anda" in refused.text
    for _ in range(2):
        page = studio.post("/sell/money/stripe")
        assert page.location.startswith("https://connect.stripe.com/setup/e/acct_")
    assert len(stripe.connected.accounts) == 1
    assert studio.post("/sell/money/paying", data=form).status_code == 303
    session.expire_all()
    assert melur.payout_way == "stripe"


def test_a_shop_without_stripe_does_not_speak_of_it(app: Flask, session: Session):
    studio = owner_of(app, session, make_seller(session))
    assert "Stripe" not in studio.get("/sell/money/paying").text
    assert studio.post("/sell/money/stripe").location == "/sell/money/paying"
