"""Money that goes back of what was paid partly from credit: by card, by code, and by hand."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.check import check_all
from shop.core import outbox
from shop.core.db import db
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.accept import accept
from shop.orders.complete import complete
from shop.orders.decline import decline
from shop.orders.give_back import give_back
from shop.orders.hand_over import hand_over
from shop.orders.models import Order
from shop.orders.ready import ready
from shop.payments.asked_elsewhere import AskedElsewhere
from shop.payments.bear_dispute import RestNotSent, bear
from shop.payments.left_there import LostAlready, MoreThanCame
from shop.payments.models import Payment, Refund
from shop.payments.models_gateway import GatewayRefund
from shop.payments.models_stripe import CardRefund, Dispute
from shop.payments.refund import mark_paid
from shop.payments.refund_by_card import ask
from shop.payments.refund_by_gateway import send_back
from shop.payments.settle import settle
from shop.payments.states import Method
from shop.payments.withhold import withheld
from shop.wiring import OUTBOX
from tests.catalog.offered import offer
from tests.factories.cards import disputed
from tests.factories.credit import give_credit, ordered_by
from tests.factories.orders import payment_of, placed_order
from tests.factories.people import make_person, signed_in
from tests.factories.promotions import make_promotion
from tests.factories.sharing import decided, make_group, shared_of
from tests.payments.gateway_shop import address, with_code, with_midtrans
from tests.payments.stripe_shop import deliver, with_stripe
from tests.stand_ins.midtrans import StandInMidtrans
from tests.stand_ins.midtrans import send as send_midtrans
from tests.stand_ins.stripe import StandInStripe, send

CREDIT, CARD = 10_000, 20_000


@pytest.fixture
def stripe(app: Flask) -> Iterator[StandInStripe]:
    with with_stripe(app) as stand_in:
        yield stand_in


@pytest.fixture
def midtrans(app: Flask) -> Iterator[StandInMidtrans]:
    with with_midtrans(app) as stand_in:
        yield stand_in


def to_pay(session: Session, method: Method) -> Payment:
    """An order of Rp30.000, Rp10.000 of it from credit."""
    dewi = make_person(session, name="Dewi")
    give_credit(session, dewi, CREDIT)
    payment = payment_of(session, ordered_by(session, dewi, credit=CREDIT, method=method))
    session.commit()
    return payment


@pytest.fixture
def by_card(client: FlaskClient, session: Session, stripe: StandInStripe) -> Payment:
    payment = to_pay(session, Method.CARD)
    page = client.post(address(session, payment, "card")).location.rpartition("/")[2]
    assert send(client, stripe.pay(page)).status_code == 200
    return again(session, payment)


@pytest.fixture
def by_code(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans
) -> Payment:
    payment = to_pay(session, Method.GATEWAY)
    send_midtrans(client, midtrans.pay(with_code(app, session, payment)))
    return again(session, payment)


def again(session: Session, payment: Payment) -> Payment:
    db.session.rollback()
    return session.get_one(Payment, payment.id, populate_existing=True)


def declined(session: Session, payment: Payment) -> uuid.UUID:
    """Its seller cannot make it, so all Rp30.000 go back."""
    decline(session, payment.parts[0].seller_order_id, person_id=None, reason="habis")
    session.commit()
    refund = session.scalars(select(Refund).where(Refund.payment_id == payment.id)).one()
    assert refund.amount == CREDIT + CARD
    return refund.id


def completed(session: Session, payment: Payment) -> None:
    """The buyer has it."""
    part_id = payment.parts[0].seller_order_id
    accept(session, part_id, None)
    ready(session, part_id, None)
    hand_over(session, part_id, None)
    complete(session, part_id, actor="buyer")
    session.commit()


def some_back(session: Session, payment: Payment, amount: int) -> uuid.UUID:
    order = session.get_one(Order, payment.order_id)
    part = order.parts[0]
    made = give_back(
        session, part.id, lines={part.lines[0].id: (0, amount)}, delivery=0, seller_share=amount,
        reason="pecah", person_id=None, key=f"back:{amount}",
    )  # fmt: skip
    session.commit()
    return made.id


def lost(client: FlaskClient, stripe: StandInStripe, payment: Payment, amount: int) -> None:
    """The buyer's bank took so many rupiah back for good."""
    thing = stripe.back.dispute(payment.evidence, amount * 100)
    deliver(client, stripe, "charge.dispute.funds_withdrawn", dict(thing))
    deliver(client, stripe, "charge.dispute.closed", stripe.back.decide(thing["id"], "lost"))


