"""Sending: each message at least once and mostly once, by each way, with each kind of fault."""

from __future__ import annotations

import itertools
import json
import smtplib
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import notify, sending, statuses
from shop.accounts.models import (
    Notification,
    NotificationSend,
    Person,
    PushSubscription,
    Role,
    SendState,
)
from shop.accounts.people import grant
from shop.config import Config, PushConfig
from shop.core import calls, clock, outbox
from shop.core.db import db
from shop.core.models import OutboxMessage
from shop.core.web_push import make_keys, public_of
from tests.conftest import config_for
from tests.factories.people import make_person
from tests.stand_ins import push, whatsapp
from tests.stand_ins.push import StandInPush
from tests.stand_ins.smtp import SmtpStandIn
from tests.stand_ins.whatsapp import StandInWhatsApp


class Post:
    """An outbox whose messages go by a configuration of the test's own."""

    def __init__(self, session: Session, config: Config) -> None:
        self.session, self.config = session, config

    def drain(self) -> int:
        return outbox.drain(
            self.session, {notify.SEND: lambda s, p: sending.send(s, p, self.config)}
        )

    def sends(self) -> list[NotificationSend]:
        self.session.expire_all()
        found = select(NotificationSend).join(Notification)
        kinds = Notification.kind != "messages_failed"
        return list(self.session.scalars(found.where(kinds).order_by(NotificationSend.id)))

    def send(self) -> NotificationSend:
        (one,) = self.sends()
        return one


@pytest.fixture
def person(session: Session) -> Person:
    """Somebody who can be reached by all ways."""
    person = make_person(session, name="Rohana")
    person.email, person.language = "rohana@example.org", "en"
    session.commit()
    return person


@pytest.fixture
def smtp() -> Iterator[SmtpStandIn]:
    with SmtpStandIn() as server:
        yield server


@pytest.fixture
def mail(app: Flask, session: Session, smtp: SmtpStandIn, tmp_path: Path) -> Post:
    config = config_for(
        tmp_path, "sqlite://", smtp_url=smtp.url, base_url="https://toko.example",
        mail_from="Toko <toko@toko.example>",
    )  # fmt: skip
    return Post(session, config)


def told(session: Session, person: Person, kind: str = "seller_approved", **more: Any) -> None:
    notify.tell(session, [person.id], kind, link="/sell/more", event="e", **more)
    session.commit()


