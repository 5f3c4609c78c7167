"""In whatever order, and however often, a provider's messages come: the books say the same.

Each of several hundred orders of delivery is for a payment of its own, so that all of them lie in
one database, which the checks look through at the end. A planted fault beside them makes the same
count go wrong.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from shop.core import clock
from shop.ledger.models import Account, Entry
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments import book_code, hear_gateway
from shop.payments.ask_back import ask_due
from shop.payments.models import Payment
from shop.payments.providers.acquirer import Standing, Status
from shop.payments.states import Method
from shop.sellers.models import Seller
from tests.factories.payments import make_payment
from tests.factories.sellers import make_seller
from tests.payments import gateway_shop
from tests.payments.gateway_shop import with_code, with_midtrans
from tests.stand_ins import midtrans as midtrans_messages
from tests.stand_ins import stories
from tests.stand_ins import stripe as stripe_messages
from tests.stand_ins.midtrans import StandInMidtrans
from tests.stand_ins.stripe import SECRET_KEY, WEBHOOK_SECRET, StandInStripe

pytestmark = [pytest.mark.both, pytest.mark.slow]
AMOUNT = 15_000
ORDERS, ALL_ORDERS = 520, 120
"""More than 500 orders of delivery on SQLite; on PostgreSQL every order in which all five come."""
Message = dict[str, Any]


def orders_of(kinds: int, *, needed: int, seed: int, wanted: int = ORDERS) -> list[tuple[int, ...]]:
    """Orders of delivery, all different: every permutation, then some with losses and repetitions.

    The message `needed` is in each: without it nobody would know of the payment yet.
    """
    found = dict.fromkeys(itertools.permutations(range(kinds)))
    drawn = random.Random(seed)
    while len(found) < wanted:
        order = tuple(drawn.choices(range(kinds), k=drawn.randint(2, kinds)))
        if needed in order:
            found[order] = None
    return list(found)


@pytest.fixture
def seller(session: Session) -> Seller:
    return make_seller(session)


@pytest.fixture
def midtrans(app: Flask) -> Iterator[StandInMidtrans]:
    with with_midtrans(app) as stand_in:
        yield stand_in


@pytest.fixture
def stripe(app: Flask) -> Iterator[StandInStripe]:
    before = app.extensions["config"]
    with stripe_messages.running() as stand_in:
        app.extensions["config"] = replace(
            before,
            stripe_secret_key=SECRET_KEY,
            stripe_webhook_secret=WEBHOOK_SECRET,
            stripe_api_base=stand_in.url,
        )
        yield stand_in
    app.extensions["config"] = before


def waiting(session: Session, seller: Seller, method: Method) -> Payment:
    """A payment of Rp15.000 that is waited for."""
    until = clock.now() + timedelta(hours=24)
    payment = make_payment(session, (seller, AMOUNT), method=method, expires_at=until)
    session.commit()
    return payment


def delivered(
    client: FlaskClient,
    messages: Sequence[Message],
    orders: Sequence[Sequence[int]],
    send: Callable[[FlaskClient, Message], TestResponse],
) -> Counter[int]:
    """Send one payment's messages in these orders; how often each answer came."""
    return Counter(send(client, messages[which]).status_code for order in orders for which in order)


def books(session: Session) -> dict[str, int]:
    """What is on the programme's accounts, and how many entries stand."""
    session.rollback()
    found = {
        code: sum_
        for code, sum_ in session.execute(
            select(Account.kind, func.sum(Account.balance)).group_by(Account.kind)
        )
        if sum_
    }
    return found | {"entries": session.scalar(select(func.count()).select_from(Entry)) or 0}


def expected(place: A, times: int) -> dict[str, int]:
    """The books after so many payments, each booked once."""
    return {place.value: AMOUNT * times, A.HELD.value: -AMOUNT * times, "entries": times}


def test_500_orders_of_midtrans_messages_book_the_same(
    app: Flask,
    client: FlaskClient,
    session: Session,
    midtrans: StandInMidtrans,
    seller: Seller,
    database: str,
):
    wanted = ORDERS if database == "sqlite" else ALL_ORDERS
    orders = orders_of(5, needed=stories.PAID, seed=1, wanted=wanted)
    assert len(set(orders)) == wanted
    answers: Counter[int] = Counter()
    for order in orders:
        reference = with_code(app, session, waiting(session, seller, Method.GATEWAY))
        messages = stories.of_a_code(midtrans, reference)
        answers += delivered(client, messages, [order], midtrans_messages.send)
    assert set(answers) == {200}
    assert books(session) == expected(A.GATEWAY, wanted)
    assert gateway_shop.faults(session) == []