def proved(app: Flask, session: Session) -> None:
    db.session.rollback()
    session.expire_all()
    found = check_all(session, app.extensions["storage"])
    # Things that tests offer did not come by a move of stock.
    assert [one.line for one in found if one.faults and "stock" not in one.name] == []


def test_more_than_the_card_paid_is_refused_in_words_and_goes_by_bank(
    app: Flask, session: Session, stripe: StandInStripe, by_card: Payment
) -> None:
    refund_id = declined(session, by_card)
    finance = signed_in(app, make_person(session, Role.FINANCE))
    page = finance.post(f"/staff/refunds/{refund_id}/card", follow_redirects=True).text
    assert "tinggal Rp20.000 yang bisa kembali" in page
    assert stripe.back.refunds == {}
    assert session.scalar(select(CardRefund.id)) is None
    bank = balance(session, A.BANK)
    mark_paid(session, refund_id, reference="TRF 1", person_id=None)
    assert (balance(session, A.CARD), balance(session, A.BANK)) == (CARD, bank - CREDIT - CARD)
    assert balance(session, A.REFUNDS) == 0
    session.commit()
    proved(app, session)


@pytest.mark.both
def test_what_waits_at_stripe_and_what_went_count(
    app: Flask, session: Session, stripe: StandInStripe, by_card: Payment
) -> None:
    first, second = (some_back(session, by_card, amount) for amount in (12_000, 9_000))
    ask(session, first, person_id=None)
    with pytest.raises(MoreThanCame) as fault:
        ask(session, second, person_id=None)
    assert fault.value.left == 8_000
    session.commit()
    outbox.drain(session, OUTBOX)
    with pytest.raises(MoreThanCame):
        ask(session, second, person_id=None)
    third = some_back(session, by_card, 8_000)
    ask(session, third, person_id=None)
    session.commit()
    outbox.drain(session, OUTBOX)
    assert balance(session, A.CARD) == 0
    mark_paid(session, second, reference="TRF 2", person_id=None)
    assert balance(session, A.CARD) == 0
    session.commit()
    proved(app, session)


@pytest.mark.both
def test_more_than_came_by_code_is_not_asked_for(
    app: Flask, session: Session, midtrans: StandInMidtrans, by_code: Payment
) -> None:
    refund_id = declined(session, by_code)
    with pytest.raises(MoreThanCame):
        send_back(session, app.extensions["config"], refund_id, person_id=None)
    session.rollback()
    assert session.scalar(select(GatewayRefund.id)) is None
    finance = signed_in(app, make_person(session, Role.FINANCE))
    page = finance.post(f"/staff/refunds/{refund_id}/gateway", follow_redirects=True).text
    assert "tinggal Rp20.000 yang bisa kembali" in page
    mark_paid(session, refund_id, reference="TRF 1", person_id=None)
    session.commit()
    assert balance(session, A.GATEWAY) == CARD
    proved(app, session)


@pytest.mark.both
def test_a_lost_dispute_does_what_it_can_of_a_larger_refund_and_the_rest_is_sent(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, by_card: Payment
) -> None:
    refund_id = declined(session, by_card)
    lost(client, stripe, by_card, CARD)
    dispute_id = session.scalars(select(Dispute.id)).one()
    with pytest.raises(RestNotSent) as fault:
        bear(session, dispute_id, {}, person_id=None)
    assert fault.value.rest == CREDIT
    session.rollback()
    bank, url = balance(session, A.BANK), "/staff/payments/disputes"
    finance = signed_in(app, make_person(session, Role.FINANCE))
    assert "masih harus menerima Rp10.000" in finance.get(url).text
    wrong = finance.post(f"{url}/{dispute_id}/bear", data={})
    assert (wrong.status_code, "Kirim dulu Rp10.000" in wrong.text) == (422, True)
    right = finance.post(f"{url}/{dispute_id}/bear", data={"reference": "TRF 7"})
    assert right.status_code == 303
    db.session.rollback()
    refund = session.get_one(Refund, refund_id, populate_existing=True)
    assert (refund.state, refund.reference[:5]) == ("paid", "TRF 7")
    assert (balance(session, A.BANK), balance(session, A.CARD)) == (bank - CREDIT, 0)
    assert (balance(session, A.GOODWILL), balance(session, A.REFUNDS)) == (0, 0)
    proved(app, session)


