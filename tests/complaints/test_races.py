"""Everybody presses at once: one complaint, one end, and no rupiah moves twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import Client

from shop.accounts.models import Role
from shop.check import check_all
from shop.complaints.models import Complaint, ComplaintPhoto
from shop.core.settings import default_settings
from shop.orders.models import SellerOrder, SellerOrderEvent
from shop.payments.models import Refund
from tests.complaints.test_pages import PHOTO, address, typed
from tests.complaints.test_staff_pages import decision
from tests.factories.complaints import open_complaint
from tests.factories.orders import handed_over_part
from tests.factories.people import make_person, signed_in

pytestmark = [pytest.mark.both, pytest.mark.slow]
AT_ONCE = 8


def at_once(presses: Sequence[Callable[[], int]]) -> Counter[int]:
    """How often each answer came."""
    with ThreadPoolExecutor(len(presses)) as pool:
        return Counter(pool.map(lambda press: press(), presses))


def test_one_form_pressed_by_many_taps_is_one_complaint(app: Flask, session: Session):
    session.add(default_settings())
    page = address(handed_over_part(session))
    session.commit()
    session.close()

    def press() -> int:
        return Client(app).post(page, data=typed(("1.jpg", PHOTO), key="one")).status_code

    assert at_once([press] * AT_ONCE) == {303: AT_ONCE}
    assert session.scalar(select(func.count()).select_from(Complaint)) == 1
    assert session.scalar(select(func.count()).select_from(ComplaintPhoto)) == 1
    disputed = select(func.count()).where(SellerOrderEvent.target == "disputed")
    assert session.scalar(disputed) == 1


def test_of_all_ends_at_once_one_is_the_end(app: Flask, session: Session):
    session.add(default_settings())
    complaint, manager = open_complaint(session), make_person(session, Role.MANAGER)
    staff, buyer = f"/staff/complaints/{complaint.id}/decide", address(complaint.part)
    forms = [
        decision(complaint, verdict="refuse"), decision(complaint, verdict="all"),
        decision(complaint, pieces="1"),
    ]  # fmt: skip
    known = signed_in(app, manager).get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert known is not None
    session.commit()
    session.close()

    def decide(form: dict[str, object]) -> int:
        browser = Client(app)
        browser.set_cookie(known.key, known.value)
        return browser.post(staff, data=form).status_code

    answers = at_once(
        [lambda form=form: decide(form) for form in forms * 2]  # type: ignore[misc]
        + [lambda: Client(app).post(f"{buyer}/withdraw").status_code] * 2
    )
    assert answers == {303: AT_ONCE}
    state, ended = session.execute(
        select(Complaint.state, SellerOrder.state).join(SellerOrder)
    ).one()
    refunds = session.scalar(select(func.count()).select_from(Refund))
    assert (state, ended, refunds) in {
        ("refused", "completed", 0), ("granted", "returned", 1), ("granted", "completed", 1),
        ("withdrawn", "handed_over", 0),
    }  # fmt: skip
    faults = [finding.line for finding in check_all(session, app.extensions["storage"])
              if finding.faults and "stock" not in finding.name]  # fmt: skip
    assert faults == []
