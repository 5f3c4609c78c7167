"""The seller earns a part once, when the buyer has it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.ledger.fees import set_rule
from shop.ledger.models import Account, Entry
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.complete import CashNotReceived, complete, complete_due
from shop.orders.models import SellerOrder
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import (
    completed_part,
    handed_over_part,
    paid_order,
    payment_of,
    ready_part,
)

pytestmark = pytest.mark.both


def test_price_and_delivery_less_the_fee_become_hers(session: Session):
    set_rule(session, 500, None)
    part = handed_over_part(session, delivery=DeliveryKind.DELIVERY)
    complete(session, part.id, actor="buyer")
    assert balance(session, A.PAYABLE, part.seller_id) == -38_500
    assert balance(session, A.HELD, part.seller_id) == 0
    assert balance(session, A.FEE) == -1_500
    assert balance(session, A.BANK) == payment_of(session, part.order).amount
    assert session.scalar(select(func.sum(Account.balance))) == 0
    assert part.completed_at is not None


def test_of_cash_she_keeps_all_and_owes_the_fee(session: Session):
    set_rule(session, 500, None)
    part = completed_part(session, method=Method.CASH)
    assert balance(session, A.PAYABLE, part.seller_id) == 1_500
    assert balance(session, A.CASH, part.seller_id) == 0
    assert balance(session, A.FEE) == -1_500
    assert session.scalar(select(func.sum(Account.balance))) == 0


def test_a_second_time_changes_nothing(session: Session):
    part = completed_part(session)
    entries = session.scalar(select(func.count()).select_from(Entry))
    for actor in ("buyer", "clock", "staff"):
        with pytest.raises(IllegalMove):
            complete(session, part.id, actor=actor)
    assert session.scalar(select(func.count()).select_from(Entry)) == entries


def test_what_is_not_handed_over_is_not_earned(session: Session):
    part = ready_part(session)
    with pytest.raises(IllegalMove):
        complete(session, part.id, actor="buyer")
    assert balance(session, A.PAYABLE, part.seller_id) == 0


def test_a_seller_cannot_complete_her_own_part(session: Session):
    part = handed_over_part(session)
    with pytest.raises(IllegalMove):
        complete(session, part.id, actor="seller")
    assert part.state == "handed_over"


def test_cash_that_was_not_received_is_not_earned(session: Session):
    part = handed_over_part(session, method=Method.CASH, cash_received=False)
    with pytest.raises(CashNotReceived):
        complete(session, part.id, actor="buyer")
    assert part.state == "handed_over"


def test_after_three_days_without_a_word_it_is_hers(session: Session, noon: datetime):
    old = handed_over_part(session)
    unpaid = handed_over_part(session, method=Method.CASH, cash_received=False)
    with clock.at(noon + timedelta(days=1)):
        young = handed_over_part(session)
    with clock.at(noon + timedelta(days=3, seconds=-1)):
        assert complete_due(session) == 0
    with clock.at(noon + timedelta(days=3)):
        assert complete_due(session) == 1
        assert complete_due(session) == 0
    assert (old.state, young.state, unpaid.state) == ("completed", "handed_over", "handed_over")
    assert balance(session, A.PAYABLE, old.seller_id) == -30_000


def test_one_part_that_cannot_close_keeps_no_other(
    session: Session, noon: datetime, monkeypatch: pytest.MonkeyPatch
):
    broken, good = handed_over_part(session), handed_over_part(session)
    real = complete

    def stumble(session: Session, part_id: object, actor: str) -> None:
        if part_id == broken.id:
            raise RuntimeError("no such luck")
        real(session, part_id, actor=actor)  # type: ignore[arg-type]

    monkeypatch.setattr("shop.orders.complete.complete", stumble)
    with clock.at(noon + timedelta(days=4)):
        assert complete_due(session) == 1
    states = dict(session.execute(select(SellerOrder.id, SellerOrder.state)).all())
    assert states == {broken.id: "handed_over", good.id: "completed"}


def test_each_part_of_an_order_is_earned_by_itself(session: Session):
    order = paid_order(session, (offer(session, on_hand=5), 1), (offer(session, on_hand=5), 2))
    first, second = order.parts
    for part_id in (first.id,):
        from shop.orders.accept import accept
        from shop.orders.hand_over import hand_over
        from shop.orders.ready import ready

        accept(session, part_id, None)
        ready(session, part_id, None)
        hand_over(session, part_id, None)
        complete(session, part_id, actor="staff")
    assert balance(session, A.PAYABLE, first.seller_id) == -first.total
    assert balance(session, A.HELD, second.seller_id) == -second.total
