"""What is declined, cancelled or expired gives its pieces and its money back, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.accept import accept
from shop.orders.cancel import cancel, cancel_part
from shop.orders.decline import NoReason, decline
from shop.orders.models import OrderLine, SellerOrder, SellerOrderEvent
from shop.payments.expire import expire_due
from shop.payments.models import Payment, Refund
from shop.payments.settle import claim, settle
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import (
    accepted_part,
    paid_order,
    payment_of,
    placed_order,
    ready_part,
)

pytestmark = pytest.mark.both
WHY = "Ikan tenggiri tidak ada hari ini"
A_DAY = timedelta(hours=24)
Stage = Callable[[Session], SellerOrder]


def refunds(session: Session) -> list[int]:
    return list(session.scalars(select(Refund.amount).order_by(Refund.amount)))


def test_declining_a_paid_part_makes_its_money_due_back(session: Session):
    variant, other = offer(session, on_hand=5), offer(session, on_hand=5)
    order = paid_order(session, (variant, 2), (other, 1))
    part, stays = order.parts
    decline(session, part.id, None, f" {WHY} ")
    assert (part.state, stays.state) == ("declined", "waiting")
    assert (variant.reserved, other.reserved) == (0, 1)
    assert refunds(session) == [30_000]
    assert balance(session, A.HELD, part.seller_id) == 0
    assert balance(session, A.HELD, stays.seller_id) == -15_000
    assert balance(session, A.REFUNDS) == -30_000
    assert session.scalar(select(func.sum(Account.balance))) == 0
    lines = select(OrderLine.quantity, OrderLine.cancelled).order_by(OrderLine.quantity)
    assert session.execute(lines).all() == [(1, 0), (2, 2)]
    told = select(SellerOrderEvent.reason).where(SellerOrderEvent.target == "declined")
    assert session.scalars(told).one() == WHY


def test_declining_a_cash_part_asks_for_no_money(session: Session):
    part = placed_order(session, method=Method.CASH).parts[0]
    decline(session, part.id, None, WHY)
    assert refunds(session) == []
    assert session.scalars(select(Payment.state)).one() == "cancelled"
    assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_declining_twice_gives_back_once(session: Session):
    variant = offer(session, on_hand=5)
    part = paid_order(session, (variant, 2)).parts[0]
    decline(session, part.id, None, WHY)
    with pytest.raises(IllegalMove):
        decline(session, part.id, None, WHY)
    assert refunds(session) == [30_000]
    assert variant.available == 5


def test_no_part_is_declined_without_a_word(session: Session):
    part = paid_order(session).parts[0]
    with pytest.raises(NoReason):
        decline(session, part.id, None, "  ")
    assert part.state == "waiting"


def test_what_was_accepted_its_buyer_cannot_cancel(session: Session):
    part = accepted_part(session)
    with pytest.raises(IllegalMove):
        cancel_part(session, part.id, actor="buyer", person_id=None)
    with pytest.raises(IllegalMove):
        cancel(session, part.order_id, actor="buyer", person_id=None)
    assert part.state == "accepted"
    assert refunds(session) == []


def test_what_is_ready_its_seller_cannot_decline(session: Session):
    part = ready_part(session)
    with pytest.raises(IllegalMove):
        decline(session, part.id, None, WHY)
    assert part.state == "ready"


@pytest.mark.parametrize("stage", [accepted_part, ready_part])
def test_staff_cancel_what_is_not_handed_over_yet(session: Session, stage: Stage):
    part = stage(session)
    cancel(session, part.order_id, actor="staff", person_id=None, reason=WHY)
    assert part.state == "cancelled"
    assert refunds(session) == [part.total]
    assert balance(session, A.HELD, part.seller_id) == 0
    with pytest.raises(IllegalMove):
        cancel(session, part.order_id, actor="staff", person_id=None, reason=WHY)
    assert refunds(session) == [part.total]


def test_an_accepted_part_can_still_be_declined(session: Session):
    part = accepted_part(session)
    decline(session, part.id, None, WHY)
    assert (part.state, refunds(session)) == ("declined", [part.total])


def test_an_unpaid_order_is_cancelled_as_a_whole(session: Session):
    one, two = offer(session, on_hand=5), offer(session, on_hand=5)
    order = placed_order(session, (one, 1), (two, 2))
    with pytest.raises(IllegalMove):
        cancel_part(session, order.parts[0].id, actor="buyer", person_id=None)
    cancel(session, order.id, actor="buyer", person_id=None)
    assert [part.state for part in order.parts] == ["cancelled", "cancelled"]
    assert (one.reserved, two.reserved) == (0, 0)
    assert payment_of(session, order).state == "cancelled"
    assert refunds(session) == []
    with pytest.raises(IllegalMove):
        cancel(session, order.id, actor="buyer", person_id=None)


def test_a_paid_order_is_cancelled_with_all_its_money(session: Session):
    one, two = offer(session, on_hand=5), offer(session, on_hand=5)
    order = paid_order(session, (one, 1), (two, 2))
    cancel(session, order.id, actor="buyer", person_id=None)
    assert refunds(session) == [15_000, 30_000]
    assert (one.reserved, two.reserved) == (0, 0)
    assert balance(session, A.REFUNDS) == -45_000
    assert session.scalar(select(func.sum(Account.balance))) == 0
    kinds = session.scalars(select(Notification.kind).order_by(Notification.kind)).all()
    assert kinds == ["money_back"] * 2 + ["order_cancelled"] * 2 + ["order_new"] * 2


def test_a_whole_order_is_not_cancelled_once_one_part_has_begun(session: Session):
    order = paid_order(session, (offer(session, on_hand=5), 1), (offer(session, on_hand=5), 2))
    begun, waits = order.parts
    accept(session, begun.id, None)
    with pytest.raises(IllegalMove):
        cancel(session, order.id, actor="buyer", person_id=None)
    assert waits.state == "waiting"
    cancel_part(session, waits.id, actor="buyer", person_id=None)
    assert (begun.state, waits.state) == ("accepted", "cancelled")
    assert refunds(session) == [waits.total]


def test_a_buyer_who_says_she_paid_waits_for_staff(session: Session):
    order = placed_order(session)
    claim(session, payment_of(session, order).id)
    with pytest.raises(IllegalMove), session.begin_nested():
        cancel(session, order.id, actor="buyer", person_id=None)
    session.expire_all()
    assert order.parts[0].state == "unpaid"
    cancel(session, order.id, actor="staff", person_id=None, reason="Pembeli menelepon")
    assert order.parts[0].state == "cancelled"


def test_what_nobody_paid_ends_and_frees_its_pieces_once(session: Session, noon: datetime):
    variant = offer(session, on_hand=5)
    order = placed_order(session, (variant, 2))
    with clock.at(noon + A_DAY - timedelta(seconds=1)):
        assert expire_due(session) == 0
    with clock.at(noon + A_DAY):
        assert expire_due(session) == 1
        assert expire_due(session) == 0
    assert order.parts[0].state == "expired"
    assert variant.available == 5


def test_cash_orders_do_not_run_out(session: Session, noon: datetime):
    part = placed_order(session, method=Method.CASH).parts[0]
    with clock.at(noon + 9 * A_DAY):
        assert expire_due(session) == 0
    assert part.state == "waiting"


def test_late_money_takes_the_order_back(session: Session, noon: datetime):
    variant = offer(session, on_hand=2)
    order = placed_order(session, (variant, 2))
    payment = payment_of(session, order)
    with clock.at(noon + 2 * A_DAY):
        expire_due(session)
        assert settle(session, payment.id, actor="staff", person_id=None) == "settled"
    part = order.parts[0]
    assert part.state == "waiting"
    assert variant.available == 0
    assert part.due_on == clock.local_day(noon + 2 * A_DAY)
    assert balance(session, A.HELD, part.seller_id) == -30_000
    decline(session, part.id, None, WHY)
    assert variant.available == 2
    assert refunds(session) == [30_000]


def test_late_money_goes_back_where_the_goods_are_gone(session: Session, noon: datetime):
    variant = offer(session, on_hand=2)
    order = placed_order(session, (variant, 2))
    payment = payment_of(session, order)
    with clock.at(noon + A_DAY):
        expire_due(session)
        placed_order(session, (variant, 1), method=Method.CASH)
        assert settle(session, payment.id, actor="staff", person_id=None) == "late"
    assert order.parts[0].state == "expired"
    assert variant.available == 1
    assert refunds(session) == [payment.amount]
    assert session.scalar(select(func.sum(Account.balance))) == 0


def test_money_for_a_cancelled_order_goes_back(session: Session):
    order = placed_order(session)
    payment = payment_of(session, order)
    cancel(session, order.id, actor="buyer", person_id=None)
    assert settle(session, payment.id, actor="staff", person_id=None) == "late"
    assert order.parts[0].state == "cancelled"
    assert refunds(session) == [payment.amount]
