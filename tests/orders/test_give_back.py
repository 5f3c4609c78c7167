"""Staff give money back whole or in part, never more than was paid, and say who bears it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine
from shop.core.lifecycle import IllegalMove
from shop.core.money import portion
from shop.ledger.due import due_now
from shop.ledger.fees import set_rule
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.cancel import cancel_part
from shop.orders.chosen_lines import (
    BadShare,
    NothingChosen,
    StillInTheHouse,
    TooManyPieces,
    TooMuchBack,
)
from shop.orders.complete import complete
from shop.orders.decline import NoReason
from shop.orders.give_back import give_back
from shop.orders.models import SellerOrder
from shop.orders.return_part import return_part
from shop.orders.states import DeliveryKind
from shop.payments.models import Refund, RefundLine
from shop.payments.refund import NotPaid, OwnGrant, mark_paid
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import (
    accepted_part,
    completed_part,
    handed_over_part,
    placed_order,
    ready_part,
)
from tests.factories.people import make_person

pytestmark = pytest.mark.both
WHY = "Dua kotak penyok di jalan"
Stage = Callable[..., SellerOrder]


def back(
    session: Session,
    part: SellerOrder,
    pieces: int,
    rupiah: int,
    *,
    share: int | None = None,
    delivery: int = 0,
    key: str = "one",
    restock: bool = False,
) -> Refund:
    return give_back(
        session, part.id, lines={part.lines[0].id: (pieces, rupiah)}, delivery=delivery,
        seller_share=rupiah + delivery if share is None else share, reason=WHY, person_id=None,
        key=key, restock=restock,
    )  # fmt: skip


def whole(session: Session) -> bool:
    return (session.scalar(select(func.sum(Account.balance))) or 0) == 0


@pytest.mark.parametrize("stage", [accepted_part, ready_part, handed_over_part])
def test_before_the_end_it_comes_out_of_what_is_held(session: Session, stage: Stage):
    part = stage(session, (offer(session, on_hand=9), 4))
    pieces = 2 if part.state == "handed_over" else 0
    refund = back(session, part, pieces, 25_000, share=20_000)
    assert (refund.amount, refund.seller_share, refund.state) == (25_000, 20_000, "due")
    assert -balance(session, A.HELD, part.seller_id) == 40_000
    assert balance(session, A.GOODWILL) == 5_000
    assert balance(session, A.REFUNDS) == -25_000
    line = part.lines[0]
    session.refresh(line)
    assert (line.cancelled, line.refunded, line.given_back, line.borne) == (
        0, pieces, 25_000, 20_000,
    )  # fmt: skip
    row = session.scalars(select(RefundLine)).one()
    assert (row.quantity, row.amount) == (pieces, 25_000)
    assert whole(session)


def test_what_stands_is_earned_with_the_fee_of_what_stands(session: Session):
    set_rule(session, 733, None)
    part = handed_over_part(session, (offer(session, on_hand=9), 4), delivery=DeliveryKind.DELIVERY)
    back(session, part, 1, 15_000, share=9_000, delivery=4_000)
    complete(session, part.id, actor="buyer")
    line = part.lines[0]
    session.refresh(line)
    session.refresh(part)
    assert line.borne + part.delivery_borne == 9_000
    fee = portion(60_000 - line.borne, 733)
    assert -balance(session, A.PAYABLE, part.seller_id) == part.total - 9_000 - fee
    assert -balance(session, A.FEE) == fee
    assert balance(session, A.HELD, part.seller_id) == 0
    assert whole(session)


def test_after_completion_it_comes_out_of_what_she_is_owed_and_the_fee_goes_back(session: Session):
    set_rule(session, 1_000, None)
    part = completed_part(session, (offer(session, on_hand=9), 4))
    assert -balance(session, A.PAYABLE, part.seller_id) == 54_000
    back(session, part, 2, 30_000)
    assert -balance(session, A.PAYABLE, part.seller_id) == 27_000
    assert -balance(session, A.FEE) == 3_000
    back(session, part, 2, 30_000, key="two")
    assert balance(session, A.PAYABLE, part.seller_id) == 0
    assert balance(session, A.FEE) == 0
    assert whole(session)


def test_after_completion_the_programme_can_bear_it(session: Session):
    set_rule(session, 1_000, None)
    part = completed_part(session, (offer(session, on_hand=9), 4))
    back(session, part, 0, 10_000, share=0)
    assert -balance(session, A.PAYABLE, part.seller_id) == 54_000
    assert (balance(session, A.GOODWILL), -balance(session, A.FEE)) == (10_000, 6_000)


def test_a_seller_who_was_paid_already_owes_it_and_the_next_payout_is_less(session: Session):
    variant = offer(session, on_hand=20)
    part = completed_part(session, (variant, 4), method=Method.CASH)
    back(session, part, 4, 60_000)
    assert balance(session, A.PAYABLE, part.seller_id) == 60_000
    assert due_now(session) == []
    completed_part(session, (variant, 6))
    assert [due.amount for due in due_now(session)] == [30_000]


def test_the_same_key_gives_back_once(session: Session):
    part = handed_over_part(session, (offer(session, on_hand=9), 4))
    assert back(session, part, 1, 15_000).id == back(session, part, 1, 15_000).id
    assert balance(session, A.REFUNDS) == -15_000
    assert session.scalars(select(AuditLine.action)).all().count("refund.grant") == 1


def test_never_more_back_than_was_paid(session: Session):
    part = handed_over_part(session, (offer(session, on_hand=9), 2), delivery=DeliveryKind.DELIVERY)
    back(session, part, 1, 20_000, delivery=1_000)
    with pytest.raises(TooMuchBack) as fault:
        back(session, part, 1, 10_001, key="two")
    assert fault.value.left == 10_000
    with pytest.raises(TooMuchBack):
        back(session, part, 0, 1, delivery=part.delivery, key="three")
    with pytest.raises(TooManyPieces):
        back(session, part, 2, 1, key="four")
    back(session, part, 1, 10_000, delivery=part.delivery - 1_000, key="five")
    with pytest.raises(TooMuchBack):
        back(session, part, 0, 1, key="six")
    assert session.scalar(select(func.sum(Refund.amount))) == part.total


def test_the_database_refuses_more_back_than_was_paid(session: Session):
    part = handed_over_part(session, (offer(session, on_hand=9), 2))
    part.lines[0].given_back = 30_001
    with pytest.raises(IntegrityError), session.begin_nested():
        session.flush()


@pytest.mark.parametrize(
    ("pieces", "rupiah"), [(-1, 5), (1, -5), (1.5, 5), (1, 1.5), (10**9, 5), (1, 10**9), (1, True)]
)
def test_figures_that_make_no_sense_are_refused(session: Session, pieces: int, rupiah: int):
    part = handed_over_part(session)
    with pytest.raises((TooManyPieces, TooMuchBack)):
        back(session, part, pieces, rupiah, share=0)
    assert session.scalars(select(Refund)).all() == []


def test_nothing_no_word_and_a_share_beyond_the_sum_are_refused(session: Session):
    part = handed_over_part(session)
    with pytest.raises(NothingChosen):
        back(session, part, 0, 0)
    with pytest.raises(BadShare):
        back(session, part, 1, 15_000, share=15_001)
    with pytest.raises(NoReason):
        give_back(
            session, part.id, lines={part.lines[0].id: (1, 15_000)}, delivery=0, seller_share=0,
            reason="  ", person_id=None, key="k",
        )  # fmt: skip


def test_what_was_not_paid_does_not_go_back(session: Session):
    for part in (placed_order(session).parts[0], accepted_part(session, method=Method.CASH)):
        with pytest.raises(NotPaid):
            back(session, part, 1, 15_000)


def test_pieces_come_back_on_the_shelf_only_if_staff_say_so(session: Session):
    variant = offer(session, on_hand=9)
    part = handed_over_part(session, (variant, 4))
    back(session, part, 1, 15_000)
    assert variant.on_hand == 5
    for _ in range(2):
        back(session, part, 2, 30_000, key="two", restock=True)
    assert variant.on_hand == 7


def test_pieces_that_have_not_left_are_cancelled_and_not_given_back(session: Session):
    variant = offer(session, on_hand=9)
    part = accepted_part(session, (variant, 4))
    with pytest.raises(StillInTheHouse):
        back(session, part, 1, 15_000, restock=True)
    back(session, part, 0, 15_000, restock=True)
    assert (variant.on_hand, variant.reserved) == (9, 4)


def test_who_granted_it_does_not_send_it(session: Session):
    staff, other = make_person(session), make_person(session)
    part = handed_over_part(session)
    granted = give_back(
        session, part.id, lines={part.lines[0].id: (1, 15_000)}, delivery=0, seller_share=0,
        reason=WHY, person_id=staff.id, key="k",
    )  # fmt: skip
    with pytest.raises(OwnGrant):
        mark_paid(session, granted.id, reference="BRI 1", person_id=staff.id)
    mark_paid(session, granted.id, reference="BRI 1", person_id=other.id)
    session.refresh(granted)
    assert granted.state == "paid"


@pytest.mark.parametrize("method", [Method.TRANSFER, Method.CASH])
def test_a_returned_part_gives_everything_back(session: Session, method: Method):
    variant = offer(session, on_hand=9)
    part = handed_over_part(session, (variant, 4), method=method, delivery=DeliveryKind.DELIVERY)
    return_part(session, part.id, seller_share=part.total, reason=WHY, person_id=None, restock=True)
    assert part.state == "returned"
    assert variant.on_hand == 9
    assert session.scalars(select(Refund.amount)).one() == part.total
    assert balance(session, A.HELD, part.seller_id) == 0
    assert balance(session, A.CASH, part.seller_id) == 0
    owed = part.total if method is Method.CASH else 0
    assert balance(session, A.PAYABLE, part.seller_id) == owed
    line = part.lines[0]
    session.refresh(line)
    assert (line.cancelled, line.refunded) == (0, 4)
    with pytest.raises(IllegalMove):
        return_part(session, part.id, seller_share=0, reason=WHY, person_id=None, restock=True)
    assert variant.on_hand == 9
    assert whole(session)


def test_what_the_programme_bears_of_a_return_is_made_good(session: Session):
    variant = offer(session, on_hand=9)
    part = handed_over_part(session, (variant, 4))
    back(session, part, 1, 15_000, share=5_000)
    return_part(session, part.id, seller_share=20_000, reason=WHY, person_id=None, restock=False)
    assert variant.on_hand == 5
    assert session.scalar(select(func.sum(Refund.amount))) == 60_000
    assert balance(session, A.GOODWILL) == 35_000
    assert -balance(session, A.PAYABLE, part.seller_id) == 35_000
    assert balance(session, A.HELD, part.seller_id) == 0


def test_cash_nobody_got_is_not_asked_for_any_more(session: Session):
    part = handed_over_part(session, method=Method.CASH, cash_received=False)
    return_part(session, part.id, seller_share=0, reason=WHY, person_id=None, restock=False)
    assert (part.state, session.scalars(select(Refund)).all()) == ("returned", [])
    assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_after_its_end_an_undone_part_can_still_give_back_what_was_kept(session: Session):
    part = accepted_part(session, delivery=DeliveryKind.DELIVERY)
    cancel_part(session, part.id, actor="staff", person_id=None, reason=WHY, delivery=0)
    assert -balance(session, A.PAYABLE, part.seller_id) == part.delivery
    back(session, part, 0, 0, delivery=part.delivery)
    assert balance(session, A.PAYABLE, part.seller_id) == 0
    assert whole(session)
