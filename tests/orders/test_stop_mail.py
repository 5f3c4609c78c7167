"""A buyer stops mail about her orders: by her mail program's button, or from a letter's foot."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.accounts import notify, sending
from shop.accounts.leave_mail import address_for, order_of
from shop.core import ids, outbox
from shop.orders.models import Order
from shop.orders.stop_mail import stop_mail
from tests.conftest import config_for
from tests.factories.orders import placed_order
from tests.factories.people import make_person
from tests.stand_ins.smtp import SmtpStandIn

pytestmark = pytest.mark.both
SECRET = "a secret of the test"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def order(session: Session) -> Order:
    order = placed_order(session)
    order.buyer_email = "ani@example.org"
    session.commit()
    return order


def path_for(app: Flask, order: Order, language: str = "id") -> str:
    return address_for("", str(app.secret_key), order.id, language)


def letter_for(session: Session, tmp_path: Path, base_url: str = "https://toko.example") -> object:
    with SmtpStandIn() as smtp:
        config = config_for(tmp_path, "sqlite://", smtp_url=smtp.url, base_url=base_url)
        outbox.drain(session, {notify.SEND: lambda s, p: sending.send(s, p, config)})
        return smtp.messages


def tell(session: Session, order: Order, event: str = "e") -> None:
    notify.tell_buyer(
        session, order.id, "order_ready", event=event, link=f"/o/{order.token}",
        number="X", seller="Y",
    )  # fmt: skip
    session.commit()


def test_a_letter_names_where_to_stop_it(session: Session, order: Order, tmp_path: Path):
    tell(session, order)
    with SmtpStandIn() as smtp:
        config = config_for(
            tmp_path, "sqlite://", smtp_url=smtp.url, base_url="https://toko.example"
        )
        outbox.drain(session, {notify.SEND: lambda s, p: sending.send(s, p, config)})
        (letter,) = smtp.messages
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = "".join(letter["List-Unsubscribe"].split()).strip("<>")
    assert leave.startswith("https://toko.example/mail/")
    assert order_of(config.secret_key, leave.rpartition("/")[2]) == order.id
    assert order.token not in leave
    text = letter.get_body(["plain"])
    assert text is not None
    assert leave in text.get_content().replace("=\n", "")


def test_one_click_stops_what_waits_and_what_comes(
    app: Flask, session: Session, client: FlaskClient, order: Order, tmp_path: Path
):
    tell(session, order)
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = client.post(path_for(app, order), data=ONE_CLICK, headers=headers)
        assert answer.status_code == 200
        assert "Tidak ada email lagi" in answer.text
    session.expire_all()
    assert order.buyer_email is None
    assert letter_for(session, tmp_path) == []
    tell(session, order, "later")
    assert letter_for(session, tmp_path) == []


def test_looking_at_the_page_stops_nothing(
    app: Flask, session: Session, client: FlaskClient, order: Order
):
    page = client.get(path_for(app, order))
    assert "Ya, berhenti" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Stop receiving" in client.get(path_for(app, order, "en")).text
    session.expire_all()
    assert order.buyer_email == "ani@example.org"


def test_a_forged_address_is_not_found(app: Flask, client: FlaskClient, order: Order):
    right = path_for(app, order)
    forged = address_for("", SECRET, order.id, "id")
    for path in (right[:-1], forged, "/mail/x", f"/mail/{order.token}"):
        assert client.get(path).status_code == 404
        assert client.post(path, data=ONE_CLICK).status_code == 404
    assert order_of(SECRET, urlsplit(forged).path.rpartition("/")[2]) == order.id


def test_it_stops_for_all_her_orders_and_for_nobody_elses(session: Session, order: Order):
    more, other = placed_order(session), placed_order(session)
    for one in (more, other):
        one.buyer_email = order.buyer_email
    other.buyer_phone = "+6281299998888"
    session.flush()
    assert stop_mail(session, order.id)
    assert not stop_mail(session, order.id)
    assert not stop_mail(session, ids.new_id())
    session.expire_all()
    assert [one.buyer_email for one in (order, more, other)] == [None, None, "ani@example.org"]


def test_people_with_an_account_do_it_there(session: Session, tmp_path: Path):
    person = make_person(session)
    person.email = "rohana@example.org"
    notify.tell(session, [person.id], "seller_approved", event="e")
    session.commit()
    with SmtpStandIn() as smtp:
        config = config_for(tmp_path, "sqlite://", smtp_url=smtp.url)
        outbox.drain(session, {notify.SEND: lambda s, p: sending.send(s, p, config)})
        (letter,) = smtp.messages
    assert letter["List-Unsubscribe"] is None
