"""The demo's complaints: one at every stage, each reported while it could be."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from shop.complaints.states import ComplaintKind, Offer
from shop.demo.events import ComplaintStep
from shop.demo.orders import Fate
from shop.demo.plan import Plan


def test_there_is_one_at_every_stage(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        troubled = [part for order in each.orders for part in order.parts if part.problem]
        problems = [part.problem for part in troubled if part.problem]
        assert sorted((problem.verdict, bool(problem.answered_at)) for problem in problems) == [
            ("", False), ("", True), ("all", True), ("refuse", True), ("solved", False),
            ("some", True),
        ]  # fmt: skip
        assert {problem.kind for problem in problems} <= set(ComplaintKind)
        assert {problem.offer for problem in problems} <= set(Offer)
        assert {o.fate for o in each.orders for p in o.parts if p.problem} == {Fate.COMPLAINED}


def test_each_is_reported_before_it_would_be_completed(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        for part in (part for order in each.orders for part in order.parts):
            if (problem := part.problem) is None:
                continue
            assert part.handed_over_at is not None
            assert problem.reported_at is not None
            assert part.handed_over_at < problem.reported_at
            assert problem.reported_at - part.handed_over_at < timedelta(days=3)
            moments = [problem.reported_at, problem.answered_at, problem.ended_at]
            known = [moment for moment in moments if moment]
            assert known == sorted(known)
            assert known[-1] < each.now
            assert bool(problem.ended_at) == bool(problem.verdict)
            assert bool(problem.answered_at) == bool(problem.answer)
            if part.completed_at:
                assert problem.ended_at is not None
                assert problem.ended_at < part.completed_at < each.now


def test_every_step_is_among_the_events(plan: Plan) -> None:
    steps = Counter(event.kind for event in plan.events() if isinstance(event, ComplaintStep))
    assert steps == {"reported": 6, "answered": 4, "ended": 4}
