"""A payment is written down once, and no two open sums are alike."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.payments import start
from shop.payments.models import Payment
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


def test_no_code_is_left_when_all_are_waited_for(session: Session):
    seller = make_seller(session)
    order = make_order(session, (seller, 1_000))
    session.add_all(
        Payment(
            key=f"k{code}",
            order_id=order.id,
            order_number=order.number,
            method="transfer",
            amount=1_000 + code,
            unique_code=code,
        )
        for code in range(1, 1000)
    )
    session.flush()
    with pytest.raises(NoFreeCode):
        free_code(session, 1_000)


def test_cash_goes_to_one_seller_at_a_time(session: Session):
    parts = (make_seller(session), 1_000), (make_seller(session, "Melur"), 2_000)
    with pytest.raises(CashOfOneSeller):
        make_payment(session, *parts, method=Method.CASH)