@pytest.mark.both
def test_a_letter_good_as_text_and_as_a_page_in_the_readers_language(
    session: Session, person: Person, mail: Post, smtp: SmtpStandIn
):
    told(session, person, "seller_declined", reason="<b>Foto</b> & KTP")
    assert mail.drain() == 1
    assert mail.drain() == 0
    (letter,) = smtp.messages
    assert (letter["To"], letter["Subject"]) == ("rohana@example.org", "News from Pelantar")
    assert letter["Message-ID"] == f"<{mail.send().id.hex}@toko.example>"
    assert letter.get_content_type() == "multipart/alternative"
    text, page = (letter.get_body([kind]).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "<b>Foto</b> & KTP" in text
    assert "https://toko.example/sell/more" in text
    assert "&lt;b&gt;Foto&lt;/b&gt; &amp; KTP" in page
    assert '<html lang="en">' in page
    assert 'href="https://toko.example/sell/more"' in page
    send = mail.send()
    assert (send.state, send.attempts, send.error) == ("accepted", 1, "")
    assert send.sent_at is not None


@pytest.mark.both
def test_a_repeat_after_a_worker_died_between_sending_and_marking_has_the_same_name(
    session: Session, person: Person, mail: Post, smtp: SmtpStandIn,
    monkeypatch: pytest.MonkeyPatch, noon: datetime,
):  # fmt: skip
    told(session, person)

    class Killed(BaseException):
        """As SIGKILL does, it leaves no time to write anything down."""

    def die(*_args: object, **_more: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(sending, "forward", die)
        with pytest.raises(Killed):
            mail.drain()
    session.rollback()
    assert (len(smtp.messages), mail.send().state) == (1, "waiting")
    assert mail.drain() == 0  # not before the dead one's patience is over
    with clock.at(noon + outbox.PATIENCE):
        assert mail.drain() == 1
    with clock.at(noon + timedelta(days=9)):
        assert mail.drain() == 0
    assert len(smtp.messages) == 2
    assert len({letter["Message-ID"] for letter in smtp.messages}) == 1


@pytest.mark.both
def test_what_was_accepted_is_not_sent_again_by_a_repeated_work(
    session: Session, person: Person, mail: Post, smtp: SmtpStandIn
):
    told(session, person)
    for _ in range(3):
        outbox.send(session, notify.SEND, send_id=str(mail.send().id))
        session.commit()
    assert mail.drain() == 4
    assert len(smtp.messages) == 1


@pytest.mark.both
def test_what_another_worker_is_at_waits_until_that_one_must_be_dead(
    session: Session, person: Person, mail: Post, smtp: SmtpStandIn, noon: datetime
):
    told(session, person)
    mail.send().busy_until = noon + timedelta(minutes=3)
    session.commit()
    assert mail.drain() == 0
    assert smtp.messages == []
    with clock.at(noon + outbox.PATIENCE):
        assert mail.drain() == 1
    assert len(smtp.messages) == 1


@pytest.mark.both
def test_two_workers_at_once_send_it_once(
    app: Flask, session: Session, person: Person, mail: Post, smtp: SmtpStandIn
):
    """Both have the same work, written down twice."""
    told(session, person)
    for number in range(5):
        notify.tell(session, [person.id], "seller_approved", event=f"more {number}")
    for send in mail.sends():
        outbox.send(session, notify.SEND, send_id=str(send.id))
    session.commit()
    session.rollback()

    def work() -> None:
        with app.app_context():
            Post(db.session(), mail.config).drain()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(smtp.messages) == 6
    assert {send.state for send in mail.sends()} == {"accepted"}


@pytest.mark.both
def test_not_now_is_tried_again_and_given_up_in_the_end(
    session: Session, person: Person, mail: Post, smtp: SmtpStandIn, noon: datetime
):
    smtp.answers = ["451 greylisted"] * outbox.MAX_ATTEMPTS
    told(session, person)
    for days in range(outbox.MAX_ATTEMPTS):
        with clock.at(noon + timedelta(days=30 * days)):
            assert mail.drain() == (1 if days == outbox.MAX_ATTEMPTS - 1 else 0)
    send = mail.send()
    assert (send.state, send.attempts) == ("failed", outbox.MAX_ATTEMPTS)
    assert send.error == "smtp 451"
    assert smtp.messages == []


@pytest.mark.both
def test_not_now_and_then_taken(
    session: Session, person: Person, mail: Post, smtp: SmtpStandIn, noon: datetime
):
    smtp.answers = ["451 rohana@example.org greylisted"]
    told(session, person)
    assert mail.drain() == 0
    assert (mail.send().state, mail.send().error) == ("waiting", "smtp 451")
    assert session.scalars(select(OutboxMessage.last_error)).one() == "Delayed: smtp 451"
    with clock.at(noon + outbox.PATIENCE):
        assert mail.drain() == 1
    assert (mail.send().state, mail.send().attempts, mail.send().error) == ("accepted", 2, "")


@pytest.mark.both
def test_never_is_not_tried_again_and_staff_are_told_once_a_day(
    session: Session, person: Person, mail: Post, smtp: SmtpStandIn, noon: datetime
):
    helper = make_person(session)
    grant(session, helper.id, Role.FACILITATOR, None)
    smtp.answers = ["550 no such mailbox"] * 3
    for number in range(3):
        notify.tell(session, [person.id], "seller_approved", event=str(number))
    session.commit()
    assert mail.drain() == 3
    assert {(send.state, send.error) for send in mail.sends()} == {("failed", "smtp 550")}
    assert mail.drain() == 0
    staff_news = select(func.count()).where(Notification.person_id == helper.id)
    assert session.scalar(staff_news) == 1


def test_a_server_that_takes_a_letter_and_then_misbehaves_took_it(
    session: Session, person: Person, mail: Post, smtp: SmtpStandIn, monkeypatch: pytest.MonkeyPatch
):
    def quit_badly(self: smtplib.SMTP) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(smtplib.SMTP, "quit", quit_badly)
    told(session, person)
    assert mail.drain() == 1
    assert (len(smtp.messages), mail.send().state) == (1, "accepted")


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_wrong_password_of_the_shop_is_tried_again_later(
    session: Session, person: Person, mail: Post, tmp_path: Path
):
    with SmtpStandIn(user="toko", password="right") as server:
        url = server.url.replace("smtp://", "smtp://toko:wrong@")
        mail.config = config_for(tmp_path, "sqlite://", smtp_url=url)
        told(session, person)
        assert mail.drain() == 0
    assert (mail.send().state, mail.send().error) == ("waiting", "smtp sign-in")


@pytest.mark.both
def test_without_mail_or_address_nothing_is_sent_and_the_news_is_kept(
    session: Session, person: Person, mail: Post, tmp_path: Path
):
    told(session, person)
    mail.config = config_for(tmp_path, "sqlite://")
    assert mail.drain() == 1
    assert mail.sends() == []
    assert session.scalar(select(func.count(Notification.id))) == 1


@pytest.mark.both
def test_what_waits_longer_than_all_tries_take_has_failed(
    session: Session, person: Person, mail: Post, noon: datetime
):
    told(session, person)
    with clock.at(noon + sending.HOPELESS_AFTER):
        sending.give_up(session)
    assert mail.send().state == "waiting"
    with clock.at(noon + sending.HOPELESS_AFTER + timedelta(seconds=1)):
        sending.give_up(session)
    assert (mail.send().state, mail.send().error) == ("failed", "given up")


@pytest.mark.both
def test_the_state_ends_the_same_in_whatever_order_it_is_told(
    session: Session, person: Person, mail: Post
):
    told(session, person)
    send_id = mail.send().id
    some = [SendState.ACCEPTED, SendState.FAILED, SendState.DELIVERED, SendState.READ]
    for order in itertools.permutations(some):
        mail.send().state = "waiting"
        session.flush()
        for state in order:
            sending.forward(session, send_id, state)
        assert mail.send().state == "read", order
    assert not sending.forward(session, send_id, SendState.READ)


# Web Push


@pytest.fixture
def browsers() -> Iterator[StandInPush]:
    with push.running() as service:
        yield service


@pytest.fixture
def pushed(app: Flask, session: Session, browsers: StandInPush, tmp_path: Path) -> Post:
    private, _public = make_keys()
    browsers.public_key = public_of(private)
    keys = PushConfig(private, "mailto:toko@example.id", frozenset({browsers.host}))
    return Post(session, config_for(tmp_path, "sqlite://", push=keys))


def follow(session: Session, person: Person, browser: dict[str, str]) -> None:
    person.email = None
    session.add(
        PushSubscription(
            person_id=person.id, endpoint=browser["endpoint"],
            public_key=browser["p256dh"], secret=browser["auth"],
        )
    )  # fmt: skip
    session.commit()


@pytest.mark.both
def test_a_browser_shows_what_only_it_can_read(
    session: Session, person: Person, pushed: Post, browsers: StandInPush
):
    follow(session, person, browsers.browser())
    told(session, person)
    assert pushed.drain() == 1
    (shown,) = browsers.shown["a"]
    assert shown["body"].startswith("Your stall is approved")
    assert (shown["title"], shown["link"]) == ("Pelantar", "/sell/more")
    (headers,) = browsers.headers
    assert headers["Topic"] == pushed.send().id.hex
    assert headers["Ttl"] == "86400"
    assert pushed.send().state == "accepted"


@pytest.mark.both
@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_asked_no_more(
    session: Session, person: Person, pushed: Post, browsers: StandInPush, status: int
):
    follow(session, person, browsers.browser())
    browsers.answers = [status]
    told(session, person)
    assert pushed.drain() == 1
    assert (pushed.send().state, pushed.send().error) == ("failed", f"push {status}")
    assert session.scalars(select(PushSubscription.gone_at)).one() is not None
    notify.tell(session, [person.id], "person_password", event="later")
    assert len(pushed.sends()) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_push_service_is_asked_later(
    session: Session, person: Person, pushed: Post, browsers: StandInPush, status: int,
    noon: datetime,
):  # fmt: skip
    follow(session, person, browsers.browser())
    browsers.answers = [status]
    told(session, person)
    assert pushed.drain() == 0
    assert (pushed.send().state, pushed.send().error) == ("waiting", f"push {status}")
    with clock.at(noon + outbox.PATIENCE):
        browsers.answers = [302]
        assert pushed.drain() == 1  # no redirect is followed
    assert (pushed.send().state, pushed.send().error) == ("failed", "push 302")


def test_a_slow_push_service_keeps_no_worker_for_long(
    session: Session, person: Person, pushed: Post, browsers: StandInPush,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setattr(calls, "PATIENCE_SECONDS", 0.2)
    browsers.slow = 1
    follow(session, person, browsers.browser())
    told(session, person)
    assert pushed.drain() == 0
    assert pushed.send().error == "push line"


def test_what_was_a_public_address_and_is_not_any_more_is_not_called(
    session: Session, person: Person, pushed: Post, browsers: StandInPush, tmp_path: Path
):
    keys = pushed.config.push
    assert keys
    follow(session, person, {**browsers.browser(), "endpoint": "https://localhost.example/a"})
    pushed.config = config_for(
        tmp_path, "sqlite://", push=PushConfig(keys.private_key, keys.subject)
    )
    told(session, person)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("10.0.0.7", 443))])
        assert pushed.drain() == 1
    assert (pushed.send().state, pushed.send().error) == ("failed", "push address")
    assert browsers.headers == []


