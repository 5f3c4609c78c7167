"""A payment is written down once, and no two open sums are alike."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.core import clock
from shop.payments import start
from shop.payments.cancel import cancel
from shop.payments.expire import expire_due
from shop.payments.models import Payment, PaymentEvent
from shop.payments.start import CashOfOneSeller, NoFreeCode, free_code
from shop.payments.states import Method
from tests.factories.payments import make_order, make_payment
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


def test_the_sum_is_all_parts_and_the_code(session: Session):
    rohana, melur = make_seller(session), make_seller(session, "Melur")
    payment = make_payment(session, (rohana, 30_000), (melur, 12_500), code=247)
    assert payment.amount == 42_747
    assert sorted(part.amount for part in payment.parts) == [12_500, 30_000]


def test_the_same_key_starts_once(session: Session):
    order = make_order(session, (make_seller(session), 30_000))
    parts = [(part.id, part.seller_id, part.total) for part in order.parts]

    def press() -> Payment:
        return start.start(
            session,
            order_id=order.id,
            order_number=order.number,
            method=Method.TRANSFER,
            parts=parts,
            key="one",
        )

    assert press().id == press().id
    assert session.scalar(select(func.count()).select_from(Payment)) == 1


def test_two_open_transfers_cannot_have_the_same_sum(session: Session):
    seller = make_seller(session)
    make_payment(session, (seller, 30_000), code=5)
    session.commit()
    with pytest.raises(IntegrityError):
        make_payment(session, (seller, 30_000), code=5)
    session.rollback()


def test_two_cash_payments_may_have_the_same_sum(session: Session):
    seller = make_seller(session)
    make_payment(session, (seller, 30_000), method=Method.CASH)
    make_payment(session, (seller, 30_000), method=Method.CASH)
    session.commit()


def test_a_free_code_avoids_sums_waited_for(session: Session):
    seller = make_seller(session)
    make_payment(session, (seller, 30_100), code=0)
    for _ in range(20):
        assert 1 <= free_code(session, 30_000) <= 999
    assert all(free_code(session, 30_000) != 100 for _ in range(200))


def all_sums(session: Session, total: int, state: str) -> list[Payment]:
    """A transfer of every sum from `total` + 1 to `total` + 999, all in this state."""
    order = make_order(session, (make_seller(session), total))
    payments = [
        Payment(
            key=f"k{code}",
            order_id=order.id,
            order_number=order.number,
            method="transfer",
            state=state,
            amount=total + code,
            unique_code=code,
        )
        for code in range(1, 1000)
    ]
    session.add_all(payments)
    session.flush()
    return payments


def test_no_code_is_left_when_all_are_waited_for(session: Session):
    all_sums(session, 1_000, "pending")
    with pytest.raises(NoFreeCode):
        free_code(session, 1_000)


@pytest.mark.parametrize("ended_by", ["clock", "buyer"])
def test_a_sum_that_may_still_come_is_nobody_elses_for_a_week(
    session: Session, noon: datetime, ended_by: str
):
    payments = all_sums(session, 1_000, "pending")
    session.delete(payments[-1])
    payments[0].expires_at = noon
    session.flush()
    if ended_by == "clock":
        expire_due(session)
    else:
        cancel(session, payments[0].id, "buyer", None)
    with clock.at(noon + timedelta(days=7) - timedelta(minutes=1)):
        assert {free_code(session, 1_000) for _ in range(20)} == {999}
    with clock.at(noon + timedelta(days=7)):
        assert {free_code(session, 1_000) for _ in range(60)} == {1, 999}


def test_where_all_sums_are_taken_the_one_that_ended_first_goes_again(
    session: Session, noon: datetime
):
    ended = all_sums(session, 1_000, "expired")
    session.add_all(
        PaymentEvent(
            thing_id=payment.id,
            happened_at=noon - timedelta(hours=1 if payment.unique_code != 247 else 2),
            actor="clock",
            source="pending",
            target="expired",
        )
        for payment in ended
    )
    session.flush()
    assert {free_code(session, 1_000) for _ in range(20)} == {247}


def test_cash_goes_to_one_seller_at_a_time(session: Session):
    parts = (make_seller(session), 1_000), (make_seller(session, "Melur"), 2_000)
    with pytest.raises(CashOfOneSeller):
        make_payment(session, *parts, method=Method.CASH)
