"""A secret link can be replaced; whoever holds the old one is shut out at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import notify, readers, sending
from shop.accounts.models import AuditLine, Notification, Role
from shop.accounts.words_messages import whatsapp_link
from shop.core import ids, outbox
from shop.orders import new_link
from shop.orders.models import Order
from tests.catalog.offered import offer
from tests.conftest import config_for
from tests.factories.orders import handed_over_part, placed_order
from tests.factories.people import make_person, signed_in
from tests.orders.pages import put_in, ready_to_place
from tests.stand_ins.smtp import SmtpStandIn

pytestmark = pytest.mark.both


def token_of(session: Session, order: Order) -> str:
    session.rollback()
    session.refresh(order)
    return order.token


def test_the_page_shows_the_link_and_asks_before_it_makes_another(
    session: Session, client: FlaskClient
):
    order = placed_order(session)
    session.commit()
    old = order.token
    assert f"/o/{old}/link" in client.get(f"/o/{old}").text
    page = client.get(f"/o/{old}/link")
    assert f'value="http://localhost/o/{old}"' in page.text
    assert "<svg" in page.text
    assert "Ya, buat tautan baru" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'content="noindex, nofollow"' in page.text
    assert token_of(session, order) == old


def test_a_new_link_kills_the_old_one(session: Session, client: FlaskClient):
    part = handed_over_part(session)
    order, old = part.order, part.order.token
    session.commit()
    answer = client.post(f"/o/{old}/link")
    fresh = token_of(session, order)
    assert fresh != old
    assert answer.location == f"/o/{fresh}"
    assert "Tautan yang lama sudah tidak bisa dibuka." in client.get(f"/o/{fresh}").text
    for path in ("", "/link", "/cancel", "/receipt"):
        assert client.get(f"/o/{old}{path}").status_code == 404
    for path in ("/link", "/cancel", "/claim", f"/{part.id}/received"):
        assert client.post(f"/o/{old}{path}").status_code == 404
    session.refresh(part)
    assert part.state == "handed_over"
    assert token_of(session, order) == fresh
    found = client.post("/lacak", data={"number": order.number, "phone": "0812-3456-7890"})
    assert found.location == f"/o/{fresh}"


def test_twice_with_the_old_one_does_nothing(session: Session):
    order = placed_order(session)
    old = order.token
    fresh = new_link.renew(session, old)
    with pytest.raises(new_link.LinkGone):
        new_link.renew(session, old)
    session.refresh(order)
    assert order.token == fresh


def test_the_browser_that_ordered_still_finds_its_order(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    session.commit()
    put_in(client, (variant, 1))
    placed = client.post("/checkout", data=ready_to_place(client)).location
    fresh = client.post(f"{placed}/link").location
    assert client.get("/checkout").location == fresh != placed


def test_staff_shut_out_who_has_it_and_never_see_the_new_one(session: Session, app: Flask):
    order, manager = placed_order(session), make_person(session, Role.MANAGER)
    old, staff = order.token, signed_in(app, manager)
    at = f"/staff/orders/{order.id}/link"
    assert at in staff.get(f"/staff/orders/{order.id}").text
    assert "Ya, buat tautan baru" in staff.get(at).text
    assert token_of(session, order) == old
    answer = staff.post(at)
    fresh = token_of(session, order)
    assert (answer.status_code, answer.location) == (303, f"{at}?done=1")
    page = staff.get(f"{at}?done=1")
    assert token_of(session, order) == fresh
    assert fresh != old
    assert fresh not in page.text
    assert re.search(r"https://wa\.me/6281234567890\?text=[^\"]*lacak", page.text)
    assert staff.get(f"/o/{old}").status_code == 404
    (line,) = session.scalars(select(AuditLine).where(AuditLine.action == "order.new_link"))
    assert (line.person_id, line.thing_id) == (manager.id, str(order.id))


@pytest.mark.parametrize("role", [None, Role.FACILITATOR, Role.FINANCE, Role.AUDITOR])
def test_others_may_not(session: Session, app: Flask, role: Role | None):
    order, person = placed_order(session), make_person(session, *filter(None, [role]))
    old, browser = order.token, signed_in(app, person)
    for ask in (browser.get, browser.post):
        assert ask(f"/staff/orders/{order.id}/link").status_code == 403
    assert token_of(session, order) == old


def test_what_is_not_there_has_no_link(session: Session, app: Flask, client: FlaskClient):
    staff = signed_in(app, make_person(session, Role.ADMIN))
    for path in (f"/staff/orders/{ids.new_id()}/link",):
        assert staff.get(path).status_code == staff.post(path).status_code == 404
    for ask in (client.get, client.post):
        assert ask(f"/o/{ids.new_token()}/link").status_code == 404


def test_mails_that_wait_lead_by_the_new_link(session: Session, tmp_path: Path):
    order = placed_order(session)
    order.buyer_email, old = "ani@example.org", order.token
    notify.tell_buyer(
        session, order.id, "order_ready", event="e", link=f"/o/{old}", number="X", seller="Y"
    )
    session.commit()
    fresh = new_link.renew(session, old)
    session.commit()
    with SmtpStandIn() as smtp:
        config = config_for(
            tmp_path, "sqlite://", smtp_url=smtp.url, base_url="https://toko.example"
        )
        outbox.drain(session, {notify.SEND: lambda s, p: sending.send(s, p, config)})
        (letter,) = smtp.messages
    text = letter.get_body(["plain"])
    assert text is not None
    assert f"https://toko.example/o/{fresh}" in text.get_content()
    assert old not in letter.as_string()


def test_the_news_of_a_buyer_who_signs_in_leads_by_the_new_link(session: Session):
    order, buyer = placed_order(session), make_person(session)
    order.buyer_id = buyer.id
    for link in (f"/o/{order.token}", "/l/other"):
        notify.tell(
            session, [buyer.id], "standing_placed", event=link, link=link, name="X", day="Y"
        )
    fresh = new_link.renew(session, order.token)
    links = session.scalars(select(Notification.link).order_by(Notification.link)).all()
    assert sorted(links) == sorted(["/l/other", f"/o/{fresh}"])


def test_staff_who_send_by_hand_do_not_see_the_new_link(session: Session):
    order = placed_order(session)
    notify.tell_buyer(
        session,
        order.id,
        "order_ready",
        event="e",
        link=f"/o/{order.token}",
        number="X",
        seller="Y",
    )
    told = session.scalars(select(Notification)).one()
    before = whatsapp_link(told, readers.buyer(session, order.id), "https://toko.example")
    assert order.token in before
    new_link.revoke(session, order.id, person_id=make_person(session).id)
    after = whatsapp_link(told, readers.buyer(session, order.id), "https://toko.example")
    assert "toko.example/lacak" in after
    assert order.token not in after
