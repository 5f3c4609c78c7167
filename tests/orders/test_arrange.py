"""A fee to agree on is named, agreed to and paid in this order, each once, or all of it ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.catalog.models import Variant
from shop.check import check_orders, check_stock
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.orders.arrange import FeeChanged, agree, decline_to_bring, expire_unagreed, name_fee
from shop.orders.cancel import cancel, cancel_part
from shop.orders.checkout import Changed, place
from shop.orders.decline import NoReason
from shop.orders.models import Order, SellerOrder, SellerOrderEvent
from shop.orders.place_order import ChangeKind
from shop.orders.states import DeliveryKind
from shop.payments.expire import expire_due
from shop.payments.models import Payment, PaymentPart
from shop.payments.settle import settle
from shop.payments.start import NoFreeCode
from shop.payments.states import Method
from shop.sellers.models import DeliveryZone, Seller
from tests.catalog.offered import offer
from tests.factories.orders import filled_in, payment_of
from tests.factories.people import make_person
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
PENYENGAT = "21.72.03.1004"


def arranged(
    session: Session, *, sellers: int = 1, method: Method = Method.TRANSFER, key: str = "k"
) -> Order:
    """An order to the island, where no seller has a fee: Rp30.000 of each, by arrangement."""
    things = []
    for number in range(sellers):
        seller = make_seller(session, f"Penjual {number}")
        seller.arranges = True
        things.append((offer(session, seller, on_hand=5), 2))
    wanted = filled_in(
        *things, key=key, method=method, delivery=DeliveryKind.ARRANGED, kelurahan=PENYENGAT
    )
    return place(session, wanted)


def name(session: Session, part: SellerOrder, fee: int) -> None:
    name_fee(session, part.id, fee, person_id=make_person(session).id)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def reserved(session: Session) -> list[int]:
    return list(session.scalars(select(Variant.reserved).order_by(Variant.id)))


def test_nothing_is_to_be_paid_before_the_fee_is_agreed_on(session: Session, noon: datetime):
    order = arranged(session)
    assert (order.total, order.delivery, order.unique_code) == (30_000, 0, 0)
    assert [part.state for part in order.parts] == ["unpaid"]
    assert count(session, Payment) == 0
    assert reserved(session) == [2]
    assert order.expires_at == noon + timedelta(hours=24)
    assert session.scalars(select(Notification.kind)).all() == ["fee_wanted"]


def test_in_cash_nothing_begins_before_it_either(session: Session):
    order = arranged(session, method=Method.CASH)
    assert [part.state for part in order.parts] == ["unpaid"]
    assert count(session, Payment) == 0


def test_named_and_agreed_it_is_to_be_paid(session: Session, noon: datetime):
    order = arranged(session)
    with clock.at(noon + timedelta(hours=20)):
        name(session, order.parts[0], 25_000)
        assert order.expires_at == noon + timedelta(hours=44)
        assert (order.total, order.parts[0].delivery, order.delivery) == (30_000, 0, 0)
    with clock.at(noon + timedelta(hours=43)):
        assert agree(session, order.id, total_seen=55_000) is True
    session.expire_all()
    part, payment = order.parts[0], payment_of(session, order)
    assert (part.delivery, part.total, part.state) == (25_000, 55_000, "unpaid")
    assert (order.delivery, order.total) == (25_000, 55_000 + payment.unique_code)
    assert payment.amount == order.total
    assert payment.expires_at == order.expires_at == noon + timedelta(hours=67)
    settle(session, payment.id, actor="staff", person_id=None)
    session.expire_all()
    assert part.state == "waiting"


def test_in_cash_work_begins_as_soon_as_she_agrees(session: Session):
    order = arranged(session, sellers=2, method=Method.CASH)
    for part in order.parts:
        name(session, part, 10_000)
    agree(session, order.id, total_seen=80_000)
    session.expire_all()
    assert [part.state for part in order.parts] == ["waiting", "waiting"]
    assert order.expires_at is None
    amounts = session.scalars(select(PaymentPart.amount)).all()
    assert amounts == [40_000, 40_000]


def test_every_fee_must_be_named_first(session: Session):
    order = arranged(session, sellers=2)
    name(session, order.parts[0], 10_000)
    with pytest.raises(IllegalMove):
        agree(session, order.id, total_seen=70_000)
    name(session, order.parts[1], 0)
    assert agree(session, order.id, total_seen=70_000)


def test_each_step_is_written_down(session: Session):
    order = arranged(session)
    name(session, order.parts[0], 25_000)
    agree(session, order.id, total_seen=55_000)
    events = session.execute(
        select(SellerOrderEvent.actor, SellerOrderEvent.source, SellerOrderEvent.target,
               SellerOrderEvent.reason).order_by(SellerOrderEvent.id)
    ).all()  # fmt: skip
    assert [tuple(event) for event in events] == [
        ("seller", "unpaid", "unpaid", "Rp25.000"),
        ("buyer", "unpaid", "unpaid", "Rp25.000"),
    ]


def test_agreeing_twice_asks_for_the_money_once(session: Session):
    order = arranged(session)
    name(session, order.parts[0], 25_000)
    assert agree(session, order.id, total_seen=55_000) is True
    assert agree(session, order.id, total_seen=55_000) is False
    assert count(session, Payment) == 1
    assert order.delivery == 25_000


def test_the_same_fee_twice_is_named_once(session: Session, noon: datetime):
    order = arranged(session)
    name(session, order.parts[0], 25_000)
    with clock.at(noon + timedelta(hours=5)):
        name(session, order.parts[0], 25_000)
    assert count(session, SellerOrderEvent) == 1
    assert order.expires_at == noon + timedelta(hours=24)


def test_a_fee_changed_in_another_tab_is_shown_first(session: Session):
    order = arranged(session)
    name(session, order.parts[0], 25_000)
    name(session, order.parts[0], 35_000)
    with pytest.raises(FeeChanged):
        agree(session, order.id, total_seen=55_000)
    assert count(session, Payment) == 0
    assert agree(session, order.id, total_seen=65_000)


def test_once_agreed_the_fee_stays(session: Session):
    order = arranged(session)
    name(session, order.parts[0], 25_000)
    agree(session, order.id, total_seen=55_000)
    with pytest.raises(IllegalMove):
        name(session, order.parts[0], 5_000)
    assert order.parts[0].delivery == 25_000


def test_only_what_is_arranged_has_a_fee_to_name(session: Session):
    order = place(session, filled_in((offer(session, on_hand=5), 1)))
    with pytest.raises(IllegalMove):
        name(session, order.parts[0], 5_000)
    with pytest.raises(IllegalMove):
        agree(session, order.id, total_seen=15_000)


@pytest.mark.parametrize("fee", [-1, 500_001, 10**9])
def test_a_fee_out_of_range_is_refused(session: Session, fee: int):
    order = arranged(session)
    with pytest.raises(ValueError, match="rupiah"):
        name(session, order.parts[0], fee)


def test_unnamed_it_ends_and_its_pieces_go_back(session: Session, noon: datetime):
    order = arranged(session, sellers=2)
    with clock.at(noon + timedelta(hours=24, minutes=-1)):
        assert expire_unagreed(session) == 0
    with clock.at(noon + timedelta(hours=24)):
        with pytest.raises(IllegalMove):
            name(session, order.parts[0], 25_000)
        assert expire_unagreed(session) == 1
        assert expire_unagreed(session) == 0
    session.expire_all()
    assert [part.state for part in order.parts] == ["expired", "expired"]
    assert reserved(session) == [0, 0]


def test_not_agreed_on_in_time_it_ends(session: Session, noon: datetime):
    order = arranged(session)
    with clock.at(noon + timedelta(hours=10)):
        name(session, order.parts[0], 25_000)
    with clock.at(noon + timedelta(hours=30)):
        assert expire_unagreed(session) == 0
    with clock.at(noon + timedelta(hours=34)):
        with pytest.raises(IllegalMove):
            agree(session, order.id, total_seen=55_000)
        assert expire_unagreed(session) == 1
    assert reserved(session) == [0]


def test_agreed_but_not_paid_it_ends_as_any_order(session: Session, noon: datetime):
    order = arranged(session)
    name(session, order.parts[0], 25_000)
    agree(session, order.id, total_seen=55_000)
    with clock.at(noon + timedelta(hours=24)):
        assert expire_unagreed(session) == 0
        assert expire_due(session) == 1
    session.expire_all()
    assert [part.state for part in order.parts] == ["expired"]
    assert reserved(session) == [0]


def test_the_buyer_can_call_it_off_until_she_agrees(session: Session):
    order = arranged(session)
    name(session, order.parts[0], 25_000)
    cancel(session, order.id, actor="buyer", person_id=None)
    with pytest.raises(IllegalMove):
        agree(session, order.id, total_seen=55_000)
    with pytest.raises(IllegalMove):
        name(session, order.parts[0], 5_000)
    assert reserved(session) == [0]
    assert expire_unagreed(session) == 0


def test_one_part_of_an_unpaid_order_is_not_called_off_alone(session: Session):
    order = arranged(session, sellers=2)
    with pytest.raises(IllegalMove):
        cancel_part(session, order.parts[0].id, actor="buyer", person_id=None)


def test_without_a_free_code_nothing_is_agreed(session: Session, monkeypatch: pytest.MonkeyPatch):
    def none_left(_session: Session, total: int, *_about: object) -> int:
        raise NoFreeCode(total)

    order = arranged(session)
    name(session, order.parts[0], 25_000)
    session.commit()
    monkeypatch.setattr("shop.payments.start.free_code", none_left)
    with pytest.raises(NoFreeCode):
        agree(session, order.id, total_seen=55_000)
    session.rollback()
    assert order.parts[0].agreed_at is None
    assert order.delivery == 0


def test_who_does_not_arrange_is_not_asked(session: Session):
    variant = offer(session, on_hand=5)
    wanted = filled_in((variant, 1), delivery=DeliveryKind.ARRANGED, kelurahan=PENYENGAT)
    with pytest.raises(Changed) as told:
        place(session, wanted)
    assert [change.kind for change in told.value.changes] == [ChangeKind.NO_DELIVERY]


def test_a_fee_that_stands_by_now_is_taken_instead(session: Session):
    variant = offer(session, on_hand=5)
    session.get_one(Seller, variant.seller_id).arranges = True
    session.add(DeliveryZone(seller_id=variant.seller_id, zone="E", fee=15_000))
    session.flush()
    wanted = filled_in((variant, 1), delivery=DeliveryKind.ARRANGED, kelurahan=PENYENGAT)
    with pytest.raises(Changed) as told:
        place(session, wanted)
    [change] = told.value.changes
    assert (change.kind, change.now) == (ChangeKind.DELIVERY_FEE, 15_000)


def test_a_fee_that_stands_no_more_is_to_be_arranged(session: Session):
    variant = offer(session, on_hand=5)
    session.get_one(Seller, variant.seller_id).arranges = True
    session.flush()
    wanted = filled_in((variant, 1), delivery=DeliveryKind.DELIVERY, kelurahan=PENYENGAT)
    with pytest.raises(Changed) as told:
        place(session, wanted)
    assert [change.kind for change in told.value.changes] == [ChangeKind.ARRANGE]


def decline(session: Session, part: SellerOrder, reason: str = "Laut berombak") -> None:
    decline_to_bring(session, part.id, person_id=make_person(session).id, reason=reason)


@pytest.mark.parametrize("method", [Method.TRANSFER, Method.CASH])
def test_a_seller_who_cannot_bring_it_ends_the_order(session: Session, method: Method):
    order = arranged(session, sellers=2, method=method)
    mine, other = order.parts
    name(session, mine, 10_000)
    decline(session, mine)
    session.expire_all()
    assert (mine.state, other.state) == ("declined", "cancelled")
    assert [line.cancelled for part in order.parts for line in part.lines] == [2, 2]
    assert reserved(session) == [0, 0]
    assert count(session, Payment) == 0
    told = session.scalars(select(Notification).where(Notification.order_id == order.id)).all()
    (news,) = [one for one in told if one.kind == "order_not_brought"]
    assert (news.detail["seller"], news.detail["reason"]) == ("Penjual 0", "Laut berombak")
    assert not [finding.line for finding in check_orders(session) if finding.faults]
    promised = next(found for found in check_stock(session) if "promised pieces" in found.line)
    assert not promised.faults


def test_declined_twice_gives_pieces_back_once(session: Session):
    order = arranged(session)
    decline(session, order.parts[0])
    with pytest.raises(IllegalMove):
        decline(session, order.parts[0])
    assert reserved(session) == [0]
    with pytest.raises(IllegalMove):
        agree(session, order.id, total_seen=30_000)
    assert expire_unagreed(session) == 0


def test_a_part_is_not_left_unbrought_without_a_word(session: Session):
    order = arranged(session)
    with pytest.raises(NoReason):
        decline(session, order.parts[0], "  ")
    assert order.parts[0].state == "unpaid"


def test_what_was_agreed_on_or_ran_out_is_not_declined(session: Session):
    order = arranged(session)
    name(session, order.parts[0], 5_000)
    agree(session, order.id, total_seen=35_000)
    with pytest.raises(IllegalMove):
        decline(session, order.parts[0])
    late = arranged(session, key="late")
    with clock.at(late.expires_at), pytest.raises(IllegalMove):
        decline(session, late.parts[0])
    assert {order.parts[0].state, late.parts[0].state} == {"unpaid"}


def test_a_part_with_a_known_fee_is_not_declined_unpaid(session: Session):
    thing = offer(session, make_seller(session, "Ambil"), on_hand=5)
    part = place(session, filled_in((thing, 1), key="pickup")).parts[0]
    with pytest.raises(IllegalMove):
        decline(session, part)
    assert part.state == "unpaid"