# WhatsApp


@pytest.fixture
def cloud() -> Iterator[StandInWhatsApp]:
    with whatsapp.running() as service:
        yield service


@pytest.fixture
def chat(
    app: Flask, session: Session, cloud: StandInWhatsApp, person: Person, tmp_path: Path
) -> Post:
    person.email, person.whatsapp_ok_at = None, clock.now()
    session.commit()
    return Post(session, config_for(tmp_path, "sqlite://", whatsapp=cloud.config))


def new_order(session: Session, person: Person, event: str = "e") -> None:
    notify.tell(
        session, [person.id], "order_new", link="/sell/orders/1", event=event,
        buyer="Ani\n\tSari", number="ABCD2345",
    )  # fmt: skip
    session.commit()


@pytest.mark.both
def test_a_template_to_who_agreed_and_the_carriers_name_is_kept(
    session: Session, person: Person, chat: Post, cloud: StandInWhatsApp
):
    new_order(session, person)
    assert chat.drain() == 1
    (message,) = cloud.messages
    assert message["to"] == person.phone.removeprefix("+")
    assert message["type"] == "template"
    assert message["template"]["name"] == "pesanan_baru"
    assert message["template"]["language"] == {"code": "en"}
    body, button = message["template"]["components"]
    assert [gap["text"] for gap in body["parameters"]] == ["Ani Sari", "ABCD2345"]
    assert button["parameters"][0]["text"] == "sell/orders/1"
    assert message["biz_opaque_callback_data"] == chat.send().id.hex
    assert (chat.send().state, chat.send().carrier_id) == ("accepted", "wamid.stand-in-1")


