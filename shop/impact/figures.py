"""Counting: middles and quarters of sums of money, and months."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shop.core import clock
from shop.core.money import Rupiah

FEWEST_FOR_MEDIAN = 5
"""With fewer people a median says more about one of them than about all."""
SMALL_CELL = 10
"""Figures of fewer people than this do not leave the programme."""


@dataclass(frozen=True)
class Spread:
    """The lower quarter, the middle and the upper quarter of sums, in rupiah."""

    lower: Rupiah
    median: Rupiah
    upper: Rupiah


def spread(amounts: Iterable[int]) -> Spread | None:
    """Quartiles by linear interpolation between the sorted values (R's type 7), halves up.

    None where there are fewer than five values.
    """
    values = sorted(amounts)
    if len(values) < FEWEST_FOR_MEDIAN:
        return None
    return Spread(_quarter(values, 1), _quarter(values, 2), _quarter(values, 3))


def _quarter(values: list[int], quarters: int) -> Rupiah:
    whole, rest = divmod((len(values) - 1) * quarters, 4)
    if not rest:
        return Rupiah(values[whole])
    step = (values[whole + 1] - values[whole]) * rest
    return Rupiah(values[whole] + (step + 2) // 4)


def month_number(month: date) -> int:
    """Months counted from year 0, so that two can be subtracted."""
    return month.year * 12 + month.month - 1


def month_at(number: int) -> date:
    """The first day of the month with this number."""
    return date(number // 12, number % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """The first days of all months from `first` to `last`."""
    return [month_at(n) for n in range(month_number(first), month_number(last) + 1)]


def this_month() -> date:
    """The first day of the present month in Tanjungpinang."""
    return clock.today().replace(day=1)
