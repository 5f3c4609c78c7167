"""Pieces of a part are declined or cancelled: stock and money go back once, the rest goes on."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.core.lifecycle import IllegalMove
from shop.ledger.fees import set_rule
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.accept import accept
from shop.orders.cancel import cancel_part
from shop.orders.cancel_lines import cancel_lines
from shop.orders.chosen_lines import (
    BadShare,
    NothingChosen,
    TooManyPieces,
    TooMuchBack,
    UnknownLine,
)
from shop.orders.complete import complete
from shop.orders.decline import NoReason
from shop.orders.decline_lines import decline_lines
from shop.orders.hand_over import hand_over, receive_cash
from shop.orders.models import OrderLine, SellerOrder, SellerOrderEvent
from shop.orders.ready import ready
from shop.orders.states import DeliveryKind
from shop.payments.models import Payment, PaymentEvent, Refund, RefundLine
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import accepted_part, handed_over_part, paid_order, placed_order

pytestmark = pytest.mark.both
WHY = "Cetakan lapis rusak"


def two_things(session: Session) -> tuple[Variant, Variant]:
    one = offer(session, on_hand=10)
    other = offer(session, on_hand=10, seller=one.product.seller)
    return one, other


def lines_of(part: SellerOrder) -> list[OrderLine]:
    return sorted(part.lines, key=lambda line: line.position)


def no_money_is_lost(session: Session) -> None:
    assert (session.scalar(select(func.sum(Account.balance))) or 0) == 0


def test_a_declined_piece_frees_its_stock_and_its_price(session: Session):
    one, other = two_things(session)
    part = paid_order(session, (one, 3), (other, 2), delivery=DeliveryKind.DELIVERY).parts[0]
    first, second = lines_of(part)
    decline_lines(session, part.id, {first.id: 2}, person_id=None, reason=f" {WHY} ")
    assert part.state == "waiting"
    assert (one.reserved, other.reserved) == (1, 2)
    assert (first.quantity, first.cancelled, first.refunded) == (3, 2, 0)
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.delivery, refund.seller_share) == (30_000, 0, 30_000)
    assert refund.reason == WHY
    row = session.scalars(select(RefundLine)).one()
    assert (row.order_line_id, row.quantity, row.amount) == (first.id, 2, 30_000)
    assert balance(session, A.HELD, part.seller_id) == -(part.total - 30_000)
    event = session.scalars(select(SellerOrderEvent).where(SellerOrderEvent.reason == WHY)).one()
    assert (event.source, event.target, event.actor) == ("waiting", "waiting", "seller")
    assert second.cancelled == 0


def test_what_is_left_is_completed_and_its_fee_recomputed(session: Session):
    set_rule(session, 733, None)
    one, other = two_things(session)
    part = paid_order(session, (one, 3), (other, 2)).parts[0]
    first, _ = lines_of(part)
    decline_lines(session, part.id, {first.id: 1}, person_id=None, reason=WHY)
    for step in (accept, ready, hand_over):
        step(session, part.id, None)
    assert (one.on_hand, other.on_hand) == (8, 8)
    complete(session, part.id, actor="buyer")
    fee = (30_000 * 733 + 5_000) // 10_000 * 2  # two lines of Rp30.000 each stand
    assert -balance(session, A.PAYABLE, part.seller_id) == 60_000 - fee
    assert -balance(session, A.FEE) == fee
    assert balance(session, A.HELD, part.seller_id) == 0
    no_money_is_lost(session)


def test_declining_the_last_pieces_declines_the_part_with_its_delivery_fee(session: Session):
    one, other = two_things(session)
    part = paid_order(session, (one, 1), (other, 2), delivery=DeliveryKind.DELIVERY).parts[0]
    first, second = lines_of(part)
    decline_lines(session, part.id, {first.id: 1}, person_id=None, reason=WHY)
    decline_lines(session, part.id, {second.id: 2}, person_id=None, reason=WHY)
    assert part.state == "declined"
    assert part.delivery > 0
    amounts = session.scalars(select(Refund.amount).order_by(Refund.granted_at)).all()
    assert list(amounts) == [15_000, 30_000 + part.delivery]
    assert (one.reserved, other.reserved) == (0, 0)
    assert balance(session, A.HELD, part.seller_id) == 0


def test_the_same_press_takes_pieces_off_once(session: Session):
    one, _ = two_things(session)
    part = paid_order(session, (one, 5)).parts[0]
    [line] = part.lines
    for _ in range(2):
        decline_lines(session, part.id, {line.id: 2}, person_id=None, reason=WHY, key="press")
    session.refresh(line)
    assert (line.cancelled, one.reserved) == (2, 3)
    assert session.scalar(select(func.sum(Refund.amount))) == 30_000


def test_cash_is_asked_for_less_and_not_at_all_when_nothing_is_left(session: Session):
    one, _ = two_things(session)
    part = placed_order(session, (one, 3), method=Method.CASH).parts[0]
    [line] = part.lines
    decline_lines(session, part.id, {line.id: 1}, person_id=None, reason=WHY)
    payment = session.scalars(select(Payment)).one()
    assert (payment.amount, payment.parts[0].amount, payment.state) == (30_000, 30_000, "pending")
    assert session.scalars(select(PaymentEvent.reason)).all() == [WHY]
    session.refresh(line)
    assert (line.cancelled, line.lowered, one.reserved) == (1, 15_000, 2)
    decline_lines(session, part.id, {line.id: 2}, person_id=None, reason=WHY)
    session.refresh(payment)
    assert (part.state, payment.state, one.reserved) == ("declined", "cancelled", 0)
    assert session.scalars(select(Refund)).all() == []


def test_lowered_cash_is_what_the_seller_takes_and_earns(session: Session):
    set_rule(session, 500, None)
    one, _ = two_things(session)
    part = placed_order(session, (one, 3), method=Method.CASH).parts[0]
    [line] = part.lines
    decline_lines(session, part.id, {line.id: 1}, person_id=None, reason=WHY)
    accept(session, part.id, None)
    ready(session, part.id, None)
    hand_over(session, part.id, None, cash_received=True)
    assert balance(session, A.CASH, part.seller_id) == 30_000
    complete(session, part.id, actor="buyer")
    assert balance(session, A.CASH, part.seller_id) == 0
    assert balance(session, A.PAYABLE, part.seller_id) == 1_500
    no_money_is_lost(session)


def test_cash_the_seller_has_already_is_sent_back_and_owed_by_her(session: Session):
    part = accepted_part(session, (offer(session, on_hand=9), 2), method=Method.CASH)
    receive_cash(session, part.id, None)
    cancel_part(session, part.id, actor="staff", person_id=None, reason=WHY)
    assert session.scalars(select(Refund.amount)).one() == 30_000
    assert balance(session, A.CASH, part.seller_id) == 0
    assert balance(session, A.HELD, part.seller_id) == 0
    assert balance(session, A.PAYABLE, part.seller_id) == 30_000
    no_money_is_lost(session)


def test_what_the_programme_bears_stays_with_the_seller(session: Session):
    one, _ = two_things(session)
    part = accepted_part(session, (one, 3), delivery=DeliveryKind.DELIVERY)
    cancel_part(
        session, part.id, actor="staff", person_id=None, reason=WHY, seller_share=0,
        delivery=part.delivery,
    )  # fmt: skip
    assert session.scalars(select(Refund.amount)).one() == part.total
    assert balance(session, A.GOODWILL) == part.total
    assert balance(session, A.HELD, part.seller_id) == 0
    assert -balance(session, A.PAYABLE, part.seller_id) == part.total
    no_money_is_lost(session)


def test_staff_may_keep_the_delivery_fee(session: Session):
    one, _ = two_things(session)
    part = accepted_part(session, (one, 1), delivery=DeliveryKind.DELIVERY)
    cancel_part(session, part.id, actor="staff", person_id=None, reason=WHY, delivery=0)
    assert session.scalars(select(Refund.amount)).one() == 15_000
    assert -balance(session, A.PAYABLE, part.seller_id) == part.delivery
    assert balance(session, A.HELD, part.seller_id) == 0


def test_staff_cancel_pieces_that_are_ready_and_share_the_cost(session: Session):
    one, _ = two_things(session)
    part = accepted_part(session, (one, 4))
    ready(session, part.id, None)
    [line] = part.lines
    cancel_lines(
        session, part.id, {line.id: 2}, person_id=None, reason=WHY, seller_share=10_000, key="a"
    )
    cancel_lines(
        session, part.id, {line.id: 2}, person_id=None, reason=WHY, seller_share=10_000, key="a"
    )
    session.refresh(line)
    assert (part.state, line.cancelled, line.borne, one.reserved) == ("ready", 2, 10_000, 2)
    assert balance(session, A.GOODWILL) == 20_000
    assert -balance(session, A.HELD, part.seller_id) == 50_000


@pytest.mark.parametrize("pieces", [-1, 10**9, 4, 1.5, True, "2"])
def test_pieces_that_are_not_there_are_refused(session: Session, pieces: int):
    one, _ = two_things(session)
    part = paid_order(session, (one, 3)).parts[0]
    [line] = part.lines
    with pytest.raises(TooManyPieces):
        decline_lines(session, part.id, {line.id: pieces}, person_id=None, reason=WHY)
    with pytest.raises(TooManyPieces):
        cancel_lines(session, part.id, {line.id: pieces}, person_id=None, reason=WHY)
    session.refresh(line)
    assert (line.cancelled, one.reserved, session.scalars(select(Refund)).all()) == (0, 3, [])


def test_a_line_of_another_order_is_refused(session: Session):
    one, other = two_things(session)
    part = paid_order(session, (one, 3)).parts[0]
    foreign = paid_order(session, (other, 3)).parts[0].lines[0]
    for wanted in ({foreign.id: 1}, {uuid.uuid4(): 1}):
        with pytest.raises(UnknownLine):
            decline_lines(session, part.id, wanted, person_id=None, reason=WHY)
    session.refresh(foreign)
    assert (foreign.cancelled, one.reserved, other.reserved) == (0, 3, 3)


def test_nothing_chosen_and_no_word_are_refused(session: Session):
    part = paid_order(session).parts[0]
    [line] = part.lines
    with pytest.raises(NothingChosen):
        decline_lines(session, part.id, {line.id: 0}, person_id=None, reason=WHY)
    with pytest.raises(NoReason):
        decline_lines(session, part.id, {line.id: 1}, person_id=None, reason="  ")
    with pytest.raises(NoReason):
        cancel_lines(session, part.id, {line.id: 1}, person_id=None, reason="")


def test_a_share_or_delivery_beyond_the_sum_is_refused(session: Session):
    part = accepted_part(session, delivery=DeliveryKind.DELIVERY)
    [line] = part.lines
    with pytest.raises(BadShare), session.begin_nested():
        cancel_lines(
            session, part.id, {line.id: 1}, person_id=None, reason=WHY, seller_share=15_001
        )
    with pytest.raises(TooMuchBack), session.begin_nested():
        cancel_lines(
            session, part.id, {line.id: 1}, person_id=None, reason=WHY, delivery=part.delivery + 1
        )
    session.expire_all()
    assert session.scalars(select(Refund)).all() == []
    assert line.cancelled == 0


def test_pieces_move_only_before_the_part_is_ready_or_handed_over(session: Session):
    unpaid = placed_order(session).parts[0]
    gone = handed_over_part(session)
    made = accepted_part(session)
    ready(session, made.id, None)
    for part in (unpaid, gone, made):
        with pytest.raises(IllegalMove):
            decline_lines(session, part.id, {part.lines[0].id: 1}, person_id=None, reason=WHY)
    for part in (unpaid, gone):
        with pytest.raises(IllegalMove):
            cancel_lines(session, part.id, {part.lines[0].id: 1}, person_id=None, reason=WHY)
