"""An order is placed whole, at the prices that were seen, once for each key, or not at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.catalog.models import Product, Variant
from shop.catalog.states import ProductState
from shop.core import ids
from shop.ledger.fees import end_rule, set_rule
from shop.orders.checkout import Changed, KeyReused, PartWanted, PlaceOrder, place
from shop.orders.models import Order, OrderLine, SellerOrder, SellerOrderEvent
from shop.orders.place_order import ChangeKind
from shop.orders.states import DeliveryKind
from shop.payments.models import Payment
from shop.payments.states import Method
from shop.sellers.models import DeliveryZone, Seller, ShareRule
from tests.catalog.offered import offer
from tests.factories.orders import filled_in, payment_of, placed_order
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
FAR_AWAY = "21.72.03.1004"


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def changes(session: Session, wanted: PlaceOrder) -> list[tuple[ChangeKind, int, int]]:
    """What stands against the order; and nothing of it was written."""
    with pytest.raises(Changed) as told:
        place(session, wanted)
    assert count(session, Order) == count(session, OrderLine) == count(session, Payment) == 0
    assert not any(session.scalars(select(Variant.reserved)))
    return [(change.kind, change.before, change.now) for change in told.value.changes]


def test_every_figure_of_an_order_of_two_sellers(session: Session, noon: datetime):
    set_rule(session, 500, None)
    rohana, melur = make_seller(session), make_seller(session, "Melur")
    crackers, cake = offer(session, rohana, on_hand=10), offer(session, melur, on_hand=None)
    cake.price = 45_010
    session.get_one(Product, cake.product_id).lead_days = 3
    session.flush()
    order = place(session, filled_in((crackers, 2), (cake, 1), delivery=DeliveryKind.DELIVERY))
    first, second = order.parts
    assert (first.goods, first.delivery, first.total, first.fee) == (30_000, 10_000, 40_000, 1_500)
    assert (second.goods, second.delivery, second.total) == (45_010, 10_000, 55_010)
    assert second.fee == 2_251  # 2.250,5 rounded up
    assert (order.goods, order.delivery) == (75_010, 20_000)
    assert order.total == 95_010 + order.unique_code
    assert 1 <= order.unique_code <= 999
    assert (first.due_on, second.due_on) == (date(2026, 11, 25), date(2026, 11, 28))
    assert order.expires_at == noon + timedelta(hours=24)
    assert [crackers.reserved, cake.reserved] == [2, 1]
    assert ids.is_number(order.number)
    [line] = second.lines
    assert (line.name, line.unit_price, line.quantity, line.total) == (
        "Kerupuk Tenggiri", 45_010, 1, 45_010,
    )  # fmt: skip


def test_a_transfer_waits_for_money_before_anybody_works(session: Session):
    order = placed_order(session)
    assert [part.state for part in order.parts] == ["unpaid"]
    payment = payment_of(session, order)
    assert (payment.amount, payment.unique_code) == (order.total, order.unique_code)
    assert [part.amount for part in payment.parts] == [30_000]
    assert count(session, Notification) == 0


def test_cash_is_paid_to_each_seller_and_work_begins(session: Session):
    things = [(offer(session, on_hand=5), 1), (offer(session, on_hand=5), 2)]
    order = placed_order(session, *things, method=Method.CASH)
    assert [part.state for part in order.parts] == ["waiting", "waiting"]
    assert order.unique_code == 0
    assert order.total == 45_000
    assert order.expires_at is None
    amounts = session.scalars(select(Payment.amount).order_by(Payment.amount)).all()
    assert amounts == [15_000, 30_000]
    assert session.scalars(select(SellerOrderEvent.actor)).all() == ["payment", "payment"]
    told = session.scalars(select(Notification)).all()
    assert {news.seller_id for news in told} == {part.seller_id for part in order.parts}
    assert {news.link for news in told} == {f"/sell/orders/{part.id}" for part in order.parts}


def test_the_same_key_gives_the_same_order(session: Session):
    wanted = filled_in((offer(session, on_hand=5), 2))
    order = place(session, wanted)
    assert place(session, wanted) is order
    assert count(session, Order) == 1
    assert session.scalars(select(Variant.reserved)).one() == 2


def test_the_same_key_with_other_content_is_refused(session: Session):
    variant = offer(session, on_hand=5)
    order = place(session, filled_in((variant, 2), key="k"))
    with pytest.raises(KeyReused) as told:
        place(session, filled_in((variant, 3), key="k"))
    assert told.value.order is order
    assert count(session, Order) == 1


def test_two_lines_of_one_variant_are_one(session: Session):
    variant = offer(session, on_hand=4)
    order = place(session, filled_in((variant, 2), (variant, 2)))
    assert session.scalars(select(OrderLine.quantity)).all() == [4]
    assert order.goods == 60_000


def test_two_lines_of_one_variant_do_not_pass_the_stock_together(session: Session):
    variant = offer(session, on_hand=3)
    wanted = filled_in((variant, 2), (variant, 2))
    assert changes(session, wanted) == [(ChangeKind.FEWER, 4, 3)]


def test_a_changed_price_is_said(session: Session):
    variant = offer(session, on_hand=3)
    wanted = filled_in((variant, 1))
    variant.price = 18_000
    session.flush()
    assert changes(session, wanted) == [(ChangeKind.PRICE, 15_000, 18_000)]


def test_what_is_sold_out_is_said(session: Session):
    wanted = filled_in((offer(session, on_hand=0), 1))
    assert changes(session, wanted) == [(ChangeKind.SOLD_OUT, 1, 0)]


def test_more_than_the_cap_is_said(session: Session):
    variant = offer(session, on_hand=None)
    session.get_one(Product, variant.product_id).most_per_order = 6
    session.flush()
    assert changes(session, filled_in((variant, 9))) == [(ChangeKind.FEWER, 9, 6)]


def test_what_left_the_shelf_is_said(session: Session):
    variant = offer(session, on_hand=3, state=ProductState.HIDDEN)
    assert changes(session, filled_in((variant, 1))) == [(ChangeKind.GONE, 0, 0)]


def test_a_variant_of_another_seller_is_not_sold_here(session: Session):
    variant, stranger = offer(session, on_hand=3), make_seller(session, "Orang Lain")
    wanted = filled_in((variant, 1))
    forged = PartWanted(stranger.id, DeliveryKind.PICKUP, "", wanted.parts[0].lines)
    found = changes(session, PlaceOrder(**{**wanted.__dict__, "parts": (forged,)}))
    assert found == [(ChangeKind.GONE, 0, 0)]


def test_a_changed_delivery_fee_is_said(session: Session):
    variant = offer(session, on_hand=3)
    wanted = filled_in((variant, 1), delivery=DeliveryKind.DELIVERY, fee_seen=8_000)
    assert changes(session, wanted) == [(ChangeKind.DELIVERY_FEE, 8_000, 10_000)]


def test_a_place_the_seller_does_not_go_to_is_said(session: Session):
    variant = offer(session, on_hand=3)
    for kelurahan in (FAR_AWAY, None, "no-such-place"):
        wanted = filled_in((variant, 1), delivery=DeliveryKind.DELIVERY, kelurahan=kelurahan)
        assert changes(session, wanted) == [(ChangeKind.NO_DELIVERY, 0, 0)]


def test_delivery_is_free_from_the_sellers_sum_on(session: Session):
    variant = offer(session, on_hand=9)
    session.scalars(select(DeliveryZone)).one().free_over = 45_000
    session.flush()
    below = place(session, filled_in((variant, 2), delivery=DeliveryKind.DELIVERY))
    reached = place(session, filled_in((variant, 3), delivery=DeliveryKind.DELIVERY))
    assert (below.delivery, reached.delivery) == (10_000, 0)


def test_less_than_the_sellers_minimum_is_said(session: Session):
    variant = offer(session, on_hand=9)
    session.get_one(Seller, variant.seller_id).minimum_order = 20_000
    session.flush()
    assert changes(session, filled_in((variant, 1))) == [(ChangeKind.MINIMUM, 15_000, 20_000)]


def test_all_differences_are_said_at_once(session: Session):
    gone, few = offer(session, on_hand=0), offer(session, on_hand=1)
    found = changes(session, filled_in((gone, 1), (few, 2)))
    assert [kind for kind, _, _ in found] == [ChangeKind.SOLD_OUT, ChangeKind.FEWER]


def test_rules_stay_as_they_were_at_the_sale(session: Session):
    old = set_rule(session, 500, None)
    variant = offer(session, on_hand=9)
    share = ShareRule(
        seller_id=variant.seller_id, valid_from=date(2026, 1, 1), basis="equal",
        reserve_basis_points=1_000, decided_on=date(2026, 1, 1), decided_by="rapat",
    )  # fmt: skip
    session.add(share)
    session.flush()
    part = place(session, filled_in((variant, 2))).parts[0]
    set_rule(session, 1_000, None)
    assert part.lines[0].fee_rule_id == old.id
    assert part.lines[0].share_rule_id == share.id
    assert session.get_one(SellerOrder, part.id).fee == 1_500


def test_each_line_bears_the_fee_of_its_own_rule(session: Session):
    rohana, melur = make_seller(session), make_seller(session, "Melur")
    hers, his = offer(session, rohana, on_hand=9), offer(session, melur, on_hand=9)
    shelf = session.get_one(Product, hers.product_id).category_slug
    set_rule(session, 500, None)
    set_rule(session, 200, None, whom=(None, shelf))
    own = set_rule(session, 100, None, flat=700, whom=(melur.id, None))
    first, second = place(session, filled_in((hers, 2), (his, 1))).parts
    assert (first.fee, second.fee) == (600, 850)
    assert second.lines[0].fee_rule_id == own.id
    end_rule(session, (melur.id, None), None)
    end_rule(session, (None, shelf), None)
    third = place(session, filled_in((hers, 2), key="later")).parts[0]
    assert (third.fee, first.fee, second.fee) == (1_500, 600, 850)


def test_sums_that_meet_get_codes_apart(session: Session, monkeypatch: pytest.MonkeyPatch):
    """Two buyers drew the same code at the same moment: the second draws again."""
    variant = offer(session, on_hand=9)
    drawn = iter([247, 247, 311])
    monkeypatch.setattr("shop.payments.start.free_code", lambda *_: next(drawn))
    first = place(session, filled_in((variant, 1)))
    second = place(session, filled_in((variant, 1)))
    assert (first.unique_code, second.unique_code) == (247, 311)
    assert second.total == 15_311
    assert payment_of(session, second).amount == 15_311


def test_no_form_sends_nothing(session: Session):
    variant = offer(session, on_hand=9)
    with pytest.raises(ValueError, match="part"):
        place(session, filled_in())
    with pytest.raises(ValueError, match="1 piece"):
        place(session, filled_in((variant, 0)))
