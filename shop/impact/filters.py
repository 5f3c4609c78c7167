"""What part of the programme a page of figures speaks of: read from the address, kept in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shop.core.regions import all_kelurahan
from shop.impact.figures import month_at, month_number, months_between, this_month
from shop.sellers.models import SellerKind

USUAL_MONTHS = 18
MOST_MONTHS = 60


@dataclass(frozen=True)
class Filters:
    """Months from `first` to `last`; empty texts mean all. `course` is a course's slug."""

    first: date
    last: date
    kind: str = ""
    course: str = ""
    kelurahan: str = ""

    @property
    def months(self) -> list[date]:
        """All months of the period, the earliest first."""
        return months_between(self.first, self.last)

    @property
    def address(self) -> dict[str, str]:
        """The parameters by which an address gives these filters again."""
        given = {
            "dari": f"{self.first:%Y-%m}",
            "sampai": f"{self.last:%Y-%m}",
            "jenis": self.kind,
            "pelatihan": self.course,
            "kelurahan": self.kelurahan,
        }
        return {name: value for name, value in given.items() if value}


def read_filters(given: Mapping[str, str]) -> Filters:
    """The filters of an address; what makes no sense counts as not given.

    Without months it is the last eighteen, the present one included; never more than sixty.
    """
    last = min(_month(given.get("sampai")) or this_month(), this_month())
    usual = month_at(month_number(last) - USUAL_MONTHS + 1)
    first = min(_month(given.get("dari")) or usual, last)
    kind, kelurahan = given.get("jenis", ""), given.get("kelurahan", "")
    return Filters(
        first=max(first, month_at(month_number(last) - MOST_MONTHS + 1)),
        last=last,
        kind=kind if kind in set(SellerKind) else "",
        course=given.get("pelatihan", "")[:60],
        kelurahan=kelurahan if kelurahan in all_kelurahan() else "",
    )


def _month(text: str | None) -> date | None:
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text or "")
    return date(int(found[1]), int(found[2]), 1) if found else None
