"""S5: what Stripe and Midtrans tell comes five times, shuffled, from many at once, and forged."""

from __future__ import annotations

import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import Client

from shop.check import check_all
from shop.core import clock, ids
from shop.core.db import db
from shop.ledger.models import Account, Entry
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments import hear_gateway, listen, pay_by_card
from shop.payments.models import Payment
from shop.payments.models_gateway import GatewayCode
from shop.payments.providers import midtrans as midtrans_provider
from shop.payments.providers import stripe as stripe_provider
from shop.payments.states import Method
from shop.sellers.models import Seller
from tests.factories.payments import make_payment
from tests.factories.sellers import make_seller
from tests.payments.gateway_shop import with_code
from tests.proofs.stage import opened
from tests.stand_ins import midtrans as of_midtrans
from tests.stand_ins import stories
from tests.stand_ins import stripe as of_stripe

PLACES = {"stripe": AccountKind.CARD, "midtrans": AccountKind.GATEWAY}
METHODS = {"stripe": Method.CARD, "midtrans": Method.GATEWAY}
OF_ONE, TIMES, AT_ONCE, AMOUNT = 5, 5, 8, 15_000
"""Messages of a payment, deliveries of each, senders at once, rupiah of the first payment."""


@dataclass(frozen=True)
class Heard:
    """What came of it: rupiah by which the books differ, forged messages that were believed."""

    payments: int
    deliveries: int
    difference: int
    accepted: int
    kinds: int
    """Ways in which messages were forged."""
    other_answers: int
    faults: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether each payment was booked once, and nothing forged."""
        return (self.difference, self.accepted, self.other_answers, self.faults) == (0, 0, 0, ())


class Scene:
    """A shop, a stand-in for each provider, and payments by both of them."""

    def __init__(
        self, app: Flask, stripe: of_stripe.StandInStripe, midtrans: of_midtrans.StandInMidtrans
    ) -> None:
        self.app, self.stripe, self.midtrans = app, stripe, midtrans
        with app.app_context():
            self.seller = make_seller(db.session()).id
            db.session.commit()
            db.session.remove()

    def ask(self, provider: str, amount: int) -> str:
        """Begin to pay so many rupiah; what the provider calls that."""
        with self.app.app_context():
            session = db.session()
            seller = session.get_one(Seller, self.seller)
            until = clock.now() + timedelta(hours=24)
            payment = make_payment(
                session, (seller, amount), method=METHODS[provider], expires_at=until
            )
            session.commit()
            if provider == "midtrans":
                reference = with_code(self.app, session, payment)
            else:
                reference = self._page(session, payment)
            db.session.remove()
            return reference

    def _page(self, session: Session, payment: Payment) -> str:
        url = pay_by_card.open_page(
            session, self.app.extensions["config"], payment,
            words="Kue", back_to="http://localhost/", language="id",
        )  # fmt: skip
        session.commit()
        return url.rpartition("/")[2]

    def story(self, provider: str, reference: str) -> list[dict[str, Any]]:
        """What is said of a payment that is made meanwhile."""
        if provider == "stripe":
            return stories.of_a_page(self.stripe, reference)
        return stories.of_a_code(self.midtrans, reference)

    def send(self, provider: str, message: dict[str, Any]) -> int:
        """Deliver it as the provider does; the status of the answer."""
        module = of_stripe if provider == "stripe" else of_midtrans
        return module.send(_client(self.app), message).status_code

    def books(self) -> dict[str, int]:
        """What lies with each provider, and the entries there are."""
        with self.app.app_context():
            found = {
                provider: int(
                    db.session.scalar(
                        select(func.sum(Account.balance)).where(Account.kind == place.value)
                    )
                    or 0
                )
                for provider, place in PLACES.items()
            }
            found["entries"] = db.session.scalar(select(func.count()).select_from(Entry)) or 0
            db.session.remove()
            return found

    def faults(self) -> tuple[str, ...]:
        """What `shop check` finds of money; orders of one sum without lines are not its matter."""
        with self.app.app_context():
            found = check_all(db.session(), self.app.extensions["storage"])
            db.session.remove()
        lines = "every part is the sum of its lines"
        return tuple(one.line for one in found if one.faults and one.name != lines)


def _client(app: Flask) -> FlaskClient:
    return Client(app)  # type: ignore[return-value]


def deliver(database: str, messages: int, *, naive: bool = False) -> Heard:
    """So many messages of each provider, five times each, shuffled; then what nobody signed.

    `naive` plants two bugs: an event is told apart by its own id alone, and no signature is
    looked at.
    """
    with ExitStack() as stack:
        stripe = stack.enter_context(of_stripe.running())
        midtrans = stack.enter_context(of_midtrans.running())
        app, _ = stack.enter_context(
            opened(
                database, STRIPE_SECRET_KEY=of_stripe.SECRET_KEY, STRIPE_API_BASE=stripe.url,
                STRIPE_WEBHOOK_SECRET=of_stripe.WEBHOOK_SECRET,
                MIDTRANS_SERVER_KEY=of_midtrans.SERVER_KEY, MIDTRANS_API_BASE=midtrans.url,
            )
        )  # fmt: skip
        if naive:
            stack.enter_context(_trusting())
        scene = Scene(app, stripe, midtrans)
        wanted, posts = _posts(scene, messages)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = Counter(pool.map(lambda one: scene.send(*one), posts))
        before = scene.books()
        accepted = kinds = 0
        for name in PLACES:
            held = scene.books()
            for taken in _forged(scene, name):
                kinds += 1
                accepted += taken or scene.books() != held
                held = scene.books()
        return Heard(
            wanted["entries"], len(posts),
            sum(abs(before[name] - wanted[name]) for name in wanted),
            accepted, kinds, len(posts) - answers[200], scene.faults(),
        )  # fmt: skip


def _posts(scene: Scene, messages: int) -> tuple[Counter[str], list[tuple[str, dict[str, Any]]]]:
    """What must be booked in the end, and everything that is delivered, shuffled."""
    wanted: Counter[str] = Counter()
    posts = []
    for name in PLACES:
        for number in range(messages // OF_ONE):
            amount = AMOUNT + number
            said = scene.story(name, scene.ask(name, amount))
            posts += [(name, message) for message in said] * TIMES
            wanted[name] += amount
            wanted["entries"] += 1
    random.Random(17).shuffle(posts)
    return wanted, posts


def _forged(scene: Scene, provider: str) -> Iterator[bool]:
    """Lies about a payment nobody made, one after the other: whether each was taken."""
    client, reference = _client(scene.app), scene.ask(provider, AMOUNT)
    yield from (_of_stripe if provider == "stripe" else _of_midtrans)(scene, client, reference)


def _of_stripe(scene: Scene, client: FlaskClient, page: str) -> Iterator[bool]:
    event = scene.stripe.event(
        "checkout.session.completed", scene.stripe.sessions[page] | {"payment_status": "paid"}
    )
    body = json.dumps(event).encode()
    good = of_stripe.sign(body)
    for text, header in (
        (body, ""),
        (body, of_stripe.sign(body, secret="whsec_other")),
        (body, of_stripe.sign(body, at=time.time() - 301)),
        (body + b" ", good),
        (body, good.replace("v1=", "v0=")),
        (body, "garbage"),
        (body.replace(b'"evt_', b'"evt_9'), good),
    ):
        headers = {"Stripe-Signature": header} if header else {}
        answer = client.post("/webhooks/stripe", data=text, headers=headers)
        yield answer.status_code < 300


def _of_midtrans(scene: Scene, client: FlaskClient, code: str) -> Iterator[bool]:
    """The last is a genuine word of a cancelled code, turned into "paid": taken, not booked."""
    paid = {"transaction_status": "settlement", "status_code": "200"}
    said = scene.midtrans.message(code) | paid
    right = said | {"signature_key": of_midtrans.signature(said)}
    other = of_midtrans.signature(said, key="another")
    lies: list[dict[str, Any]] = [
        {name: word for name, word in said.items() if name != "signature_key"},
        said | {"signature_key": other},
        said | {"signature_key": "x"},
        right | {"gross_amount": "1.00"},
        right | {"order_id": "7KQ2M-9"},
        right | {"signature_key": right["signature_key"].upper()},
    ]
    for lie in lies:
        yield of_midtrans.send(client, lie).status_code < 300
    scene.midtrans.becomes(code, "cancel")
    genuine = scene.midtrans.message(code)
    of_midtrans.send(client, genuine | {"transaction_status": "settlement"})
    yield False


@contextmanager
def _trusting() -> Iterator[None]:
    """Planted: each event is money of its own, and whoever sends one is believed."""

    def read(_config: object, body: bytes, _signature: str) -> Any:
        return json.loads(body)

    def heard(session: Session, message: stripe_provider.PaidMessage) -> str:
        payment = session.scalars(
            select(Payment).where(Payment.id == message.payment_id)
        ).one_or_none()
        return _again(session, payment, AccountKind.CARD)

    def told(session: Session, _config: object, code_id: uuid.UUID) -> None:
        code = session.get_one(GatewayCode, code_id)
        _again(session, session.get(Payment, code.payment_id), AccountKind.GATEWAY)

    with (
        patch.object(stripe_provider, "read_message", read),
        patch.object(listen, "_book", heard),
        patch.object(hear_gateway, "ask", told),
        patch.object(midtrans_provider.hmac, "compare_digest", lambda *_: True),
    ):
        yield


def _again(session: Session, payment: Payment | None, place: AccountKind) -> str:
    if payment is not None:
        seller_id = payment.parts[0].seller_id
        legs = [Leg(place, payment.amount), Leg(AccountKind.HELD, -payment.amount, seller_id)]
        post(session, EntryKind.ORDER_PAID, f"told:{ids.new_token()}", legs, About())
    return ""
