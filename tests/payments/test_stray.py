"""Money that fits no payment as it came is booked, waits for a person, and ends once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Account
from shop.ledger.paid_out import NoReference
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.cancel import cancel as cancel_order
from shop.orders.models import Order
from shop.orders.states import SellerOrderState
from shop.payments.ask_rest import ask_rest
from shop.payments.cancel import cancel
from shop.payments.check import check_payments
from shop.payments.end_stray import keep, mark_sent, send_back, to_fund
from shop.payments.expire import expire_due
from shop.payments.match_stray import match
from shop.payments.models import Payment, Refund
from shop.payments.models_stray import Stray, StrayEvent
from shop.payments.record_stray import Came, FitsExactly, OtherWay, record
from shop.payments.refund import OwnGrant
from shop.payments.settle import Gone, settle
from shop.payments.states import Method, PaymentState
from shop.payments.states_stray import StrayKind, StrayState
from tests.catalog.offered import offer
from tests.factories.orders import paid_order, payment_of, placed_order
from tests.factories.people import make_person
from tests.factories.stray import make_stray

pytestmark = pytest.mark.both


def waiting(session: Session) -> Payment:
    """What is to be paid for an order of Rp30.000 and its code."""
    return payment_of(session, placed_order(session))


def confirm(session: Session, payment: Payment) -> PaymentState:
    return settle(session, payment.id, actor="staff", person_id=None)


def state_of_order(session: Session, payment: Payment) -> str:
    session.expire_all()
    return session.get_one(Order, payment.order_id).parts[0].state


def proved(session: Session) -> None:
    """The books balance and say what the payments say."""
    session.flush()
    session.expire_all()
    assert sum(session.scalars(select(Account.balance))) == 0
    assert [f.line for f in check_payments(session) if f.faults] == []


def run_out(session: Session, payment: Payment) -> None:
    """Let its time pass."""
    session.refresh(payment)
    assert payment.expires_at
    with clock.at(payment.expires_at + timedelta(seconds=1)):
        assert expire_due(session) == 1


def test_money_for_no_order_waits_in_the_books(session: Session):
    stray = make_stray(session, 55_000)
    assert (stray.kind, stray.state, stray.payment_id) == ("wrong", "open", None)
    assert balance(session, A.BANK) == 55_000
    assert balance(session, A.SUSPENSE) == -55_000
    proved(session)


def test_money_behind_the_qris_lies_there(session: Session):
    make_stray(session, 55_000, method=Method.QRIS)
    assert (balance(session, A.QRIS), balance(session, A.BANK)) == (55_000, 0)


def test_the_same_press_books_once(session: Session):
    came = Came(Method.TRANSFER, 55_000)
    first = record(session, came, payment_id=None, person_id=None, key="k")
    assert record(session, came, payment_id=None, person_id=None, key="k").id == first.id
    assert balance(session, A.BANK) == 55_000
    proved(session)


def test_a_second_payment_of_the_same_order_is_double(session: Session):
    payment = payment_of(session, paid_order(session))
    stray = make_stray(session, payment.amount, payment)
    assert (stray.kind, stray.amount) == (StrayKind.DOUBLE, payment.amount)
    proved(session)


def test_what_fits_is_confirmed_and_not_recorded(session: Session):
    payment = waiting(session)
    with pytest.raises(FitsExactly):
        make_stray(session, payment.amount, payment)
    assert balance(session, A.BANK) == 0


def test_no_money_is_recorded_for_cash(session: Session):
    payment = payment_of(session, placed_order(session, method=Method.CASH))
    with pytest.raises(OtherWay):
        make_stray(session, 5_000, payment)
    with pytest.raises(OtherWay):
        make_stray(session, 5_000, method=Method.CARD)


def test_no_money_is_recorded_for_what_a_seller_collects(session: Session):
    payment = waiting(session)
    stray = make_stray(session, payment.amount)
    payment.collector_id = payment.parts[0].seller_id
    with pytest.raises(OtherWay):
        make_stray(session, 5_000, payment)
    with pytest.raises(OtherWay):
        match(session, stray.id, payment.id, person_id=None)


class TestTooMuch:
    def test_it_pays_the_order_and_the_rest_is_stray(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, payment.amount + 7_000, payment)
        assert (stray.kind, stray.amount) == (StrayKind.OVER, 7_000)
        assert state_of_order(session, payment) == SellerOrderState.WAITING
        proved(session)

    def test_the_same_press_settles_once(self, session: Session):
        payment = waiting(session)
        came = Came(Method.TRANSFER, payment.amount + 7_000)
        for _ in range(2):
            record(session, came, payment_id=payment.id, person_id=None, key="k")
        assert session.scalar(select(func.count()).select_from(Stray)) == 1
        proved(session)

    def test_the_rest_may_go_to_the_fund(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, payment.amount + 7_000, payment)
        to_fund(session, stray.id, person_id=None)
        assert stray.state == StrayState.FUND
        assert balance(session, A.SURPLUS) == -7_000 - payment.unique_code
        assert balance(session, A.SUSPENSE) == 0
        proved(session)
        with pytest.raises(IllegalMove):
            to_fund(session, stray.id, person_id=None)

    def test_only_the_rest_of_a_paid_order_goes_to_the_fund(self, session: Session):
        stray = make_stray(session, 7_000)
        with pytest.raises(IllegalMove):
            to_fund(session, stray.id, person_id=None)

    def test_too_much_too_late_goes_back_whole(self, session: Session):
        payment = waiting(session)
        cancel(session, payment.id, "staff", None)
        stray = make_stray(session, payment.amount + 7_000, payment)
        assert (stray.kind, stray.amount) == (StrayKind.OVER, 7_000)
        assert session.scalar(select(func.sum(Refund.amount))) == payment.amount
        proved(session)


class TestGoesBack:
    def test_one_decides_another_sends(self, session: Session):
        decides, sends = make_person(session).id, make_person(session, phone="+628111111111").id
        stray = make_stray(session, 55_000)
        send_back(session, stray.id, person_id=decides)
        with pytest.raises(OwnGrant):
            mark_sent(session, stray.id, reference="R1", person_id=decides)
        with pytest.raises(NoReference):
            mark_sent(session, stray.id, reference=" ", person_id=sends)
        mark_sent(session, stray.id, reference="R1", person_id=sends)
        assert (stray.state, stray.reference) == (StrayState.REFUNDED, "R1")
        assert balance(session, A.BANK) == balance(session, A.SUSPENSE) == 0
        proved(session)
        with pytest.raises(IllegalMove):
            mark_sent(session, stray.id, reference="R1", person_id=sends)

    def test_not_before_somebody_decided(self, session: Session):
        stray = make_stray(session, 55_000)
        with pytest.raises(IllegalMove):
            mark_sent(session, stray.id, reference="R1", person_id=None)

    def test_the_decision_can_be_taken_back(self, session: Session):
        decides = make_person(session).id
        stray = make_stray(session, 55_000)
        with pytest.raises(IllegalMove):
            keep(session, stray.id, person_id=decides)
        send_back(session, stray.id, person_id=decides)
        keep(session, stray.id, person_id=decides)
        session.expire_all()
        assert (stray.state, stray.decided_by) == (StrayState.OPEN, None)
        moves = session.scalars(select(StrayEvent.target).order_by(StrayEvent.happened_at)).all()
        assert moves == ["due", "open"]


class TestTooLittle:
    def test_the_rest_is_asked_for_with_a_code_of_its_own(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, 20_000, payment)
        assert (stray.kind, stray.amount) == (StrayKind.SHORT, 20_000)
        rest = ask_rest(session, stray.id, person_id=None)
        assert rest.amount == 10_000 + rest.unique_code
        assert 1 <= rest.unique_code <= 999
        session.expire_all()
        assert payment.state == PaymentState.CANCELLED
        assert stray.state == StrayState.ASKED
        order = session.get_one(Order, payment.order_id)
        assert order.total == 30_000 + rest.unique_code
        proved(session)

    def test_with_the_rest_the_order_is_paid(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, 20_000, payment)
        rest = ask_rest(session, stray.id, person_id=None)
        assert confirm(session, rest) is PaymentState.SETTLED
        assert state_of_order(session, payment) == SellerOrderState.WAITING
        seller_id = rest.parts[0].seller_id
        assert balance(session, A.HELD, seller_id) == -30_000
        assert balance(session, A.BANK) == 20_000 + rest.amount
        assert (stray.state, balance(session, A.SUSPENSE)) == (StrayState.TOPPED_UP, 0)
        proved(session)

    def test_all_of_it_goes_back_where_the_order_is_undone(self, session: Session):
        payment = waiting(session)
        rest = ask_rest(session, make_stray(session, 20_000, payment).id, person_id=None)
        confirm(session, rest)
        cancel_order(session, payment.order_id, actor="buyer", person_id=None)
        assert session.scalar(select(func.sum(Refund.amount))) == 30_000
        proved(session)

    def test_who_asks_twice_asks_once(self, session: Session):
        stray = make_stray(session, 20_000, waiting(session))
        ask_rest(session, stray.id, person_id=None)
        with pytest.raises(IllegalMove):
            ask_rest(session, stray.id, person_id=None)

    def test_while_it_is_asked_for_nothing_goes_back(self, session: Session):
        stray = make_stray(session, 20_000, waiting(session))
        ask_rest(session, stray.id, person_id=None)
        with pytest.raises(IllegalMove):
            send_back(session, stray.id, person_id=None)

    def test_nothing_is_asked_where_only_the_code_is_missing(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, 30_000, payment)
        with pytest.raises(IllegalMove):
            ask_rest(session, stray.id, person_id=None)
        assert match(session, stray.id, payment.id, person_id=None) is StrayState.MATCHED
        session.expire_all()
        assert (payment.state, payment.amount, payment.unique_code) == ("settled", 30_000, 0)
        assert session.get_one(Order, payment.order_id).total == 30_000
        assert balance(session, A.SURPLUS) == 0
        proved(session)

    def test_a_rest_that_nobody_pays_leaves_the_money_waiting(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, 20_000, payment)
        rest = ask_rest(session, stray.id, person_id=None)
        run_out(session, rest)
        session.expire_all()
        assert stray.state == StrayState.OPEN
        assert state_of_order(session, payment) == SellerOrderState.EXPIRED
        proved(session)

    def test_a_rest_that_comes_after_all_opens_the_order_again(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, 20_000, payment)
        rest = ask_rest(session, stray.id, person_id=None)
        run_out(session, rest)
        assert confirm(session, rest) is PaymentState.SETTLED
        session.expire_all()
        assert stray.state == StrayState.TOPPED_UP
        proved(session)

    def test_a_rest_that_comes_when_the_money_went_back_goes_back_too(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, 20_000, payment)
        rest = ask_rest(session, stray.id, person_id=None)
        run_out(session, rest)
        send_back(session, stray.id, person_id=None)
        assert confirm(session, rest) is PaymentState.LATE
        assert session.scalar(select(func.sum(Refund.amount))) == rest.amount
        assert state_of_order(session, payment) == SellerOrderState.EXPIRED
        proved(session)

    def test_an_order_called_off_leaves_the_money_waiting(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, 20_000, payment)
        ask_rest(session, stray.id, person_id=None)
        cancel_order(session, payment.order_id, actor="buyer", person_id=None)
        session.expire_all()
        assert stray.state == StrayState.OPEN
        proved(session)

    def test_the_buyer_gets_time_until_somebody_decides(self, session: Session):
        payment = waiting(session)
        assert payment.expires_at
        with clock.at(payment.expires_at - timedelta(minutes=1)):
            make_stray(session, 20_000, payment)
            assert payment.expires_at > clock.now() + timedelta(hours=5)
            assert session.get_one(Order, payment.order_id).expires_at == payment.expires_at


class TestFindsItsOrder:
    def test_it_pays_what_waited_for_it(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, payment.amount)
        assert match(session, stray.id, payment.id, person_id=None) is StrayState.MATCHED
        assert state_of_order(session, payment) == SellerOrderState.WAITING
        assert (stray.payment_id, balance(session, A.SUSPENSE)) == (payment.id, 0)
        proved(session)
        with pytest.raises(IllegalMove):
            match(session, stray.id, payment.id, person_id=None)

    def test_what_is_beyond_it_waits_on(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, payment.amount + 5_000)
        match(session, stray.id, payment.id, person_id=None)
        left = session.scalars(select(Stray).where(Stray.from_id == stray.id)).one()
        assert (left.kind, left.amount, left.state) == ("over", 5_000, "open")
        proved(session)
        to_fund(session, left.id, person_id=None)
        proved(session)

    def test_less_than_the_goods_is_short_from_then_on(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, 20_000)
        assert match(session, stray.id, payment.id, person_id=None) is StrayState.OPEN
        assert (stray.kind, payment.state) == (StrayKind.SHORT, "pending")
        confirm(session, ask_rest(session, stray.id, person_id=None))
        proved(session)

    def test_money_for_what_is_paid_is_double_from_then_on(self, session: Session):
        payment = payment_of(session, paid_order(session))
        stray = make_stray(session, payment.amount)
        assert match(session, stray.id, payment.id, person_id=None) is StrayState.OPEN
        assert stray.kind == StrayKind.DOUBLE
        proved(session)

    def test_an_order_that_ran_out_is_opened_again(self, session: Session):
        payment = waiting(session)
        stray = make_stray(session, payment.amount)
        run_out(session, payment)
        assert match(session, stray.id, payment.id, person_id=None) is StrayState.REOPENED
        assert state_of_order(session, payment) == SellerOrderState.WAITING
        proved(session)

    def test_where_its_goods_are_gone_nothing_changes(self, session: Session):
        thing = offer(session, on_hand=1)
        payment = payment_of(session, placed_order(session, (thing, 1)))
        stray = make_stray(session, payment.amount)
        run_out(session, payment)
        placed_order(session, (thing, 1))
        with pytest.raises(Gone):
            match(session, stray.id, payment.id, person_id=None)
        session.expire_all()
        assert (stray.state, payment.state) == ("open", "expired")
        proved(session)

    def test_cash_is_not_paid_with_it(self, session: Session):
        payment = payment_of(session, placed_order(session, method=Method.CASH))
        with pytest.raises(OtherWay):
            match(session, make_stray(session, 30_000).id, payment.id, person_id=None)


def test_what_the_books_do_not_say_is_found(session: Session):
    make_stray(session, 55_000)
    session.execute(Stray.__table__.update().values(amount=54_000))  # type: ignore[attr-defined]
    found = [f.line for f in check_payments(session) if f.faults]
    assert len(found) == 2, found
