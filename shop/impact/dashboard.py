"""All that the dashboard's page shows, from one set of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext

from shop.core.i18n import chosen
from shop.core.paging import Page
from shop.core.regions import kelurahan_choices
from shop.impact import charts, tables
from shop.impact.answer import headline
from shop.impact.curve import Curve, since_certificate
from shop.impact.facts import Facts
from shop.impact.figures import month_at, month_number, this_month
from shop.impact.filters import MOST_MONTHS, Filters
from shop.impact.poverty import PovertyLine, line_for
from shop.impact.table import Row, Table

SELLERS_ON_A_PAGE = 25


@dataclass(frozen=True)
class Board:
    """The dashboard: its answer, charts, tables and what one can choose from."""

    filters: Filters
    answer: str
    curve: Curve
    line: PovertyLine
    tables: Mapping[str, Table]
    bars: Sequence[charts.Bar]
    bar_ticks: charts.Ticks
    points: Sequence[charts.CurvePoint]
    point_ticks: charts.Ticks
    sellers: Page[Row]
    choices: Mapping[str, Sequence[tuple[str, Any]]]

    @property
    def query(self) -> str:
        """The filters as they stand in an address."""
        return urlencode(self.filters.address)


def dashboard(facts: Facts, page: int) -> Board:
    """The dashboard of these facts, with the given page of its sellers."""
    curve, line = since_certificate(facts), line_for(facts.filters.last)
    made = {
        "months": tables.by_month(facts),
        "sellers": tables.by_seller(facts),
        "groups": tables.by_group(facts),
        "courses": tables.by_course(facts),
        "since-certificate": tables.curve_table(facts, curve),
    }
    bars = charts.month_bars(made["months"])
    points = charts.curve_points(made["since-certificate"])
    rows = made["sellers"].rows
    start = (page - 1) * SELLERS_ON_A_PAGE
    return Board(
        filters=facts.filters,
        answer=headline(curve),
        curve=curve,
        line=line,
        tables=made,
        bars=bars,
        bar_ticks=charts.ticks(max((bar.value for bar in bars), default=0)),
        points=points,
        point_ticks=charts.ticks(max([line.amount, *(point.high for point in points)])),
        sellers=Page(rows[start : start + SELLERS_ON_A_PAGE], page, SELLERS_ON_A_PAGE, len(rows)),
        choices=_choices(facts),
    )


def _choices(facts: Facts) -> dict[str, Sequence[tuple[str, Any]]]:
    """What each filter can be set to: pairs of value and words, "all" first."""
    last = month_number(this_month())
    months = [month_at(number) for number in range(last, last - MOST_MONTHS, -1)]
    everything = ("", gettext("Semua"))
    return {
        "months": [(f"{month:%Y-%m}", month) for month in months],
        "jenis": [everything, *tables.KINDS.items()],
        "pelatihan": [everything, *((c.slug, chosen(c, "title")) for c in facts.courses)],
        "kelurahan": [everything, *kelurahan_choices()],
    }
