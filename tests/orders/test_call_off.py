"""A part that its seller does not answer in time is called off by the clock, to the second."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.core.settings import load_settings
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders import call_off
from shop.orders.accept import accept
from shop.orders.call_off import call_off_unanswered
from shop.orders.complete import complete_due
from shop.orders.models import SellerOrder, SellerOrderEvent
from shop.payments.expire import expire_due
from shop.payments.models import Payment, Refund
from shop.payments.settle import settle
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import handed_over_part, paid_order, payment_of, placed_order

pytestmark = pytest.mark.both
A_SECOND = timedelta(seconds=1)
HOURS = timedelta(hours=24)


def test_it_is_called_off_just_when_its_time_is_over(session: Session, noon: datetime):
    variant = offer(session, on_hand=5)
    part = paid_order(session, (variant, 2)).parts[0]
    assert part.answer_by == noon + HOURS
    with clock.at(noon + HOURS - A_SECOND):
        assert call_off_unanswered(session) == 0
    with clock.at(noon + HOURS):
        assert call_off_unanswered(session) == 1
        assert call_off_unanswered(session) == 0
    assert (part.state, variant.available) == ("cancelled", 5)
    assert session.scalars(select(Refund.amount)).one() == part.total
    assert balance(session, A.HELD, part.seller_id) == 0
    event = session.scalars(
        select(SellerOrderEvent).where(SellerOrderEvent.target == "cancelled")
    ).one()
    assert (event.actor, event.person_id, event.reason) == ("clock", None, "no_answer")
    kinds = set(session.scalars(select(Notification.kind)))
    assert {"order_unanswered", "part_not_answered"} <= kinds


def test_unpaid_cash_is_asked_for_no_more(session: Session, noon: datetime):
    part = placed_order(session, method=Method.CASH).parts[0]
    with clock.at(noon + HOURS):
        assert call_off_unanswered(session) == 1
    assert (part.state, session.scalars(select(Payment.state)).one()) == ("cancelled", "cancelled")
    assert session.scalars(select(Refund)).all() == []


def test_the_hours_count_from_when_it_became_work(session: Session, noon: datetime):
    order = placed_order(session)
    with clock.at(noon + timedelta(hours=20)):
        settle(session, payment_of(session, order).id, actor="staff", person_id=None)
    assert order.parts[0].answer_by == noon + timedelta(hours=44)


def test_the_hours_are_the_shops_own(session: Session, noon: datetime):
    settings = load_settings(session)
    session.add(settings)
    settings.unaccepted_hours = 2
    session.flush()
    part = paid_order(session).parts[0]
    assert part.answer_by == noon + timedelta(hours=2)


def test_what_is_answered_stays(session: Session, noon: datetime):
    part = paid_order(session).parts[0]
    accept(session, part.id, None)
    with clock.at(noon + 9 * HOURS):
        assert call_off_unanswered(session) == 0
    assert part.state == "accepted"


def test_what_was_called_off_cannot_be_accepted(session: Session, noon: datetime):
    part = paid_order(session).parts[0]
    with clock.at(noon + HOURS):
        call_off_unanswered(session)
        with pytest.raises(IllegalMove):
            accept(session, part.id, None)


def test_one_that_cannot_be_called_off_keeps_no_other(
    session: Session, noon: datetime, monkeypatch: pytest.MonkeyPatch
):
    first, second = (paid_order(session).parts[0] for _ in range(2))
    real = call_off.undo_part

    def fails(session: Session, part_id: object, *args: object) -> None:
        if part_id == first.id:
            raise RuntimeError("planted")
        real(session, part_id, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(call_off, "undo_part", fails)
    with clock.at(noon + HOURS):
        assert call_off_unanswered(session) == 1
    session.refresh(first)
    assert (first.state, second.state) == ("waiting", "cancelled")


def test_after_a_standstill_every_deadline_is_kept_once(session: Session, noon: datetime):
    """The shop was off for ten days; its jobs then run in any order, and again."""
    unpaid = placed_order(session).parts[0]
    unanswered = paid_order(session).parts[0]
    open_end = handed_over_part(session)
    with clock.at(noon + 10 * HOURS):
        for _ in range(2):
            complete_due(session)
            call_off_unanswered(session)
            expire_due(session)
    states = [
        session.get_one(SellerOrder, part.id).state for part in (unpaid, unanswered, open_end)
    ]
    assert states == ["expired", "cancelled", "completed"]
    assert session.scalar(select(func.count()).select_from(Refund)) == 1
