"""The demo's standing orders and consignments: of every kind one, of things that are for sale."""

from __future__ import annotations

from shop.consignment.states import PaidBy
from shop.demo.lots import Harvest
from shop.demo.memory import Memory
from shop.demo.plan import Plan
from shop.demo.regulars import LOTS, REGULARS, Regulars


def test_there_is_one_of_each_kind() -> None:
    assert sorted(regular.stops for regular in REGULARS) == ["", "", "", "ended", "paused"]
    lying = [lot.pieces - sum(sum(one[1:]) for one in lot.counted) for lot in LOTS]
    assert all(pieces >= 0 for pieces in lying)
    assert {pieces == 0 for pieces in lying} == {True, False}
    assert any(lot.counted and left for lot, left in zip(LOTS, lying, strict=True))
    assert {lot.paid_to for lot in LOTS} == {None, PaidBy.SELLER, PaidBy.PROGRAMME}


def test_their_things_are_for_sale_by_then(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        begun = {one.slug: one for one in each.listings if one.approved}
        for entry in (*REGULARS, *LOTS):
            days = entry.since_days if hasattr(entry, "since_days") else entry.days_ago
            listing = begun[entry.slug]
            assert (each.today - listing.published_at.date()).days > days
            assert entry.pieces <= listing.most_per_order or not hasattr(entry, "since_days")
            seller = next(one for one in each.sellers if one.slug == listing.seller)
            assert seller.sells_until is None
            assert not seller.waiting


def test_what_happens_comes_in_order_and_is_over_by_now(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        stage = Memory(session=None, plan=each)  # type: ignore[arg-type]
        regulars = Regulars(stage, Harvest(stage, storage=None))  # type: ignore[arg-type]
        moments = [entry[0] for entry in regulars.later]
        assert moments == sorted(moments)
        assert len(moments) > 12
        assert moments[-1].date() <= each.now.date()
