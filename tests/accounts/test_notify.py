"""News for people: kept once for each event, counted, seen, and with a send for each way."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import news, notify, queries
from shop.accounts.models import Notification, NotificationSend, PushSubscription
from shop.accounts.whatsapp_words import TEMPLATES
from shop.core import clock
from shop.core.models import OutboxMessage
from tests.factories.orders import placed_order
from tests.factories.people import make_person
from tests.factories.sellers import make_seller

ROOT = Path(__file__).resolve().parents[2] / "shop"


@pytest.mark.both
def test_each_person_is_told_once(session: Session):
    one, other = make_person(session), make_person(session)
    notify.tell(session, [one.id, other.id, one.id], "seller_approved", link="/sell/more")
    session.commit()
    assert queries.unseen_news(session, one.id, None) == 1
    assert queries.unseen_news(session, other.id, None) == 1
    assert session.scalars(select(OutboxMessage)).all() == []


@pytest.mark.both
def test_news_belongs_to_the_seller_it_is_about(session: Session):
    person = make_person(session)
    first, second = (make_seller(session, owner=person) for _ in range(2))
    notify.tell(session, [person.id], "seller_approved", seller_id=first.id)
    notify.tell(session, [person.id], "person_password")
    assert queries.unseen_news(session, person.id, first.id) == 2
    assert queries.unseen_news(session, person.id, second.id) == 1
    notify.mark_seen(session, person.id, seller_id=second.id)
    assert queries.unseen_news(session, person.id, first.id) == 1
    assert len(queries.news_of(session, person.id, first.id, 1).rows) == 2


@pytest.mark.both
def test_old_news_can_be_put_aside(session: Session, noon: datetime):
    person = make_person(session)
    with clock.at(noon - timedelta(days=1)):
        notify.tell(session, [person.id], "seller_approved")
        session.flush()
    notify.tell(session, [person.id], "seller_approved")
    session.flush()
    notify.mark_seen(session, person.id, before=clock.today())
    assert queries.unseen_news(session, person.id, None) == 1


def test_the_words_hold_what_happened(app: Flask):
    with app.test_request_context("/"):
        told = news.words("seller_declined", {"reason": "Foto KTP kabur"})
        assert told == "Lapak Anda belum bisa dibuka: Foto KTP kabur"
        assert news.words("never heard of", {}) == "Ada kabar baru."
        assert "…" in news.words("seller_declined", {})


def test_every_kind_of_news_told_anywhere_has_words():
    """Kinds are lower-case constants or literals handed to `notify.tell`."""
    told = set()
    for path in ROOT.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "notify.tell(" in text or "_tell(" in text:
            told |= set(re.findall(r'^[A-Z_]+ = "([a-z]+_[a-z_]+)"', text, re.MULTILINE))
            told |= set(re.findall(r'tell\([^)]*?"([a-z]+_[a-z_]+)"', text, re.DOTALL))
    assert len(told) > 5
    assert told - set(news.WORDS) == set()


@pytest.mark.both
def test_the_same_event_is_told_once_and_the_transaction_goes_on(session: Session):
    one, other = make_person(session), make_person(session)
    notify.tell(session, [one.id], "seller_approved", event="e1")
    notify.tell(session, [one.id, other.id], "seller_approved", event="e1")
    notify.tell(session, [one.id], "seller_approved", event="e2")
    notify.tell(session, [one.id], "seller_approved", event="long " * 40)
    notify.tell(session, [one.id], "seller_approved", event="long " * 40)
    session.commit()
    assert queries.unseen_news(session, one.id, None) == 3
    assert queries.unseen_news(session, other.id, None) == 1


@pytest.mark.both
def test_a_send_for_each_way_a_person_has(session: Session):
    person = make_person(session)
    person.email, person.whatsapp_ok_at = "rohana@example.org", clock.now()
    for number, gone_at in enumerate((None, None, clock.now())):
        session.add(
            PushSubscription(
                person_id=person.id, endpoint=f"https://push.example/{number}",
                public_key="k", secret="s", gone_at=gone_at,
            )
        )  # fmt: skip
    for _ in range(2):
        notify.tell(session, [person.id], "order_new", event="e", buyer="Ani", number="X")
    notify.tell(session, [person.id], "person_password", event="e")
    session.commit()
    sends = session.scalars(select(NotificationSend)).all()
    assert sorted(send.channel for send in sends) == [
        "mail", "mail", "push", "push", "push", "push", "whatsapp",
    ]  # fmt: skip
    assert len(session.scalars(select(OutboxMessage)).all()) == len(sends)


@pytest.mark.both
def test_the_buyer_of_an_order_is_told_once_by_the_ways_she_agreed_to(session: Session):
    order = placed_order(session)
    order.buyer_email = "ani@example.org"
    order.whatsapp_ok_at = clock.now()
    for _ in range(2):
        notify.tell_buyer(session, order.id, "order_ready", event="e", number="X", seller="Y")
    session.commit()
    told = session.scalars(select(Notification).where(Notification.order_id == order.id)).all()
    assert [(one.kind, one.person_id) for one in told] == [("order_ready", None)]
    channels = session.scalars(select(NotificationSend.channel)).all()
    assert sorted(channels) == ["mail", "whatsapp"]


def test_every_template_of_whatsapp_has_words_and_only_gaps_that_are_told():
    for kind, template in TEMPLATES.items():
        text = str(news.WORDS[kind])
        assert set(template.gaps) == set(re.findall(r"%\((\w+)\)s", text)), kind
