"""Late money pays for its order after all, where its goods are there and nobody sent it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Notification
from shop.catalog.models import Variant
from shop.catalog.stock import count
from shop.core import clock, ids
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.cancel import cancel as cancel_order
from shop.orders.models import Order
from shop.payments.cannot_reopen import CannotReopen, Why
from shop.payments.check import check_payments
from shop.payments.expire import expire_due
from shop.payments.models import Payment, Refund
from shop.payments.refund import mark_paid
from shop.payments.reopen import reopen
from shop.payments.settle import settle
from shop.payments.take_back import take_back
from tests.catalog.offered import offer
from tests.factories.orders import payment_of, placed_order
from tests.factories.people import make_person

pytestmark = pytest.mark.both


@pytest.fixture
def thing(session: Session) -> Variant:
    return offer(session, on_hand=5)


@pytest.fixture
def late(session: Session, thing: Variant) -> Payment:
    """Money for 2 of 5 that came when somebody had just counted none."""
    payment = payment_of(session, placed_order(session, (thing, 2)))
    with clock.at(clock.now() + timedelta(hours=25)):
        expire_due(session)
    on_hand(session, thing, 0)
    assert settle(session, payment.id, actor="staff", person_id=None) == "late"
    session.expire_all()
    return payment


def on_hand(session: Session, thing: Variant, pieces: int) -> None:
    count(session, thing.id, pieces, key=ids.new_token(), person_id=None)
    session.expire_all()


def proved(session: Session) -> None:
    session.flush()
    session.expire_all()
    assert sum(session.scalars(select(Account.balance))) == 0
    assert [f.line for f in check_payments(session) if f.faults] == []


def refuses(session: Session, payment: Payment, why: Why) -> None:
    with pytest.raises(CannotReopen) as told:
        reopen(session, payment.id, person_id=None)
    assert told.value.why == why
    proved(session)
    assert payment.state == "late"


def test_the_order_lives_and_is_paid(session: Session, thing: Variant, late: Payment):
    on_hand(session, thing, 5)
    person = make_person(session)
    assert reopen(session, late.id, person_id=person.id)
    proved(session)
    order = session.get_one(Order, late.order_id)
    assert (late.state, order.parts[0].state) == ("settled", "waiting")
    assert balance(session, A.HELD, order.parts[0].seller_id) == -30_000
    assert balance(session, A.REFUNDS) == balance(session, A.SUSPENSE) == 0
    assert balance(session, A.BANK) == late.amount
    assert session.get_one(Variant, thing.id).reserved == 2
    assert session.scalars(select(Refund.state)).one() == "withdrawn"
    told = session.scalars(select(Notification.kind)).all()
    assert sorted(told) == ["order_new", "order_reopened"]
    audited = session.scalars(
        select(AuditLine.person_id).where(AuditLine.action == "payment.reopen")
    )
    assert audited.one() == person.id


def test_twice_is_once(session: Session, thing: Variant, late: Payment):
    on_hand(session, thing, 5)
    assert reopen(session, late.id, person_id=None)
    assert not reopen(session, late.id, person_id=None)
    assert session.get_one(Variant, thing.id, populate_existing=True).reserved == 2
    proved(session)


def test_not_where_the_goods_are_gone(session: Session, late: Payment):
    refuses(session, late, Why.GOODS_GONE)


def test_not_where_the_money_was_sent_back(session: Session, thing: Variant, late: Payment):
    on_hand(session, thing, 5)
    refund = session.scalars(select(Refund)).one()
    mark_paid(session, refund.id, reference="BRI 1", person_id=None)
    refuses(session, late, Why.SENT)


def test_not_where_the_order_was_called_off(session: Session, thing: Variant):
    payment = payment_of(session, placed_order(session, (thing, 2)))
    cancel_order(session, payment.order_id, actor="buyer", person_id=None)
    settle(session, payment.id, actor="staff", person_id=None)
    session.expire_all()
    refuses(session, payment, Why.NOT_EXPIRED)


def test_only_what_is_late(session: Session, thing: Variant):
    payment = payment_of(session, placed_order(session, (thing, 2)))
    with pytest.raises(IllegalMove):
        reopen(session, payment.id, person_id=None)


def test_money_that_was_not_its_own_can_be_taken_back_from_it(
    session: Session, thing: Variant, late: Payment
):
    on_hand(session, thing, 5)
    reopen(session, late.id, person_id=None)
    take_back(session, late, reason="x", person_id=None)
    assert late.state == "pending"
    proved(session)
    with clock.at(clock.now() + timedelta(days=3)):
        expire_due(session)
    on_hand(session, thing, 0)
    assert settle(session, late.id, actor="staff", person_id=None) == "late"
    proved(session)
