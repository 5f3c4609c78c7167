"""Staff find any order, see all of it, and call it off where their role allows it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Role
from shop.orders.cancel import cancel
from shop.orders.models import SellerOrder
from shop.payments.models import Refund
from tests.catalog.offered import offer
from tests.factories.orders import handed_over_part, paid_order, placed_order
from tests.factories.people import make_person, signed_in

pytestmark = pytest.mark.both


def test_orders_are_found_by_number_phone_and_name(app: Flask, session: Session):
    order = placed_order(session, name="Ratna Dewi")
    other = placed_order(session, name="Hendra")
    other.buyer_phone = "+6281999998888"
    session.commit()
    staff = signed_in(app, make_person(session, Role.AUDITOR))
    for words in (order.number[2:6], "ratna", "0812 3456", "+62812345"):
        page = staff.get("/staff/orders", query_string={"q": words}).text
        assert (order.number in page, other.number in page) == (True, False), words
    assert order.number in staff.get("/staff/orders?state=unpaid").text
    assert order.number not in staff.get("/staff/orders?state=completed").text
    assert "Tidak ada yang cocok" in staff.get("/staff/orders?q=100%25").text


def test_one_order_shows_everything(app: Flask, session: Session):
    order = paid_order(session, (offer(session, on_hand=5), 1), (offer(session, on_hand=5), 2))
    session.commit()
    page = signed_in(app, make_person(session, Role.AUDITOR)).get(f"/staff/orders/{order.id}").text
    for words in (order.number, "0812-3456-7890", "Menunggu penjual", "Sudah dibayar"):
        assert words in page
    assert "Batalkan" not in page


def test_staff_cancel_with_a_reason(app: Flask, session: Session):
    order = paid_order(session, (offer(session, on_hand=5), 1), (offer(session, on_hand=5), 2))
    part = order.parts[1]
    manager = make_person(session, Role.MANAGER)
    session.commit()
    staff = signed_in(app, manager)
    page = f"/staff/orders/{order.id}/cancel?part={part.id.hex}"
    assert staff.get(page).status_code == 200
    assert staff.post(page, data={"reason": ""}).status_code == 422
    for _ in range(2):
        assert staff.post(page, data={"reason": "Pembeli menelepon"}).status_code == 303
    session.expire_all()
    assert sorted(p.state for p in session.scalars(select(SellerOrder))) == ["cancelled", "waiting"]
    assert session.scalars(select(Refund.amount)).all() == [30_000]
    [line] = session.scalars(select(AuditLine).where(AuditLine.action == "order.cancel_part")).all()
    assert line.person_id == manager.id


def test_staff_cancel_an_unpaid_order(app: Flask, session: Session):
    order = placed_order(session)
    staff = signed_in(app, make_person(session, Role.MANAGER))
    staff.post(f"/staff/orders/{order.id}/cancel", data={"reason": "Salah pesan"})
    session.expire_all()
    assert order.parts[0].state == "cancelled"


def test_what_was_handed_over_stays(app: Flask, session: Session):
    part = handed_over_part(session)
    staff = signed_in(app, make_person(session, Role.MANAGER))
    page = f"/staff/orders/{part.order_id}/cancel"
    for late in (page, f"{page}?part={part.id.hex}"):
        for verb in ("GET", "POST"):
            answer = staff.open(late, method=verb, data={"reason": "Salah pesan"})
            assert answer.status_code == 303
            assert "Itu tidak bisa lagi" in staff.get(answer.location).text
    session.expire_all()
    assert part.state == "handed_over"


def test_who_may_not_cancel_is_told(app: Flask, session: Session):
    order = placed_order(session)
    session.commit()
    for role, sees in ((Role.AUDITOR, 200), (Role.FINANCE, 200), (Role.FACILITATOR, 403)):
        staff = signed_in(app, make_person(session, role))
        assert staff.get(f"/staff/orders/{order.id}").status_code == sees
        assert staff.post(f"/staff/orders/{order.id}/cancel").status_code == 403
    session.expire_all()
    assert order.parts[0].state == "unpaid"


def test_a_part_of_another_order_is_not_there(app: Flask, session: Session):
    order, other = placed_order(session), paid_order(session)
    part = other.parts[0]
    session.commit()
    staff = signed_in(app, make_person(session, Role.MANAGER))
    sent = {"reason": "x"}
    page = f"/staff/orders/{order.id}/cancel?part={part.id.hex}"
    assert staff.post(page, data=sent).status_code == 404
    assert staff.post(f"/staff/orders/{part.id}/cancel", data=sent).status_code == 404


def test_an_order_that_ended_unpaid_leads_to_where_its_money_is_recorded(
    app: Flask, session: Session
):
    order, paid = placed_order(session), paid_order(session)
    finance = make_person(session, Role.FINANCE)
    session.commit()
    staff = signed_in(app, finance)
    link = f"/staff/payments/expired?q={order.number}"
    assert link not in staff.get(f"/staff/orders/{order.id}").text
    cancel(session, order.id, actor="buyer", person_id=None)
    session.commit()
    assert link in staff.get(f"/staff/orders/{order.id}").text
    assert order.number in staff.get(link).text
    assert "/staff/payments/expired" not in staff.get(f"/staff/orders/{paid.id}").text
