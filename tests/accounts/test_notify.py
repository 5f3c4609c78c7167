"""News for people: kept, counted, seen, and mailed where mail is set up."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import mail_news, news, notify, queries
from shop.accounts.models import NotificationSend
from shop.core import clock
from shop.core.models import OutboxMessage
from tests.conftest import config_for
from tests.factories.people import make_person
from tests.factories.sellers import make_seller
from tests.stand_ins.smtp import SmtpStandIn

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


def test_news_is_mailed_once_to_who_has_an_address(app: Flask, session: Session, tmp_path: Path):
    person = make_person(session)
    person.email = "rohana@example.org"
    person.language = "en"
    notify.tell(session, [person.id], "seller_approved", link="/sell/more")
    session.commit()
    payload = session.scalars(select(OutboxMessage)).one().payload
    with SmtpStandIn() as server:
        config = config_for(
            tmp_path, "sqlite://", smtp_url=server.url, base_url="https://toko.example"
        )
        for _ in range(2):
            mail_news.mail(session, payload, config)
            session.commit()
    (letter,) = server.messages
    assert letter["To"] == "rohana@example.org"
    assert letter["Subject"] == "News from Pelantar"
    assert "Your stall is approved" in letter.get_content()
    assert "https://toko.example/sell/more" in letter.get_content()
    assert session.scalars(select(NotificationSend)).one().sent_at is not None


def test_without_mail_it_is_only_kept(app: Flask, session: Session, tmp_path: Path):
    person = make_person(session)
    person.email = "rohana@example.org"
    notify.tell(session, [person.id], "seller_approved")
    session.commit()
    payload = session.scalars(select(OutboxMessage)).one().payload
    mail_news.mail(session, payload, config_for(tmp_path, "sqlite://"))
    assert session.scalars(select(NotificationSend)).one().sent_at is None
