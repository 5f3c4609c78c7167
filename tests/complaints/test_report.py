"""A buyer reports a problem once, and the money waits until it is solved or decided."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.complaints.models import Complaint, ComplaintEvent, ComplaintPhoto
from shop.complaints.report import MOST_PHOTOS, TooManyPhotos, report, withdraw
from shop.complaints.states import ComplaintKind
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.complete import complete, complete_due
from shop.orders.models import SellerOrderEvent
from tests.factories.complaints import SAID, answered_complaint, kept_photo, open_complaint
from tests.factories.orders import completed_part, handed_over_part, ready_part

pytestmark = pytest.mark.both
K = ComplaintKind


def test_what_is_reported_keeps_its_money_waiting(session: Session, noon: datetime):
    complaint = open_complaint(session)
    part = complaint.part
    assert (complaint.state, complaint.kind, complaint.text) == ("open", "spoiled", SAID)
    assert part.state == "disputed"
    with clock.at(noon + timedelta(days=9)):
        assert complete_due(session) == 0
    with pytest.raises(IllegalMove):
        complete(session, part.id, actor="buyer")
    assert balance(session, A.HELD, part.seller_id) == -30_000
    assert balance(session, A.PAYABLE, part.seller_id) == 0


def test_the_seller_is_told_where_to_read_it(session: Session):
    complaint = open_complaint(session)
    news = session.scalars(select(Notification).where(Notification.kind == "complaint_new")).one()
    assert news.link == f"/sell/orders/complaints/{complaint.id}"
    assert news.detail["number"] == complaint.part.order.number


def test_pressed_twice_is_reported_once(session: Session):
    part = handed_over_part(session)
    first, second = (report(session, part.id, key="k", kind=K.OTHER, text=SAID) for _ in range(2))
    assert first is second
    assert session.scalar(select(func.count()).select_from(Complaint)) == 1
    moves = select(func.count()).where(SellerOrderEvent.target == "disputed")
    assert session.scalar(moves) == 1


def test_a_key_is_worth_nothing_for_another_part(session: Session):
    parts = [handed_over_part(session), handed_over_part(session)]
    made = {report(session, p.id, key="k", kind=K.OTHER, text=SAID).id for p in parts}
    assert len(made) == 2


def test_a_second_report_meanwhile_is_refused(session: Session):
    complaint = open_complaint(session)
    with pytest.raises(IllegalMove):
        report(session, complaint.seller_order_id, key="other", kind=K.OTHER, text=SAID)
    session.add(
        Complaint(key="by hand", seller_order_id=complaint.seller_order_id, kind="other",
                  seller_id=complaint.seller_id, text=SAID)
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("stage", [ready_part, completed_part])
def test_only_what_is_handed_over_and_not_completed(session: Session, stage: object):
    part = stage(session)  # type: ignore[operator]
    before = part.state
    with pytest.raises(IllegalMove):
        report(session, part.id, key="k", kind=K.OTHER, text=SAID)
    assert part.state == before


@pytest.mark.parametrize("actor", ["seller", "clock"])
def test_nobody_else_reports_it(session: Session, actor: str):
    part = handed_over_part(session)
    with pytest.raises(IllegalMove):
        report(session, part.id, key="k", kind=K.OTHER, text=SAID, actor=actor)
    assert part.state == "handed_over"


def test_the_same_photo_counts_once_and_five_are_too_many(session: Session):
    part = handed_over_part(session)
    one = kept_photo(session)
    with pytest.raises(TooManyPhotos):
        report(session, part.id, key="k", kind=K.OTHER, text=SAID, pictures=["x"] * 5)
    assert MOST_PHOTOS == 4
    report(session, part.id, key="k", kind=K.OTHER, text=SAID, pictures=[one, one])
    assert session.scalars(select(ComplaintPhoto.position)).all() == [0]


@pytest.mark.parametrize("stage", [open_complaint, answered_complaint])
def test_solved_it_is_as_before_and_the_days_begin_anew(
    session: Session, noon: datetime, stage: object
):
    complaint = stage(session)  # type: ignore[operator]
    part = complaint.part
    with clock.at(noon + timedelta(days=2)):
        withdraw(session, complaint.id)
    assert (complaint.state, part.state) == ("withdrawn", "handed_over")
    with clock.at(noon + timedelta(days=5, seconds=-1)):
        assert complete_due(session) == 0
    with clock.at(noon + timedelta(days=5)):
        assert complete_due(session) == 1
    assert part.state == "completed"
    assert balance(session, A.PAYABLE, part.seller_id) == -30_000
    told = select(ComplaintEvent.actor).where(ComplaintEvent.target == "withdrawn")
    assert session.scalars(told).all() == ["buyer"]


def test_a_second_withdrawal_changes_nothing(session: Session):
    complaint = open_complaint(session)
    withdraw(session, complaint.id)
    handed_over = complaint.part.handed_over_at
    with pytest.raises(IllegalMove):
        withdraw(session, complaint.id)
    assert complaint.part.handed_over_at == handed_over


def test_what_was_withdrawn_can_be_reported_again(session: Session):
    complaint = open_complaint(session)
    withdraw(session, complaint.id)
    again = report(session, complaint.seller_order_id, key="new", kind=K.TOO_FEW, text=SAID)
    assert (again.state, again.part.state) == ("open", "disputed")