def test_messages_that_come_while_the_code_moves_book_the_same(
    app: Flask, client: FlaskClient, session: Session, midtrans: StandInMidtrans, seller: Seller
):
    """The truth changes between deliveries, and half of them find the gateway silent."""
    drawn = random.Random(2)
    for _ in range(60):
        reference = with_code(app, session, waiting(session, seller, Method.GATEWAY))
        story = [midtrans.message(reference)]
        pays_at = drawn.randrange(6)
        for step in range(6):
            if step == pays_at:
                story.append(midtrans.pay(reference))
            midtrans.mood = drawn.choice(["", "500"])
            answer = midtrans_messages.send(client, drawn.choice(story) | {"step": step})
            assert answer.status_code == 200
        midtrans.mood = ""
    with clock.at(clock.now() + timedelta(minutes=5)):
        while ask_due(session, app.extensions["config"]):
            pass
    assert books(session) == expected(A.GATEWAY, 60)
    assert gateway_shop.faults(session) == []


def test_who_believes_the_message_books_what_never_came(
    app: Flask,
    client: FlaskClient,
    session: Session,
    midtrans: StandInMidtrans,
    seller: Seller,
    monkeypatch: pytest.MonkeyPatch,
):
    """Planted: the words of a message that is signed are booked without asking."""

    def believe(session: Session, _config: object, code_id: Any) -> None:
        message = believed.pop()
        status = Status(
            Standing.PAID if message["transaction_status"] == "settlement" else Standing.PENDING,
            reference=message["order_id"], amount=AMOUNT,
            transaction_id=message["transaction_id"],
        )  # fmt: skip
        book_code.book(session, code_id, status)

    monkeypatch.setattr(hear_gateway, "ask", believe)
    reference = with_code(app, session, waiting(session, seller, Method.GATEWAY))
    midtrans.becomes(reference, "cancel")
    believed = [midtrans.message(reference, transaction_status="settlement")]
    midtrans_messages.send(client, believed[0])
    assert books(session) == expected(A.GATEWAY, 1)  # and not a rupiah came


def test_500_orders_of_stripe_events_book_the_same(
    client: FlaskClient, session: Session, stripe: StandInStripe, seller: Seller, database: str
):
    wanted = ORDERS if database == "sqlite" else ALL_ORDERS
    orders = orders_of(5, needed=stories.PAID, seed=3, wanted=wanted)
    assert len(set(orders)) == wanted
    answers: Counter[int] = Counter()
    for order in orders:
        payment = waiting(session, seller, Method.CARD)
        page = client.post(gateway_shop.address(session, payment, "card")).location
        messages = stories.of_a_page(stripe, page.rpartition("/")[2])
        answers += delivered(client, messages, [order], stripe_messages.send)
    assert set(answers) == {200}
    assert books(session) == expected(A.CARD, wanted)
    assert gateway_shop.faults(session) == []


@pytest.mark.parametrize("same", [True, False])
def test_50_messages_at_once_book_once(
    app: Flask, session: Session, midtrans: StandInMidtrans, seller: Seller, same: bool
):
    reference = with_code(app, session, waiting(session, seller, Method.GATEWAY))
    paid = midtrans.pay(reference)
    session.close()

    def deliver(number: int) -> int:
        message = paid if same else paid | {"number": number}
        return midtrans_messages.send(Client(app), message).status_code  # type: ignore[arg-type]

    with ThreadPoolExecutor(50) as pool:
        answers = Counter(pool.map(deliver, range(50)))
    assert answers == {200: 50}
    assert books(session) == expected(A.GATEWAY, 1)
    assert balance(session, A.GATEWAY) == AMOUNT


def test_50_events_of_stripe_at_once_book_once(
    app: Flask, client: FlaskClient, session: Session, stripe: StandInStripe, seller: Seller
):
    payment = waiting(session, seller, Method.CARD)
    page = client.post(gateway_shop.address(session, payment, "card")).location
    paid = stripe.pay(page.rpartition("/")[2])
    events = [stripe.event(paid["type"], paid["data"]["object"]) for _ in range(25)] + [paid] * 25
    session.close()

    def deliver(event: Message) -> int:
        return stripe_messages.send(Client(app), event).status_code  # type: ignore[arg-type]

    with ThreadPoolExecutor(50) as pool:
        answers = Counter(pool.map(deliver, events))
    assert answers == {200: 50}
    assert books(session) == expected(A.CARD, 1)
