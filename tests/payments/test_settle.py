"""Money that arrives is booked once, whoever says so and however often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.reserve import SoldOut
from shop.core import clock, events, ids
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Account, Entry
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders import follow
from shop.orders.models import Order
from shop.payments.cancel import cancel
from shop.payments.events import (
    PaymentCameLate,
    PaymentChanged,
    PaymentExpired,
    PaymentSettled,
)
from shop.payments.expire import expire_due
from shop.payments.models import Payment, PaymentEvent, Refund
from shop.payments.settle import AlreadySettled, claim, not_arrived, settle, settle_cash
from shop.payments.states import Method, PaymentState
from tests.factories.payments import EVIDENCE, make_payment
from tests.factories.people import make_person
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def heard(app: object) -> Iterator[list[object]]:
    """What the rooms above are told of money; they answer nothing."""
    before = dict(events._handlers)
    told: list[object] = []
    kinds = (PaymentSettled, PaymentExpired, PaymentCameLate)
    listening = {kind: [lambda _session, event: told.append(event)] for kind in kinds}
    events.wire({**listening, PaymentChanged: [follow.follow]})
    yield told
    events.wire(before)


def sold_out(_session: Session, _event: object) -> None:
    raise SoldOut(ids.new_id(), 0)


def confirm(session: Session, payment: Payment) -> PaymentState:
    return settle(session, payment.id, actor="staff", person_id=None, evidence=EVIDENCE)


def everything(session: Session) -> int:
    return sum(session.scalars(select(Account.balance)))


def test_a_transfer_is_booked_with_its_code_apart(session: Session, heard: list[object]):
    rohana, melur = make_seller(session), make_seller(session, "Melur")
    payment = make_payment(session, (rohana, 30_000), (melur, 12_500), code=247)
    staff = make_person(session, name="Hendri")
    state = settle(session, payment.id, actor="staff", person_id=staff.id, evidence=EVIDENCE)
    assert state is PaymentState.SETTLED
    assert balance(session, A.BANK) == 42_747
    assert balance(session, A.HELD, rohana.id) == -30_000
    assert balance(session, A.HELD, melur.id) == -12_500
    assert balance(session, A.SURPLUS) == -247
    session.refresh(payment)
    assert (payment.settled_by, payment.evidence) == (staff.id, EVIDENCE)
    assert heard == [PaymentSettled(payment.id)]


def test_qris_and_card_money_lies_elsewhere(session: Session, heard: list[object]):
    seller = make_seller(session)
    confirm(session, make_payment(session, (seller, 10_000), method=Method.QRIS, code=7))
    settle(
        session,
        make_payment(session, (seller, 20_000), method=Method.CARD).id,
        actor="provider",
        person_id=None,
    )
    assert (balance(session, A.QRIS), balance(session, A.CARD)) == (10_007, 20_000)
    assert balance(session, A.BANK) == 0


def test_settling_twice_books_once(session: Session, heard: list[object]):
    payment = make_payment(session, (make_seller(session), 30_000))
    confirm(session, payment)
    with pytest.raises(AlreadySettled):
        confirm(session, payment)
    assert balance(session, A.BANK) == 30_000
    assert len(heard) == 1


def test_the_buyers_word_can_be_confirmed_or_not(session: Session, heard: list[object]):
    payment = make_payment(session, (make_seller(session), 30_000))
    claim(session, payment.id)
    claim(session, payment.id)
    session.refresh(payment)
    assert payment.state == PaymentState.CLAIMED
    not_arrived(session, payment.id, person_id=None)
    session.refresh(payment)
    assert (payment.state, payment.claimed_at) == (PaymentState.PENDING, None)
    claim(session, payment.id)
    assert confirm(session, payment) is PaymentState.SETTLED


@pytest.mark.parametrize(("left", "given"), [(-1, 6), (5, 6), (9, 9)])
def test_who_is_asked_once_more_has_hours_to_answer(
    session: Session, heard: list[object], noon: datetime, left: int, given: int
):
    payment = make_payment(
        session, (make_seller(session), 30_000), expires_at=noon + timedelta(hours=left)
    )
    claim(session, payment.id)
    until = not_arrived(session, payment.id, person_id=None)
    session.refresh(payment)
    order = session.get_one(Order, payment.order_id, populate_existing=True)
    assert payment.expires_at == order.expires_at == until == noon + timedelta(hours=given)
    with clock.at(until - timedelta(seconds=1)):
        assert expire_due(session) == 0
    with clock.at(until):
        assert expire_due(session) == 1


def test_cash_is_in_the_sellers_hand(session: Session, heard: list[object]):
    seller = make_seller(session)
    payment = make_payment(session, (seller, 30_000), method=Method.CASH)
    settle_cash(session, payment.id, person_id=None)
    assert balance(session, A.CASH, seller.id) == 30_000
    assert balance(session, A.HELD, seller.id) == -30_000
    with pytest.raises(AlreadySettled):
        settle_cash(session, payment.id, person_id=None)


def test_ways_are_not_mixed_up(session: Session, heard: list[object]):
    seller = make_seller(session)
    cash = make_payment(session, (seller, 30_000), method=Method.CASH)
    transfer = make_payment(session, (seller, 31_000))
    with pytest.raises(IllegalMove):
        confirm(session, cash)
    with pytest.raises(IllegalMove):
        settle_cash(session, transfer.id, person_id=None)
    assert session.scalar(select(Entry.id)) is None


def test_nobody_pays_after_the_time_is_over(session: Session, heard: list[object]):
    now = clock.now()
    seller = make_seller(session)
    late = make_payment(session, (seller, 30_000), expires_at=now - timedelta(minutes=1))
    said = make_payment(session, (seller, 31_000), expires_at=now - timedelta(minutes=1))
    early = make_payment(session, (seller, 32_000), expires_at=now + timedelta(minutes=1))
    claim(session, said.id)
    assert expire_due(session) == 1
    assert expire_due(session) == 0
    states = [
        session.get_one(Payment, p.id, populate_existing=True).state for p in (late, said, early)
    ]
    assert states == ["expired", "claimed", "pending"]
    assert heard == [PaymentExpired(late.id)]


def test_one_payment_that_cannot_expire_stops_no_other(session: Session, heard: list[object]):
    over = clock.now() - timedelta(minutes=1)
    seller = make_seller(session)
    bad = make_payment(session, (seller, 30_000), expires_at=over)
    good = make_payment(session, (seller, 31_000), expires_at=over)

    def refuse_bad(_session: Session, event: PaymentExpired) -> None:
        if event.payment_id == bad.id:
            raise RuntimeError("no")

    events.wire({PaymentExpired: [refuse_bad]})
    assert expire_due(session) == 1
    session.expire_all()
    assert (bad.state, good.state) == ("pending", "expired")


def expired(session: Session, amount: int = 30_000) -> Payment:
    payment = make_payment(
        session, (make_seller(session), amount), expires_at=clock.now() - timedelta(minutes=1)
    )
    expire_due(session)
    return payment


def test_late_money_takes_the_order_back(session: Session, heard: list[object]):
    payment = expired(session)
    heard.clear()
    assert confirm(session, payment) is PaymentState.SETTLED
    assert heard == [PaymentCameLate(payment.id), PaymentSettled(payment.id)]
    assert balance(session, A.BANK) == 30_000


def test_money_that_comes_more_than_a_week_late_goes_back(session: Session, heard: list[object]):
    payment = expired(session)
    heard.clear()
    with clock.at(clock.now() + timedelta(days=7)):
        assert confirm(session, payment) is PaymentState.LATE
    assert heard == []
    assert balance(session, A.REFUNDS) == -30_000


def test_late_money_for_what_is_gone_goes_back(session: Session, heard: list[object]):
    payment = expired(session)
    events.wire({PaymentCameLate: [sold_out]})
    assert confirm(session, payment) is PaymentState.LATE
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.state) == (30_000, "due")
    assert balance(session, A.BANK) == 30_000
    assert balance(session, A.SUSPENSE) == 0
    assert balance(session, A.REFUNDS) == -30_000
    assert everything(session) == 0
    with pytest.raises(AlreadySettled):
        confirm(session, payment)


def test_what_a_refused_order_began_is_undone(session: Session, heard: list[object]):
    payment = expired(session)

    def half(session: Session, event: PaymentCameLate) -> None:
        session.get_one(Payment, event.payment_id).evidence = "half"
        session.flush()
        sold_out(session, event)

    events.wire({PaymentCameLate: [half]})
    confirm(session, payment)
    session.refresh(payment)
    assert payment.evidence == EVIDENCE


def test_money_for_a_cancelled_order_goes_back(session: Session, heard: list[object]):
    payment = make_payment(session, (make_seller(session), 30_000))
    cancel(session, payment.id, "buyer", None)
    assert confirm(session, payment) is PaymentState.LATE
    assert balance(session, A.REFUNDS) == -30_000


def test_a_buyer_cannot_cancel_what_was_said_to_be_sent(session: Session, heard: list[object]):
    payment = make_payment(session, (make_seller(session), 30_000))
    claim(session, payment.id)
    with pytest.raises(IllegalMove):
        cancel(session, payment.id, "buyer", None)
    cancel(session, payment.id, "staff", None, "wrong sum")
    assert session.scalars(select(PaymentEvent.target).order_by(PaymentEvent.id)).all() == [
        "claimed",
        "cancelled",
    ]
