"""A person's ways: mail and WhatsApp on the account page, push by a browser; and staff's list."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.accounts.models import (
    AuditLine,
    Notification,
    NotificationSend,
    Person,
    PushSubscription,
    Role,
)
from shop.config import PushConfig
from shop.core import clock
from shop.core.models import OutboxMessage
from shop.core.web_push import make_keys
from tests.factories.orders import placed_order
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.stand_ins.push import SECRET

PUBLIC = make_keys()[1]


@pytest.fixture
def push(app: Flask) -> Iterator[None]:
    """Keys for push messages are set."""
    before = app.extensions["config"]
    keys = PushConfig(make_keys()[0], "mailto:toko@example.id")
    app.extensions["config"] = replace(before, push=keys)
    yield
    app.extensions["config"] = before


def browser(endpoint: str = "https://push.example/a", **other: str) -> dict[str, str]:
    return {"endpoint": endpoint, "p256dh": PUBLIC, "auth": SECRET} | other


def subscriptions(session: Session) -> list[PushSubscription]:
    session.expire_all()
    gone = PushSubscription.gone_at.is_(None)
    return list(session.scalars(select(PushSubscription).where(gone)))


@pytest.mark.both
def test_mail_and_whatsapp_are_switched_on_and_off(app: Flask, session: Session, noon: datetime):
    person = make_person(session)
    session.commit()
    mine = signed_in(app, person)
    for _ in range(2):
        answer = mine.post("/account/ways", data={"email": " a@b.id ", "whatsapp": "y"})
        assert (answer.status_code, answer.location) == (303, "/account")
    session.refresh(person)
    assert (person.email, person.whatsapp_ok_at) == ("a@b.id", noon)
    page = mine.get("/account").text
    assert 'value="a@b.id"' in page
    mine.post("/account/ways", data={"email": ""})
    session.refresh(person)
    assert (person.email, person.whatsapp_ok_at) == (None, None)
    actions = session.scalars(select(AuditLine.action).order_by(AuditLine.id)).all()
    assert actions == ["person.whatsapp_on", "person.whatsapp_off"]


def test_a_wrong_address_is_told_beside_the_field_and_nothing_is_lost(app: Flask, session: Session):
    person = make_person(session)
    session.commit()
    answer = signed_in(app, person).post("/account/ways", data={"email": "a@b", "whatsapp": "y"})
    assert answer.status_code == 422
    assert "Alamat email ini belum benar." in answer.text
    assert 'value="a@b"' in answer.text
    assert "checked" in answer.text
    session.refresh(person)
    assert person.email is None


@pytest.mark.both
def test_a_browser_is_told_of_one_person_the_last_who_asked(
    app: Flask, session: Session, push: None
):
    one, other = make_person(session), make_person(session)
    session.commit()
    for person in (one, one, other):
        assert signed_in(app, person).post("/account/push", data=browser()).status_code == 204
    assert [row.person_id for row in subscriptions(session)] == [other.id]
    signed_in(app, one).post("/account/push", data=browser(off="1"))
    assert len(subscriptions(session)) == 1
    signed_in(app, other).post("/account/push", data=browser(off="1"))
    assert subscriptions(session) == []


@pytest.mark.both
def test_a_browser_follows_several_orders_and_no_more_than_a_few_follow_one(
    session: Session, client: FlaskClient, push: None
):
    first, second = placed_order(session), placed_order(session)
    session.commit()
    for order in (first, second, first):
        assert client.post(f"/o/{order.token}/push", data=browser()).status_code == 204
    assert {row.order_id for row in subscriptions(session)} == {first.id, second.id}
    client.post(f"/o/{second.token}/push", data=browser(off="1"))
    assert [row.order_id for row in subscriptions(session)] == [first.id]
    for number in range(12):
        client.post(f"/o/{first.token}/push", data=browser(f"https://push.example/{number}"))
    assert len(subscriptions(session)) == 8
    assert client.post("/o/guess/push", data=browser()).status_code == 404


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "http://push.example/a", "https://localhost/a", "https://push.example:8443/a",
        "https://u:p@push.example/a", "ftp://push.example", "https://[", "javascript:alert(1)",
        f"https://push.example/{'a' * 700}",
    ],
)  # fmt: skip
def test_an_address_that_is_no_push_service_is_refused(
    session: Session, client: FlaskClient, push: None, endpoint: str
):
    order = placed_order(session)
    session.commit()
    answer = client.post(f"/o/{order.token}/push", data=browser(endpoint))
    assert (answer.status_code, subscriptions(session)) == (422, [])


@pytest.mark.parametrize("wrong", [{"p256dh": "AAAA"}, {"auth": "AAAA"}, {"auth": "ä"}])
def test_keys_that_no_browser_gives_are_refused(
    app: Flask, session: Session, push: None, wrong: dict[str, str]
):
    person = make_person(session)
    session.commit()
    answer = signed_in(app, person).post("/account/push", data=browser(**wrong))
    assert answer.status_code == 422


def test_the_button_stands_only_where_keys_are_set(
    app: Flask, session: Session, client: FlaskClient
):
    order = placed_order(session)
    session.commit()
    assert "data-push" not in client.get(f"/o/{order.token}").text
    assert client.post(f"/o/{order.token}/push", data=browser()).status_code == 404
    keys = PushConfig(make_keys()[0], "mailto:toko@example.id")
    before = app.extensions["config"]
    app.extensions["config"] = replace(before, push=keys)
    try:
        page = client.get(f"/o/{order.token}").text
    finally:
        app.extensions["config"] = before
    assert f'action="/o/{order.token}/push"' in page
    assert client.get("/sw.js").content_type == "text/javascript; charset=utf-8"


# What staff see


@pytest.fixture
def failed(session: Session, noon: datetime) -> NotificationSend:
    """A letter that was refused."""
    person = make_person(session, name="Rohana")
    person.email = "rohana@example.org"
    notify.tell(session, [person.id], "payout_paid", event="e", amount="Rp1", bank="BRI", last="99")
    session.flush()
    send = session.scalars(select(NotificationSend)).one()
    send.state, send.error, send.attempts = "failed", "smtp 550", 1
    session.commit()
    return send


def staff(app: Flask, session: Session, role: Role) -> FlaskClient:
    person = make_person(session, role)
    session.commit()
    return signed_in(app, person)


@pytest.mark.both
def test_staff_see_why_and_whom_to_call_and_no_more(
    app: Flask, session: Session, failed: NotificationSend
):
    page = staff(app, session, Role.FACILITATOR).get("/staff/messages").text
    assert "1 pesan tidak sampai" in page
    assert "Alamat email ditolak (smtp 550)" in page
    assert "Rohana" in page
    assert "tel:+62" in page
    assert "rohana@example.org" not in page
    assert "Rp1" not in page
    looked = staff(app, session, Role.AUDITOR).get("/staff/messages").text
    assert "Rohana" in looked
    assert "tel:+62" not in looked
    assert "Coba lagi" not in looked


@pytest.mark.both
def test_staff_send_it_once_more_and_only_once(
    app: Flask, session: Session, failed: NotificationSend
):
    helper = staff(app, session, Role.MANAGER)
    work = select(OutboxMessage)
    before = len(session.scalars(work).all())
    for _ in range(2):
        answer = helper.post(f"/staff/messages/{failed.id}/again")
        assert (answer.status_code, answer.location) == (303, "/staff/messages")
    session.expire_all()
    again = session.get_one(NotificationSend, failed.id)
    assert (again.state, again.attempts, again.error) == ("waiting", 0, "")
    assert len(session.scalars(work).all()) == before + 1
    assert helper.post(f"/staff/messages/{uuid.uuid4()}/again").status_code == 404
    refused = staff(app, session, Role.AUDITOR).post(f"/staff/messages/{failed.id}/again")
    assert refused.status_code == 403


@pytest.mark.both
def test_what_waits_long_or_stays_silent_is_listed_and_what_arrived_is_not(
    app: Flask, session: Session, failed: NotificationSend, noon: datetime
):
    def listed(hours: int, **values: object) -> bool:
        for name, value in values.items():
            setattr(session.get_one(NotificationSend, failed.id), name, value)
        session.commit()
        with clock.at(noon + timedelta(hours=hours)):
            page = signed_in(app, helper).get("/staff/messages")
            assert page.status_code == 200
            return "Rohana" in page.text

    helper = make_person(session, Role.MANAGER)
    assert not listed(0, state="waiting", error="")
    assert listed(2)
    assert not listed(2, state="accepted", channel="whatsapp", sent_at=noon)
    assert listed(25)
    assert not listed(25, state="delivered")
    assert not listed(24 * 15, state="failed")


def test_a_failed_whatsapp_message_can_be_sent_by_a_person(
    app: Flask, session: Session, failed: NotificationSend
):
    failed.channel, failed.error = "whatsapp", "whatsapp template"
    session.commit()
    helper = staff(app, session, Role.MANAGER)
    person = session.scalars(select(Person).where(Person.name == "Rohana")).one()
    assert f"https://wa.me/{person.phone[1:]}?text=Rp1%20" in helper.get("/staff/messages").text
    failed.error = "whatsapp not there"
    session.commit()
    page = helper.get("/staff/messages").text
    assert "wa.me" not in page
    assert "Coba lagi" not in page


def test_a_seller_lets_her_phone_be_told_from_her_studio(app: Flask, session: Session, push: None):
    person = make_person(session)
    make_seller(session, owner=person)
    session.commit()
    page = signed_in(app, person).get("/sell/news").text
    assert 'action="/account/push" data-push="' in page
    assert "Beri tahu saya di HP ini" in page


def test_without_keys_no_studio_offers_it(app: Flask, session: Session):
    person = make_person(session)
    make_seller(session, owner=person)
    session.commit()
    assert "data-push" not in signed_in(app, person).get("/sell/news").text


@pytest.mark.both
def test_a_buyers_news_is_seen_once_she_opens_her_orders_page(
    client: FlaskClient, session: Session, noon: datetime
):
    order, other = placed_order(session), placed_order(session)
    for one in (order, other):
        notify.tell_buyer(session, one.id, "order_ready", event="e", number="X", seller="Y")
    session.commit()
    address = f"/o/{order.token}"

    def seen() -> list[datetime | None]:
        session.expire_all()
        found = select(Notification).order_by(Notification.created_at, Notification.id)
        return [one.seen_at for one in session.scalars(found)]

    assert f'id="seen" method="post" action="{address}/seen"' in client.get(address).text
    assert seen() == [None, None]
    assert client.post(f"{address}/seen").status_code == 204
    assert seen() == [noon, None]
    assert 'id="seen"' not in client.get(address).text
    with clock.at(noon + timedelta(hours=1)):
        client.post(f"{address}/seen")
    assert seen() == [noon, None]
    assert client.post("/o/nobody/seen").status_code == 404
