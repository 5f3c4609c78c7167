"""A seller's figures as the bars that pages draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shop.core.i18n import language, month_name
from shop.core.money import split
from shop.ledger.queries import MonthEarned, Purse

_MILLION = 1_000_000


@dataclass(frozen=True)
class Bar:
    """One bar: its month, its height in rupiah, and the figure over it."""

    label: str
    value: int
    text: str


@dataclass(frozen=True)
class Chart:
    """A seller's months as bars; the figures are millions of rupiah, or thousands."""

    bars: Sequence[Bar]
    first: MonthEarned
    last: MonthEarned
    in_millions: bool


def bars(months: Sequence[MonthEarned]) -> Chart:
    """The bars of these months, oldest first."""
    in_millions = max(month.amount for month in months) >= _MILLION
    write = _millions if in_millions else _thousands
    return Chart(
        [Bar(month_name(m.month, "MMM"), max(m.amount, 0), write(m.amount)) for m in months],
        months[0],
        months[-1],
        in_millions,
    )


def shares(purse: Purse) -> list[int]:
    """Paid this month, payable and held as parts of one bar, in whole per cent."""
    parts = [
        purse.paid_this_month + purse.kept_this_month,
        max(purse.payable, 0) + purse.in_transit,
        purse.held + purse.at_points,
    ]
    return [int(part) for part in split(100, parts)] if any(parts) else []


def _millions(amount: int) -> str:
    """`1,28` (`1.28` in English) of 1,284,000 rupiah, halves rounded up."""
    whole, rest = divmod((amount + 5_000) // 10_000, 100)
    return f"{whole}{'.' if language() == 'en' else ','}{rest:02d}"


def _thousands(amount: int) -> str:
    """`412` of 412,000 rupiah, halves rounded up."""
    return str((amount + 500) // 1_000)
