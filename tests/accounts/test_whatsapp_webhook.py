"""WhatsApp's own messages: the subscription, signatures, statuses in any order and repeated."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.accounts.models import Notification, NotificationSend, Person, Role
from shop.accounts.people import grant
from shop.core import clock
from tests.factories.people import make_person
from tests.stand_ins.whatsapp import (
    VERIFY_TOKEN,
    StandInWhatsApp,
    body_of,
    send,
    sign,
    status,
)

pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def _set_up(app: Flask) -> Iterator[None]:
    before = app.extensions["config"]
    app.extensions["config"] = replace(before, whatsapp=StandInWhatsApp().config)
    yield
    app.extensions["config"] = before


@pytest.fixture
def person(session: Session) -> Person:
    person = make_person(session, name="Rohana")
    person.whatsapp_ok_at = clock.now()
    session.commit()
    return person


@pytest.fixture
def sent(session: Session, person: Person) -> NotificationSend:
    """A message that WhatsApp has taken."""
    notify.tell(session, [person.id], "order_new", event="e", buyer="Ani", number="X")
    session.flush()
    found = session.scalars(select(NotificationSend)).one()
    found.state, found.carrier_id, found.sent_at = "accepted", "wamid.1", clock.now()
    session.commit()
    return found


def state(session: Session) -> tuple[str, str]:
    session.expire_all()
    found = session.scalars(
        select(NotificationSend).where(NotificationSend.channel == "whatsapp")
    ).one()
    return found.state, found.error


def test_the_question_of_the_subscription_is_answered(client: FlaskClient):
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158"}
    answer = client.get("/webhooks/whatsapp", query_string=asked)
    assert (answer.status_code, answer.text) == (200, "1158")
    assert answer.headers["Cache-Control"] == "no-store"
    for wrong in ({"hub.verify_token": "guess"}, {"hub.verify_token": ""}, {"hub.mode": "x"}):
        assert client.get("/webhooks/whatsapp", query_string=asked | wrong).status_code == 403


def test_without_whatsapp_there_is_no_such_address(app: Flask, client: FlaskClient):
    app.extensions["config"] = replace(app.extensions["config"], whatsapp=None)
    assert client.get("/webhooks/whatsapp").status_code == 404
    assert send(client, status("wamid.1", "read")).status_code == 404


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", "other", "sha256=ä"])
def test_what_is_not_signed_changes_nothing(
    session: Session, client: FlaskClient, sent: NotificationSend, signature: str
):
    body = body_of(status("wamid.1", "read"))
    for header in (signature, sign(body, "another secret"), sign(body + b" ")):
        answer = client.post(
            "/webhooks/whatsapp", data=body, headers={"X-Hub-Signature-256": header}
        )
        assert answer.status_code == 403
    assert state(session)[0] == "accepted"


def test_in_any_order_and_repeated_it_ends_the_same(
    session: Session, client: FlaskClient, sent: NotificationSend
):
    for order in itertools.permutations(["sent", "delivered", "read"]):
        session.get_one(NotificationSend, sent.id).state = "accepted"
        session.commit()
        for one in (*order, *order):
            assert send(client, status("wamid.1", one)).status_code == 200
        assert state(session) == ("read", ""), order


def test_several_in_one_message_and_those_of_others_are_passed_over(
    session: Session, client: FlaskClient, sent: NotificationSend
):
    answer = send(
        client,
        status("wamid.other", "read"),
        status("wamid.1", "unheard of"),
        status("wamid.1", "delivered"),
        status("wamid.1", "sent"),
    )
    assert answer.status_code == 200
    assert state(session) == ("delivered", "")


def test_a_number_that_is_not_there_loses_its_consent_and_staff_are_told(
    session: Session, client: FlaskClient, sent: NotificationSend, person: Person
):
    helper = make_person(session)
    grant(session, helper.id, Role.MANAGER, None)
    session.commit()
    for _ in range(2):
        send(client, status("wamid.1", "failed", 131026))
    assert state(session) == ("failed", "whatsapp not there")
    assert session.get_one(Person, person.id).whatsapp_ok_at is None
    told = select(func.count()).where(Notification.person_id == helper.id)
    assert session.scalar(told) == 1


def test_a_failure_that_comes_after_it_was_read_says_nothing(
    session: Session, client: FlaskClient, sent: NotificationSend
):
    send(client, status("wamid.1", "read"))
    send(client, status("wamid.1", "failed", 131026))
    assert state(session) == ("read", "")


def test_a_status_of_a_message_whose_name_was_not_learnt(
    session: Session, client: FlaskClient, sent: NotificationSend
):
    """The worker died after WhatsApp took the message: it comes back with our own id."""
    found = session.get_one(NotificationSend, sent.id)
    found.state, found.carrier_id, found.sent_at = "waiting", None, None
    session.commit()
    send(client, status("wamid.9", "sent", data=sent.id.hex))
    session.expire_all()
    found = session.get_one(NotificationSend, sent.id)
    assert (found.state, found.carrier_id) == ("accepted", "wamid.9")
    assert found.sent_at is not None


@pytest.mark.parametrize(
    "said",
    [
        [], {}, {"entry": {}}, {"entry": [1]}, {"entry": [{"changes": [{"value": 5}]}]},
        {"entry": [{"changes": [{"value": {"statuses": [{"id": 5, "status": "read"}, "x"]}}]}]},
        {"entry": [{"changes": [{"value": {"messages": [{"from": "628", "text": {}}]}}]}]},
    ],
)  # fmt: skip
def test_other_messages_are_taken_and_nothing_happens(
    session: Session, client: FlaskClient, sent: NotificationSend, said: Any
):
    for body, status_code in ((json.dumps(said).encode(), 200), (b"{not json", 400)):
        answer = client.post(
            "/webhooks/whatsapp", data=body, headers={"X-Hub-Signature-256": sign(body)}
        )
        assert answer.status_code == status_code
    assert state(session)[0] == "accepted"
