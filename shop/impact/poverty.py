"""The poverty line that figures are held against, always with its area, period and source.

Statistics Indonesia (BPS) publishes it per person and month and compares it with what people
spend, not with what they earn. The figures and where they were found: `shop/data`.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from datetime import date

from shop.core.money import Rupiah
from shop.core.regions import DATA

_CITY = "Kota Tanjungpinang"
_MONTHS = {"March": 3, "September": 9}


@dataclass(frozen=True)
class PovertyLine:
    """Rupiah a person and month, for an area, from the survey of a month."""

    amount: Rupiah
    area: str
    month: date
    source: str


@functools.cache
def lines() -> tuple[PovertyLine, ...]:
    """All lines that were found published, the latest last; the city's own after the province's."""
    rows = json.loads((DATA / "poverty_lines.json").read_text(encoding="utf-8"))["lines"]
    found = [
        PovertyLine(
            Rupiah(row["idr_per_capita_month"]),
            row["area"],
            date(row["year"], _MONTHS.get(row["period"], 3), 1),
            row["source"],
        )
        for row in rows
        if row["status"] == "found"
    ]
    return tuple(sorted(found, key=lambda line: (line.month, line.area == _CITY)))


def line_for(month: date) -> PovertyLine:
    """The latest line surveyed by `month`; the earliest of all where none is so old."""
    return max(
        (line for line in lines() if line.month <= month),
        key=lambda line: (line.month, line.area == _CITY),
        default=lines()[0],
    )
