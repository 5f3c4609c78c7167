"""A paid part is accepted, made and handed over, each once and by its seller."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.accept import accept
from shop.orders.hand_over import hand_over, receive_cash
from shop.orders.models import SellerOrderEvent
from shop.orders.ready import ready
from shop.payments.settle import AlreadySettled, settle
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import (
    accepted_part,
    handed_over_part,
    paid_order,
    payment_of,
    placed_order,
    ready_part,
)
from tests.factories.people import make_person

pytestmark = pytest.mark.both
Step = Callable[[Session, uuid.UUID, uuid.UUID | None], None]


def test_money_puts_the_parts_on_their_sellers_lists(session: Session):
    order = placed_order(session, (offer(session, on_hand=5), 1), (offer(session, on_hand=5), 1))
    settle(session, payment_of(session, order).id, actor="staff", person_id=None)
    assert [part.state for part in order.parts] == ["waiting", "waiting"]
    kinds = session.scalars(select(Notification.kind)).all()
    assert kinds == ["order_new", "order_new"]
    assert [balance(session, A.HELD, part.seller_id) for part in order.parts] == [-15_000, -15_000]


def test_days_to_make_count_from_the_money(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    session.get_one(Product, variant.product_id).lead_days = 3
    session.flush()
    order = placed_order(session, (variant, 1))
    with clock.at(noon + timedelta(hours=20)):
        settle(session, payment_of(session, order).id, actor="staff", person_id=None)
    assert order.parts[0].due_on == date(2026, 11, 29)


def test_each_step_is_kept_with_who_took_it(session: Session):
    rohana = make_person(session)
    part = paid_order(session).parts[0]
    accept(session, part.id, rohana.id)
    ready(session, part.id, rohana.id)
    hand_over(session, part.id, rohana.id)
    events = session.scalars(select(SellerOrderEvent).order_by(SellerOrderEvent.id)).all()
    assert [(event.source, event.target, event.actor) for event in events] == [
        ("unpaid", "waiting", "payment"), ("waiting", "accepted", "seller"),
        ("accepted", "ready", "seller"), ("ready", "handed_over", "seller"),
    ]  # fmt: skip
    assert {event.person_id for event in events[1:]} == {rohana.id}


@pytest.mark.parametrize(
    ("step", "stage"),
    [(accept, accepted_part), (ready, ready_part), (hand_over, handed_over_part)],
)
def test_no_step_is_taken_twice(session: Session, step: Step, stage: Callable[..., object]):
    part = stage(session)
    before = part.state
    with pytest.raises(IllegalMove):
        step(session, part.id, None)
    assert part.state == before


@pytest.mark.parametrize("step", [accept, ready, hand_over])
def test_nobody_works_on_what_is_not_paid(session: Session, step: Step):
    part = placed_order(session).parts[0]
    with pytest.raises(IllegalMove):
        step(session, part.id, None)
    assert part.state == "unpaid"


def test_pieces_leave_the_house_once(session: Session):
    variant = offer(session, on_hand=10)
    part = ready_part(session, (variant, 3))
    assert (variant.on_hand, variant.reserved) == (10, 3)
    hand_over(session, part.id, None)
    assert (variant.on_hand, variant.reserved) == (7, 0)
    with pytest.raises(IllegalMove):
        hand_over(session, part.id, None)
    assert session.scalars(select(Variant.on_hand)).one() == 7
    assert part.handed_over_at is not None


def test_cash_is_booked_as_it_is_handed_over(session: Session):
    part = handed_over_part(session, method=Method.CASH)
    assert balance(session, A.CASH, part.seller_id) == 30_000
    assert balance(session, A.HELD, part.seller_id) == -30_000
    assert part.state == "handed_over"


def test_cash_that_comes_later_is_booked_once(session: Session):
    part = handed_over_part(session, method=Method.CASH, cash_received=False)
    assert balance(session, A.CASH, part.seller_id) == 0
    receive_cash(session, part.id, None)
    with pytest.raises(AlreadySettled):
        receive_cash(session, part.id, None)
    assert balance(session, A.CASH, part.seller_id) == 30_000


def test_cash_taken_before_is_not_booked_again(session: Session):
    part = ready_part(session, method=Method.CASH)
    receive_cash(session, part.id, None)
    hand_over(session, part.id, None, cash_received=True)
    assert balance(session, A.CASH, part.seller_id) == 30_000


def test_no_cash_for_what_is_paid_otherwise_or_not_accepted(session: Session):
    for part in (ready_part(session), paid_order(session, method=Method.CASH).parts[0]):
        with pytest.raises(IllegalMove):
            receive_cash(session, part.id, None)
        assert balance(session, A.CASH, part.seller_id) == 0
