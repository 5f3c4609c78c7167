"""What a buyer has towards her next orders: it comes, waits, is used once, and is free again."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification, Person
from shop.core import clock
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.checkout import Changed
from shop.orders.models import Order
from shop.payments.cancel import cancel
from shop.payments.cannot_undo import CannotUndo
from shop.payments.check import check_payments
from shop.payments.check_credit import check_credit
from shop.payments.credit import free
from shop.payments.credit_stray import NoAccount, OwnCredit, to_credit
from shop.payments.expire import expire_due
from shop.payments.models import Payment
from shop.payments.models_credit import CreditLine
from shop.payments.settle import settle
from shop.payments.states import Method, PaymentState
from shop.payments.switch import switch
from shop.payments.take_back import take_back
from tests.catalog.offered import offer
from tests.factories.credit import codes_are_credit, give_credit, ordered_by
from tests.factories.orders import paid_order, payment_of
from tests.factories.people import make_person
from tests.factories.stray import make_stray
from tests.orders.test_checkout_statements import statements

pytestmark = pytest.mark.both


@pytest.fixture
def dewi(session: Session) -> Person:
    return make_person(session, name="Dewi")


def proved(session: Session) -> None:
    session.flush()
    session.expire_all()
    assert sum(session.scalars(select(Account.balance))) == 0
    findings = [*check_payments(session), *check_credit(session)]
    assert [f.line for f in findings if f.faults] == []


def pay(session: Session, payment: Payment) -> PaymentState:
    return settle(session, payment.id, actor="staff", person_id=None)


def using(session: Session, person: Person, credit: int, **more: object) -> Payment:
    return payment_of(session, ordered_by(session, person, credit=credit, **more))


class TestCodes:
    def test_are_the_programmes_unless_it_says_otherwise(self, session: Session, dewi: Person):
        payment = using(session, dewi, 0)
        pay(session, payment)
        assert balance(session, A.SURPLUS) == -payment.unique_code
        assert free(session, dewi.id) == 0
        proved(session)

    def test_become_credit_of_who_is_signed_in(self, session: Session, dewi: Person):
        codes_are_credit(session)
        payment = using(session, dewi, 0)
        pay(session, payment)
        line = session.scalars(select(CreditLine)).one()
        assert (line.kind, line.amount, line.payment_id) == (
            "code",
            payment.unique_code,
            payment.id,
        )
        assert balance(session, A.CREDIT) == -free(session, dewi.id) == -payment.unique_code
        assert balance(session, A.SURPLUS) == 0
        proved(session)

    def test_of_who_is_not_are_the_programmes_all_the_same(self, session: Session):
        codes_are_credit(session)
        order = paid_order(session)
        assert balance(session, A.SURPLUS) == -order.unique_code
        proved(session)

    def test_stay_whose_they_were_said_to_be(self, session: Session, dewi: Person):
        payment = using(session, dewi, 0)
        codes_are_credit(session)
        pay(session, payment)
        assert free(session, dewi.id) == 0


class TestUsing:
    def test_less_is_asked_for_and_the_seller_gets_all(self, session: Session, dewi: Person):
        give_credit(session, dewi, 5_000)
        payment = using(session, dewi, 5_000)
        order = session.get_one(Order, payment.order_id)
        assert payment.amount == 25_000 + payment.unique_code
        assert (order.total, order.unique_code) == (30_000 + order.unique_code, payment.unique_code)
        assert free(session, dewi.id) == 0
        held = balance(session, A.HELD, order.parts[0].seller_id)
        pay(session, payment)
        assert balance(session, A.HELD, order.parts[0].seller_id) == held - 30_000
        assert balance(session, A.CREDIT) == 0
        proved(session)

    def test_with_a_code_that_becomes_credit_again(self, session: Session, dewi: Person):
        codes_are_credit(session)
        give_credit(session, dewi, 1_000)
        before = free(session, dewi.id)
        payment = using(session, dewi, 1_000)
        pay(session, payment)
        assert free(session, dewi.id) == before - 1_000 + payment.unique_code
        proved(session)

    @pytest.mark.parametrize(
        ("credit", "method"),
        [(5_001, Method.TRANSFER), (29_001, Method.TRANSFER), (5_000, Method.CASH)],
    )
    def test_not_more_than_there_is_and_something_stays_to_be_paid(
        self, session: Session, dewi: Person, credit: int, method: Method
    ):
        give_credit(session, dewi, 30_000 if credit > 20_000 else 5_000)
        with pytest.raises(Changed):
            using(session, dewi, credit, method=method)

    def test_nobody_uses_what_is_somebody_elses(self, session: Session, dewi: Person):
        give_credit(session, dewi, 5_000)
        with pytest.raises(Changed):
            using(session, make_person(session), 5_000)
        with pytest.raises(ValueError, match="somebody's"):
            ordered_by(session, dewi, credit=-1)

    @pytest.mark.parametrize("end", ["called off", "run out"])
    def test_it_is_free_again_where_the_order_ends(self, session: Session, dewi: Person, end: str):
        give_credit(session, dewi, 5_000)
        payment = using(session, dewi, 5_000)
        if end == "called off":
            cancel(session, payment.id, "buyer", None)
        else:
            with clock.at(clock.now() + timedelta(hours=25)):
                expire_due(session)
        assert free(session, dewi.id) == 5_000
        proved(session)

    def test_late_money_comes_back_whole_and_uses_none(self, session: Session, dewi: Person):
        give_credit(session, dewi, 5_000)
        payment = using(session, dewi, 5_000)
        cancel(session, payment.id, "buyer", None)
        assert pay(session, payment) == "late"
        assert free(session, dewi.id) == 5_000
        proved(session)

    @pytest.mark.parametrize("gone", [True, False])
    def test_an_order_that_ran_out_needs_its_credit(
        self, session: Session, dewi: Person, gone: bool
    ):
        give_credit(session, dewi, 5_000)
        payment = using(session, dewi, 5_000)
        with clock.at(clock.now() + timedelta(hours=25)):
            expire_due(session)
        if gone:
            pay(session, using(session, dewi, 5_000))
        session.expire_all()
        assert pay(session, payment) == ("late" if gone else "settled")
        proved(session)

    def test_another_way_to_pay_keeps_it(self, session: Session, dewi: Person):
        give_credit(session, dewi, 5_000)
        card = using(session, dewi, 5_000, method=Method.CARD)
        assert card.amount == 25_000
        new = switch(session, card.id, Method.TRANSFER)
        assert (new.credit, new.amount) == (5_000, 25_000 + new.unique_code)
        assert free(session, dewi.id) == 0
        pay(session, new)
        proved(session)

    def test_only_who_uses_some_asks_the_database_for_it(self, session: Session, dewi: Person):
        give_credit(session, dewi, 5_000)
        counts = []
        for credit in (0, 1_000):
            thing = offer(session, on_hand=5)
            with statements(session) as said:
                ordered_by(session, dewi, (thing, 2), credit=credit)
            counts.append(len(said))
        more = 2 if session.get_bind().dialect.name == "postgresql" else 1  # it has a lock to take
        assert counts[1] == counts[0] + more

    def test_two_tabs_do_not_use_it_twice(self, app: Flask, session: Session, dewi: Person):
        give_credit(session, dewi, 5_000)
        things = [offer(session, on_hand=5).id for _ in range(4)]
        person_id = dewi.id
        session.commit()

        def press(variant_id: uuid.UUID) -> bool:
            with app.app_context():
                mine = db.session()
                try:
                    variant = mine.get_one(type(offered), variant_id)
                    ordered_by(mine, mine.get_one(Person, person_id), (variant, 2), credit=5_000)
                    mine.commit()
                except Changed:
                    mine.rollback()
                    return False
                finally:
                    db.session.remove()
                return True

        offered = offer(session, on_hand=1)
        session.commit()
        session.close()
        with ThreadPoolExecutor(4) as tabs:
            assert sorted(tabs.map(press, things)) == [False, False, False, True]
        proved(session)


class TestUndoing:
    def test_money_that_was_not_hers_takes_code_and_use_back(self, session: Session, dewi: Person):
        codes_are_credit(session)
        give_credit(session, dewi, 5_000)
        before = free(session, dewi.id)
        payment = using(session, dewi, 5_000)
        pay(session, payment)
        take_back(session, payment, reason="x", person_id=None)
        assert (payment.state, payment.credit) == ("pending", 5_000)
        assert payment.amount == 25_000 + payment.unique_code
        assert free(session, dewi.id) == before - 5_000  # promised to it again
        proved(session)

    def test_not_where_its_code_is_used_already(self, session: Session, dewi: Person):
        codes_are_credit(session)
        payment = using(session, dewi, 0)
        pay(session, payment)
        using(session, dewi, payment.unique_code)
        with pytest.raises(CannotUndo):
            take_back(session, payment, reason="x", person_id=None)


class TestStray:
    def test_what_came_twice_becomes_credit_once(self, session: Session, dewi: Person):
        staff = make_person(session)
        payment = using(session, dewi, 0)
        pay(session, payment)
        stray = make_stray(session, payment.amount, payment)
        to_credit(session, stray.id, person_id=staff.id)
        assert (stray.state, free(session, dewi.id)) == ("credited", payment.amount)
        kinds = session.scalars(select(Notification.kind)).all()
        assert "money_credited" in kinds
        with pytest.raises(IllegalMove):
            to_credit(session, stray.id, person_id=staff.id)
        assert free(session, dewi.id) == payment.amount
        proved(session)

    def test_unknown_money_once_its_buyer_is_known(self, session: Session, dewi: Person):
        payment = using(session, dewi, 0)
        stray = make_stray(session, 55_000)
        with pytest.raises(IllegalMove):
            to_credit(session, stray.id, person_id=None)
        to_credit(session, stray.id, person_id=None, payment_id=payment.id)
        assert free(session, dewi.id) == 55_000
        proved(session)

    def test_not_what_is_too_little(self, session: Session, dewi: Person):
        stray = make_stray(session, 9_000, using(session, dewi, 0))
        with pytest.raises(IllegalMove):
            to_credit(session, stray.id, person_id=None)

    def test_not_without_an_account_and_not_to_oneself(self, session: Session, dewi: Person):
        guest = payment_of(session, paid_order(session))
        with pytest.raises(NoAccount):
            to_credit(session, make_stray(session, 5_000, guest).id, person_id=None)
        payment = using(session, dewi, 0)
        pay(session, payment)
        with pytest.raises(OwnCredit):
            to_credit(session, make_stray(session, 5_000, payment).id, person_id=dewi.id)
        assert balance(session, A.CREDIT) == 0