@pytest.mark.both
def test_no_more_is_withheld_than_is_disputed(
    client: FlaskClient, session: Session, stripe: StandInStripe, by_card: Payment
) -> None:
    completed(session, by_card)
    lost(client, stripe, by_card, CARD)
    assert withheld(session) == {by_card.parts[0].seller_id: CARD}


@pytest.mark.both
@pytest.mark.parametrize("borne", [5_000, 17_000])
def test_a_group_shares_less_of_a_sale_whose_dispute_it_bears(
    app: Flask, session: Session, borne: int
) -> None:
    group, members = make_group(session)
    decided(session, group, members)
    make_promotion(session, off=3_001, subsidy_points=3_333)
    order = placed_order(session, (offer(session, group, on_hand=9), 2), method=Method.CARD)
    payment = payment_of(session, order)
    settle(session, payment.id, actor="provider", person_id=None, evidence="pi_1")
    completed(session, payment)
    some_back(session, payment, 9_999)
    before = shared_of(session, order.parts[0]).net
    dispute_id = disputed(session, "pi_1", "lost", payment.amount)
    bear(session, dispute_id, {group.id: borne}, person_id=None)
    session.commit()
    assert shared_of(session, order.parts[0]).net == before - borne
    assert balance(session, A.DISPUTED) == 0
    proved(app, session)


def test_who_bears_a_dispute_is_decided_when_nothing_can_be_called_off_any_more(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, by_card: Payment
) -> None:
    lost(client, stripe, by_card, CARD)
    dispute_id = session.scalars(select(Dispute.id)).one()
    finance = signed_in(app, make_person(session, Role.FINANCE))
    url = f"/staff/payments/disputes/{dispute_id}/bear"
    assert "batalkan dulu pesanannya" in finance.post(url, follow_redirects=True).text
    completed(session, by_card)
    finance.post(url)
    db.session.rollback()
    assert balance(session, A.GOODWILL) == CARD


@pytest.mark.both
def test_what_the_bank_took_does_not_go_back_besides(
    client: FlaskClient, session: Session, stripe: StandInStripe, by_card: Payment
) -> None:
    completed(session, by_card)
    lost(client, stripe, by_card, CARD)
    bear(session, session.scalars(select(Dispute.id)).one(), {}, person_id=None)
    session.commit()
    with pytest.raises(LostAlready):
        some_back(session, by_card, CREDIT + 1)
    session.rollback()
    some_back(session, by_card, CREDIT)
    assert balance(session, A.REFUNDS) == -CREDIT


def test_who_bears_it_waits_for_what_stripe_was_asked_to_send(
    client: FlaskClient, session: Session, stripe: StandInStripe, by_card: Payment
) -> None:
    completed(session, by_card)
    refund_id = some_back(session, by_card, 5_000)
    ask(session, refund_id, person_id=None)
    session.commit()
    lost(client, stripe, by_card, CARD)
    dispute_id = session.scalars(select(Dispute.id)).one()
    with pytest.raises(AskedElsewhere):
        bear(session, dispute_id, {}, person_id=None)
    session.rollback()
    outbox.drain(session, OUTBOX)  # the stand-in refuses what is disputed
    bear(session, dispute_id, {}, person_id=None)
    session.commit()
    assert session.get_one(Refund, refund_id).state == "paid"
    assert (balance(session, A.GOODWILL), balance(session, A.REFUNDS)) == (15_000, 0)
