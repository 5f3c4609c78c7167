"""Staff write down what a buyer says on the telephone; it goes on as if she had reported it."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Notification, Role
from shop.complaints.models import Complaint, ComplaintPhoto
from shop.complaints.report import report
from shop.complaints.states import ComplaintKind
from shop.core.settings import default_settings
from shop.orders.models import SellerOrder, SellerOrderEvent
from tests.factories.complaints import SAID
from tests.factories.orders import completed_part, handed_over_part
from tests.factories.people import make_person, signed_in
from tests.photos import lively, saved

K = ComplaintKind


@pytest.fixture
def part(session: Session) -> SellerOrder:
    session.add(default_settings())
    part = handed_over_part(session)
    session.commit()
    return part


@pytest.fixture
def browser(app: Flask, session: Session, part: SellerOrder) -> FlaskClient:
    return signed_in(app, make_person(session, Role.MANAGER, name="Yani"))


def address(part: SellerOrder, more: str = "") -> str:
    return f"/staff/complaints/new/{part.id}{more}"


def typed(**fields: object) -> dict[str, object]:
    return {"key": "k", "kind": "spoiled", "text": SAID} | fields


@pytest.mark.both
def test_what_staff_report_waits_like_the_buyers_own(session: Session):
    part = handed_over_part(session)
    person = make_person(session, Role.MANAGER)
    first, second = (
        report(
            session, part.id, key="k", kind=K.OTHER, text=SAID, actor="staff", person_id=person.id
        )
        for _ in range(2)
    )
    assert first is second
    assert (first.state, part.state) == ("open", "disputed")
    moved = session.scalars(
        select(SellerOrderEvent).where(SellerOrderEvent.target == "disputed")
    ).one()
    assert (moved.actor, moved.person_id) == ("staff", person.id)
    line = session.scalars(select(AuditLine).where(AuditLine.action == "complaint.report")).one()
    assert line.person_id == person.id
    kinds = session.scalars(
        select(Notification.kind).where(Notification.kind.startswith("complaint_"))
    ).all()
    assert sorted(kinds) == ["complaint_new", "complaint_written_down"]


@pytest.mark.both
def test_a_buyer_who_reports_herself_is_not_told_so(session: Session):
    part = handed_over_part(session)
    report(session, part.id, key="k", kind=K.OTHER, text=SAID)
    told = select(func.count()).where(Notification.kind == "complaint_written_down")
    assert session.scalar(told) == 0


def test_from_the_orders_page_to_the_complaint(
    browser: FlaskClient, part: SellerOrder, session: Session
):
    assert address(part) in browser.get(f"/staff/orders/{part.order_id}").text
    assert part.order.buyer_name in browser.get(address(part)).text
    answer = browser.post(address(part), data=typed())
    complaint = session.scalars(select(Complaint)).one()
    assert answer.status_code == 303
    assert answer.location == f"/staff/complaints/{complaint.id}"
    assert SAID in browser.get(answer.location).text
    assert address(part) not in browser.get(f"/staff/orders/{part.order_id}").text


def test_a_photo_comes_along_and_is_private(
    browser: FlaskClient, client: FlaskClient, part: SellerOrder, session: Session
):
    photo = (saved(lively(800, 600), "JPEG"), "foto.jpg")
    sent = {"photos": [(BytesIO(photo[0]), photo[1])]}
    page = browser.post(address(part), data=typed(text="rusak") | sent)
    assert page.status_code == 422
    assert "paling sedikit tiga kata" in page.text
    assert re.search(r">\s*rusak</textarea>", page.text)
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page.text)
    assert browser.get(address(part, f"/photos/{kept}")).status_code == 200
    assert client.get(address(part, f"/photos/{kept}")).status_code in (302, 303)
    assert browser.post(address(part), data=typed(kept=kept)).status_code == 303
    assert session.scalars(select(ComplaintPhoto.position)).all() == [0]


def test_the_script_keeps_a_photo_before_the_rest_is_typed(browser: FlaskClient, part: SellerOrder):
    data = {"photos": [(BytesIO(saved(lively(800, 600), "JPEG")), "foto.jpg")]}
    answer = browser.post(address(part, "/photos"), data=data)
    (kept,) = answer.json["kept"]
    assert browser.get(kept["url"]).status_code == 200


def test_nothing_can_be_written_down_where_it_is_too_late(browser: FlaskClient, session: Session):
    part = completed_part(session)
    session.commit()
    assert 'name="kind"' not in browser.get(address(part)).text
    assert browser.post(address(part), data=typed()).status_code == 303
    assert session.scalars(select(Complaint)).all() == []


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.AUDITOR])
def test_who_cannot_undo_orders_cannot_write_it_down(
    app: Flask, session: Session, part: SellerOrder, role: Role
):
    other = signed_in(app, make_person(session, role))
    assert other.post(address(part), data=typed()).status_code == 403
    assert address(part) not in other.get(f"/staff/orders/{part.order_id}").text


def test_a_part_that_is_not_there_is_not_found(browser: FlaskClient, part: SellerOrder):
    gone = address(part).replace(part.id.hex[:8], "0" * 8)
    assert browser.get(gone).status_code == 404
