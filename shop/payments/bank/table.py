"""Where the table stands in a sheet, which bank's it is, and what is said around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shop.payments.bank import (
    bni,
    bri,
    bsi,
    general,
    klikbca,
    mandiri_kopra,
    mandiri_livin,
)
from shop.payments.bank.column_map import ColumnMap
from shop.payments.bank.columns import (
    Columns,
    Shape,
    fits,
    headings_of,
    resolve,
    tells_money,
)
from shop.payments.bank.days import DayOrder, Period, period_in
from shop.payments.bank.sheet import Row, Sheet, is_blank, joined

SHAPES = (
    bri.CMS,
    bri.INTERNET,
    bsi.SHAPE,
    mandiri_kopra.KOPRA,
    mandiri_livin.SHAPE,
    bni.SHAPE,
    mandiri_kopra.CASH_MANAGEMENT,
    klikbca.SHAPE,
)
"""The most particular first."""
HEADINGS_WITHIN = 100
"""Rows; no bank writes more above its table."""
_ACCOUNT = re.compile(
    r"(?:\bno(?:mor)?\.?\s*rek\w*|\baccount\s*(?:no|number)\b|\brekening|\bnorek)\.?"
    r"\s*[:=;]*\s*'?(\d[\dxX* .-]{3,}\d)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"(?:mata uang|currency|\bccy)\W*(rp|[a-z]{3})\b", re.IGNORECASE)
_PERIOD = re.compile(r"period", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A table found: whose it is, where its columns stand, and its rows below the headings."""

    shape: Shape
    columns: Columns
    headings: list[str]
    sheet: Sheet = field(repr=False)
    top: int
    """How many rows stand above its first line."""
    day_order: DayOrder = "dmy"
    chosen: ColumnMap | None = None

    @property
    def score(self) -> int:
        """How surely this is the table: a bank's before any other, then more columns."""
        return len(self.columns) + (100 if self.shape.known_by else 0)


@dataclass(frozen=True)
class Facts:
    """What stands above and below the table."""

    account: str
    currency: str
    period: Period | None


def find(sheet: Sheet, chosen: ColumnMap | None = None) -> Table | None:
    """The table of a sheet, by the map if one is given, else by its headings."""
    if chosen is not None and not general.needs_headings(chosen):
        columns = general.by_map(chosen, []) or {}
        return Table(general.SHAPE, columns, [], sheet, 0, chosen.day_order, chosen)
    suggested: Table | None = None
    for at, row in enumerate(sheet.rows[:HEADINGS_WITHIN]):
        headings = headings_of(row)
        if sum(map(bool, headings)) < 2:
            continue
        if chosen is not None:
            places = general.by_map(chosen, headings)
            if places is not None:
                return Table(
                    general.SHAPE, places, headings, sheet, at + 1, chosen.day_order, chosen
                )
            continue
        for shape in SHAPES:
            if fits(shape, headings) and tells_money(columns := resolve(shape.names, headings)):
                return Table(shape, columns, headings, sheet, at + 1)
        if suggested is None and (map_ := general.suggest(row)):
            places = general.by_map(map_, headings) or {}
            suggested = Table(general.SHAPE, places, headings, sheet, at + 1)
    return suggested


def facts(table: Table) -> Facts:
    """The account, its currency and the period, as far as the rows above the table say."""
    account, currency, period = "", "", None
    for row in table.sheet.rows[: table.top]:
        said = joined(row)
        if not account and (found := _ACCOUNT.search(said)):
            account = re.sub(r"[ .-]", "", found[1])
        if not currency and (found := _CURRENCY.search(said)):
            currency = found[1].upper()
        if period is None and _PERIOD.search(said):
            period = period_in(said)
    return Facts(account, rupiah(currency), period)


def rupiah(currency: str) -> str:
    """The ISO code of a currency as banks write it; where they write none, they mean rupiah."""
    plain = currency.strip().strip(".").upper()
    return "IDR" if plain in ("", "RP", "IDR", "RUPIAH") else plain


def likely_headings(sheet: Sheet) -> Row | None:
    """The row that looks most like headings, to show to a person: the first of the widest."""
    rows = [row for row in sheet.rows[:HEADINGS_WITHIN] if not is_blank(row)]
    widths = [sum(map(bool, headings_of(row))) for row in rows]
    widest = max(widths, default=0)
    return rows[widths.index(widest)] if widest >= 3 else None
