"""The books against Stripe's own lists: both ways, each kind of money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.core import clock, outbox
from shop.payments.compare_stripe import ask_for_lists, compare_stripe
from shop.payments.refund import grant
from shop.payments.refund_by_card import ask
from shop.wiring import OUTBOX
from tests.factories.payments import make_earned
from tests.factories.payouts import approved_batch
from tests.factories.sellers import make_seller
from tests.payments.stripe_shop import deliver, paid_by_card, with_stripe
from tests.stand_ins.stripe import StandInStripe


@pytest.fixture
def stripe(app: Flask) -> Iterator[StandInStripe]:
    with with_stripe(app) as stand_in:
        yield stand_in


@pytest.fixture
def busy(app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe) -> None:
    """A payment with a refund, one with a dispute, and a payout."""
    seller = make_seller(session)
    seller.stripe_account, seller.payout_way = stripe.connected.open(), "stripe"
    make_earned(session, seller, 60_000)
    back = paid_by_card(client, session, stripe, (seller, 30_000))
    refund = grant(
        session, payment_id=back.id, seller_order_id=back.parts[0].seller_order_id,
        seller_id=seller.id, amount=10_000, reason="batal", person_id=None, key="x",
    )  # fmt: skip
    ask(session, refund.id, person_id=None)
    approved_batch(session, "x")
    session.commit()
    outbox.drain(session, OUTBOX)
    disputed = paid_by_card(client, session, stripe, (seller, 20_000))
    thing = stripe.back.dispute(disputed.evidence, 2_000_000)
    deliver(client, stripe, "charge.dispute.created", thing)


def found(app: Flask, session: Session) -> list[tuple[str, int]]:
    session.rollback()
    says = ask_for_lists(app.extensions["config"])
    return [(one.kind.value, one.amount) for one in compare_stripe(session, says)]


def test_books_that_say_what_stripe_says_are_right(app: Flask, session: Session, busy: None):
    assert found(app, session) == []


PLANTS: dict[str, tuple[Callable[[StandInStripe], object], int]] = {
    "a page paid that we never heard of": (
        lambda it: it.sessions["cs_test_1"].update(amount_total=3_500_000), 5_000,
    ),
    "a refund made on its page": (
        lambda it: it.back.refunds.update(
            x=it.back.refunds["re_1"] | {"id": "re_x", "amount": 100_000}
        ), 1_000,
    ),
    "a refund that failed unheard": (lambda it: it.back.fail("re_1"), -10_000),
    "a dispute decided unheard": (lambda it: it.back.decide("dp_2", "lost"), 20_000),
    "a transfer reversed unheard": (lambda it: it.connected.reverse("tr_2", 500_000), -5_000),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTS)
def test_each_difference_is_found(
    app: Flask, session: Session, stripe: StandInStripe, busy: None, name: str
):
    plant, amount = PLANTS[name]
    plant(stripe)
    assert found(app, session) == [("stripe", amount)]


def test_money_here_that_stripe_knows_nothing_of_is_found(
    app: Flask, session: Session, stripe: StandInStripe, busy: None
):
    gone = stripe.sessions.pop("cs_test_1")
    assert found(app, session) == [("stripe", -gone["amount_total"] // 100)]


def test_silence_is_a_difference_and_without_a_key_nobody_asks(
    app: Flask, session: Session, stripe: StandInStripe
):
    stripe.fail_next = 99
    assert found(app, session) == [("stripe_silent", 0)]
    config = app.extensions["config"]
    app.extensions["config"] = type(config)(**vars(config) | {"stripe_secret_key": None})
    with clock.at(clock.now() + timedelta(days=1)):
        assert found(app, session) == []
