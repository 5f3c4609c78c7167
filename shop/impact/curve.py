"""Graduates' income by months since their certificate: a change, not a comparison."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shop.core.money import Rupiah
from shop.impact.facts import Facts, Graduate
from shop.impact.figures import Spread, month_number, spread, this_month
from shop.training.models import BaselineKind

FROM, TO = -6, 12
ENOUGH = 20
"""So many people behind a month make the page lean on it."""


@dataclass(frozen=True)
class Point:
    """`n` graduates observed in a month since certificate, how many earned, and their spread."""

    month: int
    n: int
    earning: int
    spread: Spread | None


@dataclass(frozen=True)
class Baseline:
    """What graduates said they earned a month from all work before the course, in rupiah."""

    n: int
    recalled: int
    median: Rupiah | None


@dataclass(frozen=True)
class Curve:
    """Points from six months before the certificate to twelve after, and who is missing.

    `people` are in it. `in_groups` sell through a group only, whose sharing is not written down;
    `dropped` left before they finished and hold no certificate.
    """

    points: Sequence[Point]
    people: int
    in_groups: int
    dropped: int
    baseline: Baseline

    @property
    def firm(self) -> Point | None:
        """The latest month after the certificate that at least twenty people have reached."""
        return max(
            (p for p in self.points if p.month > 0 and p.n >= ENOUGH),
            key=lambda point: point.month,
            default=None,
        )


def since_certificate(facts: Facts) -> Curve:
    """The curve of the graduates within the filters.

    Month 0 is that of the filtered course's certificate, else of the first. A graduate counts in a
    month that is over, within the period and not before the shop's first sale; without sales at
    Rp0.
    """
    counted = [g for g in facts.graduates if g.own_sellers or not g.in_group]
    incomes: dict[int, list[int]] = {month: [] for month in range(FROM, TO + 1)}
    last = min(month_number(facts.filters.last), month_number(this_month()) - 1)
    first = max(
        month_number(facts.filters.first),
        month_number(facts.opened) if facts.opened else last + 1,
    )
    for graduate in counted:
        zero = month_number(_certified(graduate, facts))
        monthly = _monthly(graduate, facts)
        for since in range(max(FROM, first - zero), min(TO, last - zero) + 1):
            incomes[since].append(monthly.get(zero + since, 0))
    return Curve(
        points=[
            Point(since, len(found), sum(i > 0 for i in found), spread(found))
            for since, found in incomes.items()
        ],
        people=len(counted),
        in_groups=len(facts.graduates) - len(counted),
        dropped=len(_dropped(facts)),
        baseline=_baseline(counted),
    )


def _certified(graduate: Graduate, facts: Facts) -> date:
    return graduate.issued[facts.course.id] if facts.course else min(graduate.issued.values())


def _monthly(graduate: Graduate, facts: Facts) -> dict[int, int]:
    """What a graduate's own sellers earned, by the month's number."""
    monthly: dict[int, int] = {}
    for seller in graduate.own_sellers:
        for month, cell in facts.earned.get(seller, {}).items():
            number = month_number(month)
            monthly[number] = monthly.get(number, 0) + cell.income
    return monthly


def _dropped(facts: Facts) -> set[uuid.UUID]:
    """Who left the courses in question and does not count as a graduate of them."""
    left = {
        person
        for course in ([facts.course] if facts.course else facts.courses)
        for person, kelurahan in course.dropped.items()
        if facts.filters.kelurahan in ("", kelurahan)
    }
    return left - {graduate.id for graduate in facts.graduates}


def _baseline(graduates: Sequence[Graduate]) -> Baseline:
    told = [(g.baseline, g.baseline_kind) for g in graduates if g.baseline is not None]
    found = spread(income for income, _kind in told)
    return Baseline(
        n=len(told),
        recalled=sum(kind == BaselineKind.RECALLED for _income, kind in told),
        median=found.median if found else None,
    )
