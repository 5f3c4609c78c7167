"""Cash that a courier or a point takes is owed by it, and the programme owes it to the seller."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.check_ends import check_ends
from shop.check_money import check_money
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.ledger import statement
from shop.ledger.check import Finding, check_books
from shop.ledger.fees import set_rule
from shop.ledger.models import Account, Entry
from shop.ledger.paid_out import NoReference
from shop.ledger.post import balance
from shop.ledger.queries import purse
from shop.ledger.states import AccountKind as A
from shop.orders.complete import CashNotReceived, complete
from shop.orders.hand_over import hand_over, let_carry, receive_cash
from shop.orders.models import SellerOrder
from shop.orders.return_part import return_part
from shop.orders.states import DeliveryKind
from shop.payments.carry import (
    AtTheBank,
    MoreThanCarried,
    UnknownHolder,
    hand_in,
    left_with,
    take,
    undo_hand_in,
)
from shop.payments.check import check_payments
from shop.payments.check_carried import check_carried
from shop.payments.differences import DifferenceKind
from shop.payments.match_line import link
from shop.payments.queries_holders import carried_since, hand_ins_of, holder_rows, sellers_of
from shop.payments.settle import AlreadySettled
from shop.payments.states import Method
from shop.payments.words_money import difference_words
from shop.sellers.keep_holders import leave, let_point, takers
from shop.sellers.models_holder import CashHolder
from tests.factories.holders import carried_part, make_courier, sent_part
from tests.factories.orders import handed_over_part, payment_of, ready_part
from tests.factories.points import make_point
from tests.factories.statement import make_line

pytestmark = pytest.mark.both
PART = 40_000
"""Two at Rp15.000, and Rp10.000 for bringing them."""


@pytest.fixture
def courier(session: Session) -> CashHolder:
    return make_courier(session)


def carried(session: Session, holder: CashHolder) -> int:
    return balance(session, A.CARRIED, holder_id=holder.id)


def entries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Entry)) or 0


def faults(session: Session) -> list[Finding]:
    findings = (
        *check_books(session), *check_payments(session), *check_ends(session),
        *check_carried(session),
    )  # fmt: skip
    return [one for one in findings if one.faults]


def to_bank(session: Session, holder: CashHolder, amount: int, key: str = "k") -> bool:
    return hand_in(session, holder.id, amount, reference="BRI 881", person_id=None, key=key)


def to_her(session: Session, holder: CashHolder, part: SellerOrder, amount: int) -> bool:
    return hand_in(
        session, holder.id, amount, reference="", person_id=None, key="s", seller_id=part.seller_id
    )


def test_what_a_courier_took_is_earned_like_money_that_the_programme_has(
    session: Session, courier: CashHolder
):
    set_rule(session, 500, None)
    part = carried_part(session, courier)
    assert carried(session, courier) == PART
    assert balance(session, A.HELD, part.seller_id) == -PART
    complete(session, part.id, actor="buyer")
    assert balance(session, A.PAYABLE, part.seller_id) == -(PART - 1_500)
    assert balance(session, A.CASH, part.seller_id) == 0
    assert carried(session, courier) == PART
    assert faults(session) == []


def test_naming_a_courier_moves_no_money_and_the_seller_may_still_get_it_herself(
    session: Session, courier: CashHolder
):
    part = sent_part(session, courier)
    assert entries(session) == 0
    with pytest.raises(CashNotReceived):
        complete(session, part.id, actor="buyer")
    receive_cash(session, part.id, None)
    assert balance(session, A.CASH, part.seller_id) == PART
    assert carried(session, courier) == 0
    with pytest.raises(AlreadySettled):
        take(session, payment_of(session, part.order).id, person_id=None)
    with pytest.raises(AlreadySettled):
        let_carry(session, part.id, None, carrier_id=courier.id)
    assert faults(session) == []


def test_another_courier_can_be_named_until_one_has_it(session: Session, courier: CashHolder):
    other = make_courier(session)
    part = sent_part(session, courier)
    let_carry(session, part.id, None, carrier_id=other.id)
    payment = payment_of(session, part.order)
    take(session, payment.id, person_id=None)
    before = entries(session)
    with pytest.raises(AlreadySettled):
        take(session, payment.id, person_id=None)
    assert (carried(session, other), carried(session, courier)) == (PART, 0)
    assert entries(session) == before


def test_only_who_takes_cash_is_named_and_only_for_cash(session: Session, courier: CashHolder):
    part = ready_part(session, method=Method.CASH, delivery=DeliveryKind.DELIVERY)
    with pytest.raises(UnknownHolder):
        hand_over(session, part.id, None, carrier_id=uuid.uuid4())
    session.rollback()


def test_what_is_paid_otherwise_is_carried_by_nobody(session: Session, courier: CashHolder):
    paid = handed_over_part(session)
    unsent = ready_part(session, method=Method.CASH)
    unnamed = handed_over_part(session, method=Method.CASH, cash_received=False)
    with pytest.raises(AlreadySettled):
        let_carry(session, paid.id, None, carrier_id=courier.id)
    with pytest.raises(IllegalMove):
        let_carry(session, unsent.id, None, carrier_id=courier.id)
    with pytest.raises(IllegalMove):
        take(session, payment_of(session, unnamed.order).id, person_id=None)
    leave(session, courier.id, None)
    with pytest.raises(UnknownHolder):
        let_carry(session, unnamed.id, None, carrier_id=courier.id)


def test_cash_handed_in_lies_at_the_bank_and_is_never_more_than_carried(
    session: Session, courier: CashHolder
):
    carried_part(session, courier)
    with pytest.raises(NoReference):
        hand_in(session, courier.id, 1_000, reference=" ", person_id=None, key="k")
    for amount in (PART + 1, 0, -5):
        with pytest.raises(MoreThanCarried):
            to_bank(session, courier, amount)
    assert to_bank(session, courier, 30_000)
    assert not to_bank(session, courier, 30_000)
    assert (carried(session, courier), balance(session, A.BANK)) == (10_000, 30_000)
    with pytest.raises(MoreThanCarried) as fault:
        to_bank(session, courier, 10_001, key="more")
    assert fault.value.left == 10_000
    assert faults(session) == []


def test_cash_put_into_her_hand_is_taken_from_what_she_is_owed(
    session: Session, courier: CashHolder
):
    set_rule(session, 500, None)
    part, others = carried_part(session, courier), carried_part(session, courier)
    with pytest.raises(MoreThanCarried):
        to_her(session, courier, part, PART + 1)
    complete(session, part.id, actor="buyer")
    assert to_her(session, courier, part, PART)
    assert not to_her(session, courier, part, PART)
    assert balance(session, A.PAYABLE, part.seller_id) == 1_500
    assert carried(session, courier) == PART
    assert left_with(session, courier.id, part.seller_id) == 0
    assert [seller.id for seller, _ in sellers_of(session, courier.id)] == [others.seller_id]
    found = purse(session, part.seller_id)
    assert (found.earned_this_month, found.kept_this_month) == (PART - 1_500, PART)
    newest = statement.statement(session, part.seller_id).rows[0]
    assert (newest.kind, newest.change, newest.balance) == ("handed_in", -PART, -1_500)
    assert faults(session) == []


def test_of_a_part_that_comes_back_the_courier_still_owes_the_cash(
    session: Session, courier: CashHolder
):
    part = carried_part(session, courier)
    return_part(session, part.id, seller_share=PART, reason="Rusak", person_id=None, restock=False)
    assert balance(session, A.REFUNDS) == -PART
    assert balance(session, A.PAYABLE, part.seller_id) == 0
    assert carried(session, courier) == PART
    assert faults(session) == []


def test_a_part_that_comes_back_before_anybody_took_its_cash_is_owed_by_nobody(
    session: Session, courier: CashHolder
):
    part = sent_part(session, courier)
    return_part(session, part.id, seller_share=0, reason="Rusak", person_id=None, restock=False)
    with pytest.raises(IllegalMove):
        take(session, payment_of(session, part.order).id, person_id=None)
    assert (carried(session, courier), entries(session)) == (0, 0)
    assert faults(session) == []


def test_a_hand_in_written_down_wrongly_is_undone_once_unless_the_bank_shows_it(
    session: Session, courier: CashHolder
):
    carried_part(session, courier)
    to_bank(session, courier, 30_000)
    to_bank(session, courier, 10_000, key="seen")
    seen, wrong = hand_ins_of(session, courier.id)
    link(session, make_line(session, 10_000).id, [seen.entry_id], person_id=None)
    with pytest.raises(AtTheBank):
        undo_hand_in(session, courier.id, seen.entry_id, person_id=None)
    with pytest.raises(UnknownHolder):
        undo_hand_in(session, make_courier(session).id, wrong.entry_id, person_id=None)
    assert undo_hand_in(session, courier.id, wrong.entry_id, person_id=None)
    assert not undo_hand_in(session, courier.id, wrong.entry_id, person_id=None)
    assert (carried(session, courier), balance(session, A.BANK)) == (30_000, 10_000)
    assert [one.undone for one in hand_ins_of(session, courier.id)] == [False, True]
    assert faults(session) == []


def test_the_oldest_day_is_that_of_the_first_cash_not_handed_in(
    session: Session, courier: CashHolder, noon: datetime
):
    for days in (0, 1, 2):
        with clock.at(noon + timedelta(days=days)):
            carried_part(session, courier)
    first = clock.local_day(noon)

    def since() -> object:
        (row,) = holder_rows(session)
        return row.since

    assert since() == first
    to_bank(session, courier, PART - 1)
    assert since() == first
    to_bank(session, courier, 1, key="rest")
    assert since() == first + timedelta(days=1)
    to_bank(session, courier, 2 * PART, key="all")
    account = session.scalars(select(Account).where(Account.holder_id == courier.id)).one()
    assert carried_since(session, account) is None


def test_a_point_takes_cash_only_of_what_is_fetched_there(session: Session, courier: CashHolder):
    here, there = make_point(session), make_point(session)
    holder = let_point(session, here.id, None)
    assert let_point(session, here.id, None).id == holder.id
    assert {one.id for one in takers(session, here.id)} == {courier.id, holder.id}
    assert {one.id for one in takers(session, there.id)} == {courier.id}
    leave(session, holder.id, None)
    leave(session, courier.id, None)
    assert list(takers(session, here.id)) == []


def test_cash_carried_for_more_than_a_week_is_a_difference(
    session: Session, courier: CashHolder, noon: datetime
):
    with clock.at(noon):
        carried_part(session, courier)
    with clock.at(noon + timedelta(days=7)):
        assert check_money(session) == []
    with clock.at(noon + timedelta(days=8)):
        (found,) = check_money(session)
        assert (found.kind, found.amount) == (DifferenceKind.CARRIED_LONG, PART)
        assert courier.name in difference_words(found)
