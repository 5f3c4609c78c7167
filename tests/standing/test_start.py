"""Beginning and changing a standing order: days, sums, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.orders.place_order import ChangeKind
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.standing.change import change
from shop.standing.models import StandingEvent, StandingOrder, StandingRun
from shop.standing.pause import end, pause, resume
from shop.standing.run import run_due
from shop.standing.skip import coming, left_out, skip, take_in
from shop.standing.start import EndsTooSoon, Impossible, InThePast, start
from shop.standing.states import StandingState
from tests.catalog.offered import offer
from tests.factories.orders import IN_TOWN
from tests.factories.people import make_person
from tests.factories.sellers import make_seller
from tests.factories.standing import day, standing_order, wanted

pytestmark = pytest.mark.both


def test_the_first_day_is_the_first_such_weekday_in_good_time(session: Session, noon: datetime):
    """It is Wednesday: tomorrow is too soon, and a thing of three days needs five."""
    variant = offer(session, on_hand=None)
    assert standing_order(session, (variant, 2)).next_on == day(12, 3)
    assert standing_order(session, (variant, 2), weekday=4).next_on == day(11, 27)
    variant.product.lead_days = 3
    assert standing_order(session, (variant, 2), weekday=4).next_on == day(12, 4)
    assert standing_order(session, (variant, 2), weekday=0).next_on == day(11, 30)
    assert standing_order(session, (variant, 2), starts_on=day(12, 31)).next_on == day(12, 31)


def test_the_seller_is_told_once_and_the_same_form_makes_one(session: Session, noon: datetime):
    owner = make_person(session)
    variant = offer(session, make_seller(session, owner=owner), on_hand=None)
    first = standing_order(session, (variant, 2), key="form")
    assert standing_order(session, (variant, 2), key="form") is first
    assert session.scalar(select(func.count()).select_from(StandingOrder)) == 1
    told = session.scalars(select(Notification).where(Notification.person_id == owner.id)).all()
    assert [one.kind for one in told] == ["standing_new"]
    assert first.agreed == 30_000
    assert [(line.variant_id, line.quantity) for line in first.lines] == [(variant.id, 2)]


def test_what_cannot_be_is_refused(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    other = offer(session, on_hand=None)
    with pytest.raises(Impossible) as told:
        start(session, wanted((variant, 2)), key="a", agreed=29_999)
    assert told.value.changes[0].kind is ChangeKind.TOTAL
    with pytest.raises(InThePast):
        standing_order(session, (variant, 1), starts_on=day(11, 24))
    with pytest.raises(EndsTooSoon) as soon:
        standing_order(session, (variant, 1), ends_on=day(12, 2))
    assert soon.value.first == day(12, 3)
    with pytest.raises(Impossible):  # of another seller
        standing_order(session, (variant, 1), (other, 1))
    with pytest.raises(Impossible):  # more than one order may hold
        standing_order(session, (variant, 51))
    with pytest.raises(Impossible):  # she does not go there
        standing_order(
            session, (variant, 1), delivery_kind=DeliveryKind.DELIVERY, kelurahan_code=None
        )
    for wrong in (
        {"method": Method.CARD},
        {"delivery_kind": DeliveryKind.ARRANGED},
        {"weekday": 7},
        {"lines": ((variant.id, 0),)},
        {"lines": ()},
        {"lines": ((variant.id, 1), (variant.id, 1))},
    ):
        with pytest.raises(ValueError, match=r".+"):
            standing_order(session, (variant, 1), **wrong)
    with pytest.raises(ValueError, match="key"):
        standing_order(session, (variant, 1), key="x" * 41)
    assert session.scalar(select(func.count()).select_from(StandingOrder)) == 0


def test_sold_out_today_does_not_keep_anybody_from_ordering_for_later(
    session: Session, noon: datetime
):
    assert standing_order(session, (offer(session, on_hand=0), 2)).agreed == 30_000


def test_delivery_is_in_the_agreed_sum(session: Session, noon: datetime):
    found = standing_order(
        session, (offer(session, on_hand=None), 2),
        delivery_kind=DeliveryKind.DELIVERY, kelurahan_code=IN_TOWN, address="Jl. Pramuka 12",
    )  # fmt: skip
    assert found.agreed == 40_000


def test_a_week_has_one_order_also_after_its_day_was_changed(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    standing = standing_order(session, (variant, 2), weekday=4)
    assert run_due(session) == 1  # for Friday, 27 November
    change(session, standing.id, wanted((variant, 3), weekday=6), agreed=45_000)
    session.refresh(standing)
    assert (standing.weekday, standing.next_on) == (6, day(12, 6))  # not Sunday, the 29th
    assert [line.quantity for line in standing.lines] == [3]
    assert standing.agreed == 45_000


def test_a_change_needs_the_sum_of_now_and_something_that_runs(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    standing = standing_order(session, (variant, 2))
    with pytest.raises(Impossible):
        change(session, standing.id, wanted((variant, 3)), agreed=30_000)
    with pytest.raises(IllegalMove):
        change(session, standing.id, wanted((offer(session, on_hand=None), 1)), agreed=15_000)
    with pytest.raises(EndsTooSoon):
        change(session, standing.id, wanted((variant, 3), ends_on=day(11, 30)), agreed=45_000)
    end(session, standing.id, actor="buyer", person_id=None)
    with pytest.raises(IllegalMove):
        change(session, standing.id, wanted((variant, 3)), agreed=45_000)


def test_pausing_going_on_and_ending(session: Session, noon: datetime):
    standing = standing_order(session, (offer(session, on_hand=None), 2))
    pause(session, standing.id, actor="buyer", person_id=None)
    assert standing.state == StandingState.PAUSED
    with pytest.raises(IllegalMove):
        pause(session, standing.id, actor="buyer", person_id=None)
    with pytest.raises(IllegalMove):  # only who ordered goes on
        resume(session, standing.id, actor="seller", person_id=None)
    resume(session, standing.id, actor="buyer", person_id=None)
    assert (standing.state, standing.next_on) == (StandingState.ACTIVE, day(12, 3))
    end(session, standing.id, actor="seller", person_id=None, reason="Cuti melahirkan")
    for act in (pause, end):
        with pytest.raises(IllegalMove):
            act(session, standing.id, actor="staff", person_id=None)
    with pytest.raises(IllegalMove):
        resume(session, standing.id, actor="buyer", person_id=None)
    moves = session.scalars(select(StandingEvent).order_by(StandingEvent.id)).all()
    assert [(m.target, m.actor, m.reason) for m in moves] == [
        ("paused", "buyer", None),
        ("active", "buyer", None),
        ("ended", "seller", "Cuti melahirkan"),
    ]


def test_a_week_left_out_is_taken_in_again(session: Session, noon: datetime):
    standing = standing_order(session, (offer(session, on_hand=None), 2), ends_on=day(12, 17))
    for skipped in (day(12, 3), day(12, 10)):
        skip(session, standing.id, skipped)
    assert standing.next_on == day(12, 17)
    assert left_out(session, standing) == [day(12, 3), day(12, 10)]
    take_in(session, standing.id, day(12, 3))
    assert coming(session, standing) == [day(12, 3), day(12, 17)]
    assert left_out(session, standing) == [day(12, 10)]
    for wrong in (day(12, 3), day(12, 17), day(12, 4)):
        with pytest.raises(IllegalMove):
            take_in(session, standing.id, wrong)
    with clock.at(noon + timedelta(days=7)):
        assert run_due(session) == 1
    runs = session.scalars(select(StandingRun).order_by(StandingRun.due_on)).all()
    assert [(run.due_on, run.outcome) for run in runs] == [
        (day(12, 3), "placed"), (day(12, 10), "skipped"),
    ]  # fmt: skip
    with pytest.raises(IllegalMove):
        take_in(session, standing.id, day(12, 3))


def test_it_is_not_taken_in_too_late_or_while_paused(session: Session, noon: datetime):
    standing = standing_order(session, (offer(session, on_hand=None), 2))
    skip(session, standing.id, day(12, 3))
    with clock.at(noon + timedelta(days=8)):
        assert left_out(session, standing) == []
        with pytest.raises(IllegalMove):
            take_in(session, standing.id, day(12, 3))
    pause(session, standing.id, actor="buyer", person_id=None)
    with pytest.raises(IllegalMove):
        take_in(session, standing.id, day(12, 3))


def test_a_week_left_out(session: Session, noon: datetime):
    standing = standing_order(session, (offer(session, on_hand=None), 2), ends_on=day(12, 17))
    assert coming(session, standing) == [day(12, 3), day(12, 10), day(12, 17)]
    skip(session, standing.id, day(12, 10))
    assert coming(session, standing) == [day(12, 3), day(12, 17)]
    assert standing.next_on == day(12, 3)
    skip(session, standing.id, day(12, 3))
    assert standing.next_on == day(12, 17)
    for wrong in (day(12, 3), day(12, 4), day(12, 24)):
        with pytest.raises(IllegalMove):
            skip(session, standing.id, wrong)
    skip(session, standing.id, day(12, 17))
    assert coming(session, standing) == []
    assert standing.next_on == day(12, 24)
    end(session, standing.id, actor="buyer", person_id=None)
    with pytest.raises(IllegalMove):
        skip(session, standing.id, day(12, 24))
