"""What nobody looked at in time goes to who can call, once, and goes away when seen or answered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification, Role
from shop.accounts.people import grant
from shop.core import clock
from shop.core.settings import default_settings
from shop.orders.accept import accept
from shop.orders.escalate import escalate_unseen
from shop.orders.mark_seen import mark_seen
from shop.orders.models import SellerOrder
from shop.orders.queries_unseen import count_unseen, unseen
from tests.factories.orders import paid_order, placed_order
from tests.factories.people import make_person, signed_in

pytestmark = pytest.mark.both
LATER = timedelta(hours=6)


@pytest.fixture
def part(session: Session, noon: datetime) -> SellerOrder:
    """Work since noon; its seller has six hours to look at it."""
    session.add(default_settings())
    part = paid_order(session).parts[0]
    session.commit()
    return part


def news(session: Session) -> list[Notification]:
    return list(session.scalars(select(Notification).where(Notification.kind == "order_unseen")))


def test_after_the_hours_it_is_escalated_once_and_staff_are_told_once(
    session: Session, part: SellerOrder, noon: datetime
):
    helper, manager, auditor = (make_person(session) for _ in range(3))
    for person, role in zip(
        (helper, manager, auditor), (Role.FACILITATOR, Role.MANAGER, Role.AUDITOR), strict=True
    ):
        grant(session, person.id, role, None)
    with clock.at(noon + LATER - timedelta(seconds=1)):
        assert escalate_unseen(session) == 0
    with clock.at(noon + LATER):
        assert escalate_unseen(session) == 1
        assert escalate_unseen(session) == 0
    session.expire_all()
    assert part.escalated_at == noon + LATER
    assert {one.person_id for one in news(session)} == {helper.id, manager.id}
    assert news(session)[0].detail == {"number": part.order.number, "seller": part.seller.name}
    assert [one.id for one in unseen(session)] == [part.id]


def test_the_hours_count_from_when_it_became_work_not_from_when_it_was_ordered(
    session: Session, noon: datetime
):
    session.add(default_settings())
    with clock.at(noon - timedelta(hours=20)):
        placed_order(session)
    with clock.at(noon + LATER):
        assert escalate_unseen(session) == 0


@pytest.mark.parametrize("act", ["seen", "answered"])
def test_what_is_seen_or_answered_is_not_escalated_and_leaves_the_list(
    session: Session, part: SellerOrder, noon: datetime, act: str
):
    def act_on(one: SellerOrder) -> None:
        if act == "seen":
            mark_seen(session, one.id)
        else:
            accept(session, one.id, None)

    other = paid_order(session).parts[0]
    act_on(other)
    with clock.at(noon + LATER):
        assert escalate_unseen(session) == 1
        assert count_unseen(session) == 1
        act_on(part)
        session.flush()
        assert count_unseen(session) == 0
        assert list(unseen(session)) == []


def test_the_list_tells_whom_to_call_until_when_and_no_buyer(
    app: Flask, session: Session, part: SellerOrder, noon: datetime
):
    helper = make_person(session, Role.FACILITATOR)
    with clock.at(noon + LATER):
        escalate_unseen(session)
    session.commit()
    number, phone, buyer = part.order.number, part.seller.phone, part.order.buyer_name
    mine = signed_in(app, helper)
    with clock.at(noon + LATER):
        page = mine.get("/staff/unseen").text
    assert "Telepon: 1 pesanan belum dilihat" in page
    assert number in page
    assert f'href="tel:{phone}"' in page
    assert f"https://wa.me/{phone[1:]}?text=Halo%20" in page
    assert "18 jam lagi" in page
    assert buyer not in page
    mark_seen(session, part.id)
    session.commit()
    assert "Semua pesanan sudah dilihat" in mine.get("/staff/unseen").text
    assert signed_in(app, make_person(session)).get("/staff/unseen").status_code == 403
