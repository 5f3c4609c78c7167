"""What goes back is never more than was paid, and is booked when granted and when sent."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine
from shop.core.lifecycle import IllegalMove
from shop.ledger.paid_out import NoReference
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments.models import Payment, Refund
from shop.payments.refund import AlreadyEarned, NotPaid, TooMuch, grant, mark_paid
from shop.payments.states import Method
from tests.factories.payments import make_paid, make_payment
from tests.factories.people import make_person
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


def give_back(session: Session, payment: Payment, amount: int, key: str = "one") -> Refund:
    part = payment.parts[0]
    return grant(
        session,
        payment_id=payment.id,
        seller_order_id=part.seller_order_id,
        seller_id=part.seller_id,
        amount=amount,
        reason="habis",
        person_id=None,
        key=key,
    )


def test_a_refund_is_due_and_then_paid(session: Session):
    seller = make_seller(session)
    payment = make_paid(session, (seller, 30_000))
    refund = give_back(session, payment, 30_000)
    assert balance(session, A.HELD, seller.id) == 0
    assert balance(session, A.REFUNDS) == -30_000
    staff = make_person(session)
    mark_paid(session, refund.id, reference=" BRI 77 ", person_id=staff.id)
    assert balance(session, A.REFUNDS) == 0
    assert balance(session, A.BANK) == 0
    session.refresh(refund)
    assert (refund.state, refund.reference) == ("paid", "BRI 77")
    assert session.scalars(select(AuditLine.action)).all() == ["payment.confirm", "refund.paid"]


@pytest.mark.parametrize(("method", "place"), [(Method.CARD, A.CARD), (Method.QRIS, A.BANK)])
def test_money_goes_back_the_way_it_can(session: Session, method: Method, place: A):
    payment = make_paid(session, (make_seller(session), 30_000), method=method)
    before = balance(session, place)
    mark_paid(session, give_back(session, payment, 5_000).id, reference="x", person_id=None)
    assert balance(session, place) == before - 5_000


def test_the_same_key_grants_once(session: Session):
    payment = make_paid(session, (make_seller(session), 30_000))
    assert give_back(session, payment, 10_000).id == give_back(session, payment, 10_000).id
    assert balance(session, A.REFUNDS) == -10_000


def test_never_more_than_was_paid(session: Session):
    payment = make_paid(session, (make_seller(session), 30_000))
    give_back(session, payment, 20_000)
    with pytest.raises(TooMuch) as fault:
        give_back(session, payment, 10_001, key="two")
    assert fault.value.left == 10_000
    with pytest.raises(TooMuch):
        give_back(session, payment, 0, key="three")


def test_what_was_not_paid_does_not_go_back(session: Session):
    with pytest.raises(NotPaid):
        give_back(session, make_payment(session, (make_seller(session), 30_000)), 1_000)


def test_what_the_seller_earned_does_not_go_back(session: Session):
    from shop.ledger.earn import earn

    seller = make_seller(session)
    payment = make_paid(session, (seller, 30_000))
    earn(
        session,
        seller_id=seller.id,
        order_id=payment.order_id,
        seller_order_id=payment.parts[0].seller_order_id,
        amount=30_000,
        fee=0,
        in_cash=False,
    )
    with pytest.raises(AlreadyEarned):
        give_back(session, payment, 1_000)


def test_a_refund_is_sent_once_and_with_a_reference(session: Session):
    refund = give_back(session, make_paid(session, (make_seller(session), 30_000)), 1_000)
    with pytest.raises(NoReference):
        mark_paid(session, refund.id, reference=" ", person_id=None)
    mark_paid(session, refund.id, reference="a", person_id=None)
    with pytest.raises(IllegalMove):
        mark_paid(session, refund.id, reference="b", person_id=None)
    assert balance(session, A.BANK) == 29_000
