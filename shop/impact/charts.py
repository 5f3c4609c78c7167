"""What the charts draw: points and the scale beside them, from the same tables as the page's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask_babel import format_decimal, gettext

from shop.core.i18n import month_name
from shop.impact.figures import FEWEST_FOR_MEDIAN, this_month
from shop.impact.table import Table

_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """A month: its income in rupiah, how many sellers earned, and whether it is still running."""

    label: str
    name: str
    value: int
    n: int
    running: bool


@dataclass(frozen=True)
class CurvePoint:
    """A month since the certificate, as the line chart takes it."""

    label: str
    value: int
    low: int
    high: int
    n: int


Ticks = Sequence[tuple[int, str]]


def month_bars(table: Table) -> list[Bar]:
    """The bars of the table of months."""
    bars = []
    for row in table.rows:
        month, active, _orders, income = row.cells[:4]
        month = cast("date", month)
        bars.append(
            Bar(
                label=month_name(month, "MMM y" if month.month == 1 else "MMM"),
                name=month_name(month),
                value=max(0, cast("int", income)),
                n=cast("int", active),
                running=month == this_month(),
            )
        )
    return bars


def curve_points(table: Table) -> list[CurvePoint]:
    """The points of the table of months since certificate; those of too few people are left out."""
    points = []
    for row in table.rows:
        since, n, _earning, low, median, high = cast("tuple[int, ...]", row.cells)
        if n >= FEWEST_FOR_MEDIAN:
            points.append(CurvePoint(str(since).replace("-", "−"), median, low, high, n))
    return points


def ticks(top: int) -> Ticks:
    """Round amounts from 0 to at least `top` rupiah, three to five steps, with their words."""
    step = 50_000
    while top > 4 * step:
        step = next(s for s in _round_sums(step) if s > step)
    steps = max(1, -(-top // step))
    return [(n * step, short(n * step)) for n in range(steps + 1)]


def _round_sums(above: int) -> Sequence[int]:
    power = 10 ** (len(str(above)) - 1)
    return [first * power * ten for ten in (1, 10) for first in _STEPS]


def short(amount: int) -> str:
    """`1,2 jt`, `450 rb`: rupiah for the edge of a chart."""
    if amount >= 1_000_000_000:
        return str(gettext("%(number)s M", number=format_decimal(amount / 1e9, "0.#")))
    if amount >= 1_000_000:
        return str(gettext("%(number)s jt", number=format_decimal(amount / 1e6, "0.#")))
    if amount >= 1_000:
        return str(gettext("%(number)s rb", number=format_decimal(amount // 1000)))
    return str(amount)
