"""Where the table stands in a sheet, which bank's it is, and what is said around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

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
    Role,
    Shape,
    fits,
    headings_of,
    resolve,
    tells_money,
)
from shop.payments.bank.days import DayOrder, Period, period_in
from shop.payments.bank.sheet import Row, Sheet, is_blank, joined, squash

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
_LONGEST = 1_000
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
    repeated: tuple[tuple[str, ...], ...] = ()
    """The rows that make the headings, as they come again on each printed page."""
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
        return Table(general.SHAPE, columns, [], sheet, 0, (), chosen.day_order, chosen)
    suggested: Table | None = None
    for at in range(min(len(sheet.rows), HEADINGS_WITHIN)):
        for row, depth in _heads(sheet.rows, at):
            headings = headings_of(row)
            shape, places = _known(headings, chosen)
            if shape is None and chosen is None and suggested is None:
                shape, places = general.SHAPE, _suggested(row, headings)
            if shape is None or not places:
                continue
            top = at + depth
            repeated = tuple(_plain(one) for one in sheet.rows[at:top])
            order: DayOrder = chosen.day_order if chosen else "dmy"
            found = Table(shape, places, headings, sheet, top, repeated, order, chosen)
            if shape.known_by or chosen is not None:
                return found
            suggested = found
    return suggested


def _heads(rows: list[Row], at: int) -> Iterator[tuple[Row, int]]:
    """The row as headings; first with the row below it, where that parts a heading in two."""
    row = rows[at]
    if at + 1 < len(rows):
        above, below = set(headings_of(row)), set(headings_of(rows[at + 1]))
        if all(general.names(role) & (below - above) for role in (Role.DEBIT, Role.CREDIT)):
            pairs = zip_longest(row.cells, rows[at + 1].cells, fillvalue="")
            cells = [lower if squash(lower) else upper for upper, lower in pairs]
            yield Row(row.number, cells), 2
    if len(_plain(row)) > 1:
        yield row, 1


def _known(headings: list[str], chosen: ColumnMap | None) -> tuple[Shape | None, Columns]:
    """Whose these headings are, and where the columns stand."""
    if chosen is not None:
        places = general.by_map(chosen, headings)
        return (general.SHAPE, places) if places is not None else (None, {})
    for shape in SHAPES:
        if fits(shape, headings) and tells_money(columns := resolve(shape.names, headings)):
            return shape, columns
    return None, {}


def _suggested(row: Row, headings: list[str]) -> Columns:
    found = general.suggest(row)
    return (found and general.by_map(found, headings)) or {}


def _plain(row: Row) -> tuple[str, ...]:
    return tuple(one for one in headings_of(row) if one)


def facts(table: Table) -> Facts:
    """The account, its currency and the period, as far as the rows above the table say."""
    account, currency, period = "", "", None
    for row in table.sheet.rows[: table.top]:
        said = joined(row, "\t")[:_LONGEST]  # tabs, so that two numbers beside each other stay two
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
