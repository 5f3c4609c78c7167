"""Who cannot pay by card pays another way, and never twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.models import Order
from shop.payments.check import check_payments
from shop.payments.expire import expire_due
from shop.payments.models import Payment, Refund
from shop.payments.settle import settle
from shop.payments.start import NoFreeCode
from shop.payments.states import Method
from shop.payments.switch import switch
from tests.catalog.offered import offer
from tests.factories.orders import payment_of, placed_order

pytestmark = pytest.mark.both


@pytest.fixture
def order(session: Session) -> Order:
    """Two sellers' things, to be paid by card."""
    things = (offer(session, on_hand=5), 2), (offer(session, on_hand=5), 1)
    return placed_order(session, *things, method=Method.CARD)


@pytest.fixture
def card(session: Session, order: Order) -> Payment:
    return payment_of(session, order)


def faults(session: Session) -> list[object]:
    session.expire_all()  # what the use cases wrote past the loaded rows is to be looked at
    return [finding for finding in check_payments(session) if finding.faults]


@pytest.mark.parametrize("method", [Method.TRANSFER, Method.QRIS])
def test_the_order_is_paid_another_way(
    session: Session, order: Order, card: Payment, method: Method
):
    new = switch(session, card.id, method)
    session.expire_all()
    assert (card.state, new.state, new.method) == ("cancelled", "pending", method)
    assert 1 <= new.unique_code <= 999
    assert new.amount == card.amount + new.unique_code
    assert (order.method, order.unique_code, order.total) == (method, new.unique_code, new.amount)
    assert {part.seller_order_id: part.amount for part in new.parts} == {
        part.seller_order_id: part.amount for part in card.parts
    }
    assert settle(session, new.id, actor="staff", person_id=None) == "settled"
    assert [part.state for part in order.parts] == ["waiting", "waiting"]
    assert balance(session, A.SURPLUS) == -new.unique_code
    assert faults(session) == []


@pytest.mark.parametrize("method", [Method.CARD, Method.GATEWAY])
def test_in_cash_each_seller_begins_at_once(session: Session, method: Method):
    things = (offer(session, on_hand=5), 2), (offer(session, on_hand=5), 1)
    order = placed_order(session, *things, method=method)
    first = payment_of(session, order)
    switch(session, first.id, Method.CASH)
    session.expire_all()
    cash = session.scalars(select(Payment).where(Payment.method == Method.CASH.value)).all()
    assert sorted(payment.amount for payment in cash) == sorted(part.total for part in order.parts)
    assert [part.state for part in order.parts] == ["waiting", "waiting"]
    assert (order.method, order.unique_code, order.expires_at) == (Method.CASH, 0, None)
    assert settle(session, first.id, actor="provider", person_id=None) == "late"
    with pytest.raises(IllegalMove):
        switch(session, cash[0].id, Method.TRANSFER)
    assert faults(session) == []


def test_a_card_charged_after_all_goes_back(session: Session, order: Order, card: Payment):
    new = switch(session, card.id, Method.TRANSFER)
    assert settle(session, card.id, actor="provider", person_id=None) == "late"
    session.expire_all()
    assert [part.state for part in order.parts] == ["unpaid", "unpaid"]
    assert session.scalars(select(Refund.amount)).one() == card.amount
    assert settle(session, new.id, actor="staff", person_id=None) == "settled"
    assert session.scalars(select(Refund.payment_id)).one() == card.id
    assert session.scalar(select(func.sum(Account.balance))) == 0
    assert faults(session) == []


def test_a_settled_card_stays_a_card(session: Session, order: Order, card: Payment):
    settle(session, card.id, actor="provider", person_id=None)
    with pytest.raises(IllegalMove):
        switch(session, card.id, Method.TRANSFER)
    assert session.scalars(select(Payment.state)).all() == ["settled"]
    assert (order.method, order.unique_code) == ("card", 0)


@pytest.mark.parametrize("method", [Method.GATEWAY, Method.CARD])
def test_only_ways_that_a_person_looks_after_are_chosen(
    session: Session, order: Order, card: Payment, method: Method
):
    with pytest.raises(IllegalMove):
        switch(session, card.id, method)
    assert card.state == "pending"


def test_switching_twice_starts_one_payment(session: Session, order: Order, card: Payment):
    new = switch(session, card.id, Method.TRANSFER)
    for payment in (card, new):
        with pytest.raises(IllegalMove):
            switch(session, payment.id, Method.QRIS)
    session.expire_all()
    assert (new.state, new.method, order.method) == ("pending", "transfer", "transfer")
    assert session.scalar(select(func.count()).select_from(Payment)) == 2


def test_who_pays_another_way_has_hours_to_do_so(session: Session, noon: datetime):
    order = placed_order(session, method=Method.CARD)
    deadline = order.expires_at
    assert deadline is not None
    with clock.at(deadline - timedelta(minutes=5)):
        new = switch(session, payment_of(session, order).id, Method.TRANSFER)
        assert new.expires_at == order.expires_at == clock.now() + timedelta(hours=6)
    with clock.at(new.expires_at):
        assert expire_due(session) == 1
    session.expire_all()
    assert order.parts[0].state == "expired"


def test_without_a_free_code_the_card_stays(
    session: Session, order: Order, card: Payment, monkeypatch: pytest.MonkeyPatch
):
    def none_left(_session: Session, total: int, *_about: object) -> int:
        raise NoFreeCode(total)

    monkeypatch.setattr("shop.payments.start.free_code", none_left)
    with pytest.raises(NoFreeCode):
        switch(session, card.id, Method.TRANSFER)
    session.expire_all()
    assert (card.state, order.method) == ("pending", "card")


def test_a_code_is_exchanged_as_a_card_is(session: Session):
    order = placed_order(session, method=Method.GATEWAY)
    code = payment_of(session, order)
    new = switch(session, code.id, Method.QRIS)
    session.expire_all()
    assert (code.state, new.method, order.method) == ("cancelled", "qris", "qris")
    assert settle(session, code.id, actor="provider", person_id=None) == "late"
    assert settle(session, new.id, actor="staff", person_id=None) == "settled"
    assert faults(session) == []
