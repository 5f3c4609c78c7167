"""The demo's orders: how many, when, and how each one goes."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from shop.core.clock import WIB, local_day
from shop.demo.calendar import FASTING, wake_shift
from shop.demo.events import steps
from shop.demo.orders import Fate
from shop.demo.plan import Plan
from shop.demo.source import zone_of_kelurahan
from tests.demo.conftest import TODAY


def test_orders_grow_and_use_every_way_to_pay(plan: Plan) -> None:
    assert len(plan.orders) == 1_260
    assert [order.number for order in plan.orders] == list(range(1, 1_261))
    first, last = local_day(plan.orders[0].placed_at), local_day(plan.orders[-1].placed_at)
    assert (TODAY - first).days > 530
    assert (TODAY - last).days <= 1
    half = TODAY - timedelta(days=274)
    early = sum(local_day(order.placed_at) < half for order in plan.orders)
    assert early * 1.4 < len(plan.orders) - early
    methods = Counter(order.method for order in plan.orders)
    assert min(methods.values()) > 200
    assert methods["cash"] == max(methods.values())


def test_buyers_come_again(plan: Plan) -> None:
    visits = Counter(order.buyer.phone for order in plan.orders)
    assert sum(count > 1 for count in visits.values()) * 2 > len(visits)


def test_fasting_month_is_livelier_than_its_neighbours(plan: Plan) -> None:
    days = Counter(local_day(order.placed_at) for order in plan.orders)

    def ordered(first: date) -> int:
        return sum(days[first + timedelta(days=i)] for i in range(30))

    first, feast = FASTING[1]
    assert ordered(first) > ordered(first - timedelta(days=30))
    assert ordered(first) > ordered(feast)


def test_every_fate_occurs(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        fates = Counter(order.fate for order in each.orders)
        assert fates.keys() == set(Fate)
        assert fates[Fate.DECLINED_PAID] == 1
        assert fates[Fate.CLAIMED] == 7
        assert fates[Fate.COMPLETED] > 1_000


def test_one_transfer_ran_out_in_the_last_days(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        ago = [
            each.now - order.closed_at
            for order in each.orders
            if order.fate is Fate.EXPIRED and order.closed_at and order.method == "transfer"
        ]
        assert any(timedelta(days=1) < since < timedelta(days=3) for since in ago)


def test_steps_follow_one_another(plan: Plan, other_plan: Plan) -> None:
    for order in plan.orders + other_plan.orders:
        for part in order.parts:
            _in_order(
                order.placed_at,
                order.claimed_at,
                order.paid_at,
                part.accepted_at,
                part.ready_at,
                part.handed_over_at,
                part.completed_at,
            )
            _in_order(order.placed_at, order.paid_at, order.closed_at or part.declined_at)
            if part.accepted_at:
                assert order.method == "cash" or order.paid_at
                assert order.closed_at is part.declined_at is None


def _in_order(*moments: datetime | None) -> None:
    known = [moment for moment in moments if moment]
    assert known == sorted(known)


def test_fates_say_what_the_steps_say(plan: Plan) -> None:
    last_step = {
        Fate.COMPLETED: "completed",
        Fate.CLAIMED: "claimed",
        Fate.WAITING_PAID: "paid",
        Fate.EXPIRED: "expired",
        Fate.CANCELLED: "cancelled",
    }
    for order in plan.orders:
        kinds = [step.kind for step in sorted(steps(order), key=lambda step: step.at)]
        if order.fate in (Fate.UNPAID, Fate.WAITING_CASH):
            assert not kinds or len(order.parts) > 1
        elif order.fate in (Fate.DECLINED, Fate.DECLINED_PAID):
            assert "declined" in kinds
            assert ("paid" in kinds) == (order.fate is Fate.DECLINED_PAID)
        elif order.fate in last_step:
            assert last_step[order.fate] in kinds


def test_unpaid_orders_run_out_after_a_day(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        for order in each.orders:
            if order.fate in (Fate.UNPAID, Fate.CLAIMED):
                assert each.now - order.placed_at < timedelta(hours=24)
            if order.paid_at:
                assert order.paid_at - order.placed_at < timedelta(hours=24)
            if order.fate is Fate.EXPIRED:
                assert order.closed_at == order.placed_at + timedelta(hours=24)


def test_handed_over_is_confirmed_within_three_days(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        for part in (part for order in each.orders for part in order.parts):
            if part.handed_over_at and part.problem is None:
                until = part.completed_at or each.now
                assert until - part.handed_over_at < timedelta(days=3)


def test_delivery_goes_only_where_the_seller_goes(plan: Plan) -> None:
    offered = {seller.slug: dict(seller.zones) for seller in plan.sellers}
    kinds: Counter[str] = Counter()
    for order in plan.orders:
        zone = zone_of_kelurahan()[order.buyer.kelurahan]
        for part in order.parts:
            kinds[part.delivery] += 1
            assert part.delivery == "pickup" or zone in offered[part.seller]
    assert min(kinds["pickup"], kinds["delivery"]) > 400


def test_waking_hours_lie_between_six_and_ten() -> None:
    evening = datetime(2026, 11, 25, 21, 0, tzinfo=WIB)
    assert wake_shift(evening, 2) == datetime(2026, 11, 26, 7, 0, tzinfo=WIB)
    night = datetime(2026, 11, 25, 3, 0, tzinfo=WIB)
    assert wake_shift(night, -1) == datetime(2026, 11, 24, 21, 0, tzinfo=WIB)