@pytest.mark.both
def test_consent_taken_back_meanwhile_counts(
    session: Session, person: Person, chat: Post, cloud: StandInWhatsApp
):
    new_order(session, person)
    person.whatsapp_ok_at = None
    session.commit()
    assert chat.drain() == 1
    assert (cloud.messages, chat.sends()) == ([], [])


@pytest.mark.both
def test_a_number_that_is_not_on_whatsapp_is_never_tried_again(
    session: Session, person: Person, chat: Post, cloud: StandInWhatsApp
):
    cloud.faults = [(400, 131026)]
    new_order(session, person)
    new_order(session, person, "other")
    assert chat.drain() == 2
    assert chat.send().error == "whatsapp not there"
    session.refresh(person)
    assert person.whatsapp_ok_at is None
    new_order(session, person, "third")
    assert len(chat.sends()) == 1


@pytest.mark.parametrize(
    ("fault", "state", "error"),
    [
        ((400, 131047), "failed", "whatsapp window"),
        ((404, 132001), "failed", "whatsapp template"),
        ((400, 132015), "failed", "whatsapp template"),
        ((400, 99999), "failed", "whatsapp 99999"),
        ((429, 130429), "waiting", "whatsapp later"),
        ((400, 131056), "waiting", "whatsapp later"),
        ((401, 190), "waiting", "whatsapp key"),
        ((500, 131000), "waiting", "whatsapp later"),
        ("lie", "waiting", "whatsapp answer"),
    ],
)
def test_each_fault_has_its_answer(
    session: Session, person: Person, chat: Post, cloud: StandInWhatsApp,
    fault: tuple[int, int] | str, state: str, error: str,
):  # fmt: skip
    cloud.faults = [fault]
    new_order(session, person)
    chat.drain()
    assert (chat.send().state, chat.send().error) == (state, error)


def test_an_idle_carrier_keeps_no_transaction_and_its_late_status_stops_the_repeat(
    app: Flask, session: Session, person: Person, chat: Post, cloud: StandInWhatsApp,
    monkeypatch: pytest.MonkeyPatch, noon: datetime,
):  # fmt: skip
    monkeypatch.setattr(calls, "PATIENCE_SECONDS", 0.3)
    cloud.faults = ["idle"]
    new_order(session, person)
    open_while_calling: list[bool] = []
    real = calls.post

    def watched(*args: Any, **more: Any) -> Any:
        open_while_calling.append(session.in_transaction())
        return real(*args, **more)

    monkeypatch.setattr(calls, "post", watched)
    assert chat.drain() == 0
    assert open_while_calling == [False]
    assert (chat.send().state, chat.send().error) == ("waiting", "whatsapp line")
    said = json.loads(whatsapp.body_of(
        whatsapp.status("wamid.1", "delivered", data=cloud.messages[0]["biz_opaque_callback_data"])
    ))  # fmt: skip
    assert statuses.receive(session, said) == 1
    session.commit()
    with clock.at(noon + timedelta(days=1)):
        chat.drain()
    assert len(cloud.messages) == 1
    assert (chat.send().state, chat.send().carrier_id) == ("delivered", "wamid.1")
