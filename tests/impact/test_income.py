from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.impact.filters import Filters
from shop.impact.queries import load_facts
from shop.impact.table import Table
from shop.impact.tables import by_course, by_group, by_month, by_seller
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.orders.models import Order, SellerOrder
from shop.sellers.models import Seller, SellerKind
from tests.factories.income import make_seller_of, noon_of, sell
from tests.factories.sellers import make_seller
from tests.factories.training import make_cohort, make_course, make_graduate, make_participant

pytestmark = pytest.mark.both
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
AUTUMN = Filters(OCTOBER, NOVEMBER)


def column(table: Table, key: str) -> list[object]:
    place = [c.key for c in table.columns].index(key)
    return [row.cells[place] for row in table.rows]


def months(session: Session, key: str = "income", filters: Filters = AUTUMN) -> list[object]:
    return column(by_month(load_facts(session, filters)), key)


@pytest.fixture(autouse=True)
def _now(app: Flask, noon: datetime) -> Iterator[None]:
    """The present is 25 November 2026; titles are worded for a reader of Indonesian."""
    with app.test_request_context(method="POST"):
        yield


def test_income_is_price_less_fee(session: Session) -> None:
    sell(session, make_seller(session), 15_000, 750)
    assert months(session) == [0, 14_250]
    assert months(session, "completed_orders") == [0, 1]


def test_month_begins_at_midnight_in_jakarta(session: Session) -> None:
    seller = make_seller(session)
    sell(session, seller, 1_000, when=datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC))
    sell(session, seller, 20, when=datetime(2026, 10, 31, 17, 0, tzinfo=UTC))
    assert months(session) == [1_000, 20]
    assert months(session, "active_sellers") == [1, 1]


def test_cash_kept_and_payout_change_no_income(session: Session) -> None:
    seller = make_seller(session)
    sell(session, seller, 20_000, 1_000, in_cash=True)
    claim = [
        Leg(AccountKind.PAYABLE, 5_000, seller.id), Leg(AccountKind.IN_TRANSIT, -5_000, seller.id),
    ]  # fmt: skip
    post(session, EntryKind.PAYOUT_CLAIMED, "claim", claim, About())
    assert months(session) == [0, 19_000]


def test_correction_after_a_refund_counts_when_it_is_made(session: Session) -> None:
    seller = make_seller(session)
    sell(session, seller, 50_000, 2_500, when=noon_of(2026, 10))
    back = [Leg(AccountKind.PAYABLE, 10_000, seller.id), Leg(AccountKind.REFUNDS, -10_000)]
    post(session, EntryKind.REFUND_DUE, "refund", back, About())
    assert months(session) == [47_500, -10_000]
    assert months(session, "active_sellers") == [1, 0]


def test_delivery_money_is_shown_within_income(session: Session) -> None:
    seller = make_seller(session)
    part = _delivered(session, seller, goods=40_000, delivery=8_000, fee=2_000)
    legs = [Leg(AccountKind.HELD, 48_000, seller.id), Leg(AccountKind.PAYABLE, -48_000, seller.id)]
    about = About(seller_order_id=part.id)
    post(session, EntryKind.COMPLETION, "c", legs, about)
    legs = [Leg(AccountKind.PAYABLE, 2_000, seller.id), Leg(AccountKind.FEE, -2_000)]
    post(session, EntryKind.FEE, "f", legs, about)
    assert months(session) == [0, 46_000]
    assert months(session, "of_which_delivery") == [0, 8_000]


def test_seller_in_two_months_is_one_row(session: Session) -> None:
    seller = make_seller(session, "Rohana")
    sell(session, seller, 10_000, when=noon_of(2026, 10))
    sell(session, seller, 5_000)
    table = by_seller(load_facts(session, AUTUMN))
    assert column(table, "seller") == ["Rohana"]
    assert (column(table, "active_months"), column(table, "income")) == ([2], [15_000])


def test_sales_outside_the_period_are_left_out(session: Session) -> None:
    sell(session, make_seller(session), 10_000, when=noon_of(2026, 9))
    assert months(session) == [0, 0]


def test_median_needs_five_active_sellers(session: Session) -> None:
    for price in (10_000, 20_000, 30_000, 40_000):
        sell(session, make_seller(session), price)
    assert months(session, "median") == [None, None]
    sell(session, make_seller(session), 50_000)
    assert months(session, "lower_quarter") == [None, 20_000]
    assert months(session, "median") == [None, 30_000]
    assert months(session, "upper_quarter") == [None, 40_000]


def test_filters_by_kind_kelurahan_and_course(session: Session) -> None:
    course = make_course(session)
    graduate, _certificate = make_graduate(session, make_cohort(session, course))
    trained = make_seller_of(session, graduate)
    group = make_seller(session, "KUBE Melati", SellerKind.GROUP)
    far = make_seller(session, "Halimah")
    far.kelurahan_code = "21.72.01.1001"
    for seller, price in ((trained, 1), (group, 20), (far, 300)):
        sell(session, seller, price)
    assert months(session) == [0, 321]
    assert months(session, filters=Filters(OCTOBER, NOVEMBER, kind="group")) == [0, 20]
    assert months(session, filters=Filters(OCTOBER, NOVEMBER, course=course.slug)) == [0, 1]
    by_place = Filters(OCTOBER, NOVEMBER, kelurahan="21.72.01.1001")
    assert months(session, filters=by_place) == [0, 300]


def test_group_counts_once_under_each_course_of_its_members(session: Session) -> None:
    cakes, sewing = make_course(session, "Kue"), make_course(session, "Menjahit")
    siti, _certificate = make_graduate(session, make_cohort(session, cakes), name="Siti")
    ani, _certificate = make_graduate(session, make_cohort(session, cakes), name="Ani")
    lina, _certificate = make_graduate(session, make_cohort(session, sewing), name="Lina")
    untrained = make_participant(session, "Yati")
    group = make_seller_of(session, siti, ani, lina, untrained, kind=SellerKind.GROUP)
    sell(session, group, 90_000)
    facts = load_facts(session, AUTUMN)
    table = by_course(facts)
    assert column(table, "graduates") == [2, 1]
    assert column(table, "sellers") == [1, 1]
    assert column(table, "income") == [90_000, 90_000]
    assert column(by_group(facts), "members") == [5]
    assert [row.small for row in by_group(facts).rows] == [True]


def test_withdrawn_certificate_counts_no_more(session: Session) -> None:
    graduate, certificate = make_graduate(session, make_cohort(session))
    make_seller_of(session, graduate)
    certificate.revoked_at = clock.now()
    session.flush()
    assert column(by_course(load_facts(session, AUTUMN)), "sellers") == [0]


def _delivered(
    session: Session, seller: Seller, goods: int, delivery: int, fee: int
) -> SellerOrder:
    order = Order(
        number=ids.new_number(), token=ids.new_token(), key="k", content_hash="", language="id",
        buyer_name="Dewi", buyer_phone="+628123456789", method="transfer", goods=goods,
        delivery=delivery, total=goods + delivery,
    )  # fmt: skip
    session.add(order)
    session.flush()
    part = SellerOrder(
        order_id=order.id, seller_id=seller.id, position=1, state="completed",
        delivery_kind="delivery", goods=goods, delivery=delivery, total=goods + delivery, fee=fee,
        due_on=clock.today(),
    )  # fmt: skip
    session.add(part)
    session.flush()
    return part
