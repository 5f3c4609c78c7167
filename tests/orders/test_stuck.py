"""What no clock closes stands on a list, so that a person asks; it goes once the seller acts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.core import clock
from shop.core.settings import default_settings
from shop.orders.hand_over import hand_over, receive_cash
from shop.orders.queries_stuck import count_stuck, stuck
from shop.orders.ready import ready
from shop.payments.states import Method
from tests.factories.orders import accepted_part, handed_over_part, ready_part
from tests.factories.people import make_person, signed_in

pytestmark = pytest.mark.both
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def settings(session: Session) -> None:
    session.add(default_settings())
    session.flush()


def test_what_was_promised_for_a_day_long_past_is_asked_about(session: Session, noon: datetime):
    parts = [accepted_part(session), ready_part(session)]
    session.flush()
    with clock.at(noon + DAY):
        assert count_stuck(session) == 0
    with clock.at(noon + 2 * DAY):
        assert {part.id for part in stuck(session)} == {part.id for part in parts}
        ready(session, parts[0].id, None)
        for part in parts:
            hand_over(session, part.id, None)
        session.flush()
        assert count_stuck(session) == 0


def test_cash_that_nobody_writes_down_is_asked_about(session: Session, noon: datetime):
    part = handed_over_part(session, method=Method.CASH, cash_received=False)
    handed_over_part(session, method=Method.CASH)
    handed_over_part(session)
    session.flush()
    with clock.at(noon + 3 * DAY - timedelta(seconds=1)):
        assert count_stuck(session) == 0
    with clock.at(noon + 3 * DAY):
        assert [one.id for one in stuck(session)] == [part.id]
        receive_cash(session, part.id, None)
        session.flush()
        assert count_stuck(session) == 0


def test_the_list_tells_whom_to_ask_and_no_buyer(app: Flask, session: Session, noon: datetime):
    helper = make_person(session, Role.FACILITATOR)
    cash = handed_over_part(session, method=Method.CASH, cash_received=False)
    late = accepted_part(session)
    session.commit()
    with clock.at(noon + 4 * DAY):
        mine = signed_in(app, helper)
        page, desk = mine.get("/staff/unseen/stuck").text, mine.get("/staff").text
    assert "Tanya penjual: 2 pesanan macet" in page
    for part, words in ((cash, "uang tunainya belum dicatat"), (late, "belum diserahkan")):
        assert part.order.number in page
        assert f"https://wa.me/{part.seller.phone[1:]}?text=Halo%20" in page
        assert words in page
        assert part.order.buyer_name not in page
    assert 'href="/staff/unseen/stuck"' in desk
    assert "Tidak ada pesanan yang macet" in signed_in(app, helper).get("/staff/unseen/stuck").text
    assert signed_in(app, make_person(session)).get("/staff/unseen/stuck").status_code == 403
