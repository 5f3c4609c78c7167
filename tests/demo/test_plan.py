"""The plan is repeatable, quick, and over by now."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from time import thread_time
from typing import Any

import pytest

from shop.demo.events import PayoutPaid
from shop.demo.plan import Plan, build_plan
from tests.demo.conftest import NOW, TODAY


def test_same_seed_and_day_give_an_equal_plan(plan: Plan) -> None:
    again = build_plan(TODAY, NOW)
    assert again == plan
    assert again.events() == plan.events()
    assert build_plan(TODAY, NOW, seed=1) != plan


def test_is_built_in_half_a_second() -> None:
    def seconds() -> float:
        start = thread_time()
        build_plan(TODAY, NOW).events()
        return thread_time() - start

    assert min(seconds() for _ in range(3)) < 0.5


def test_refuses_a_moment_without_time_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        build_plan(TODAY, datetime(2026, 11, 25))


def test_nothing_happens_after_now(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        events = each.events()
        assert max(event.at for event in events) <= each.now
        assert [event.at for event in events] == sorted(event.at for event in events)
        assert all(moment <= each.now for order in each.orders for moment in _moments(order))


def _moments(thing: Any) -> list[datetime]:
    """Every moment anywhere inside a plan's thing."""
    if isinstance(thing, datetime):
        return [thing]
    if isinstance(thing, tuple):
        return [moment for inner in thing for moment in _moments(inner)]
    if is_dataclass(thing):
        return [m for field in fields(thing) for m in _moments(getattr(thing, field.name))]
    return []


def test_fridays_are_paid_out_and_the_last_is_open(plan: Plan) -> None:
    paid = {event.day: event.reference for event in plan.payouts if isinstance(event, PayoutPaid)}
    made = {event.day for event in plan.payouts if not isinstance(event, PayoutPaid)}
    assert {day.weekday() for day in made} == {4}
    assert made - paid.keys() == {max(made)}
    assert (TODAY - max(made)).days < 7
    assert len(set(paid.values())) == len(paid) > 70
