"""A table of figures, as a page draws it and as a file holds it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shop.impact.figures import SMALL_CELL

Cell = str | int | date | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column: `key` names it in files; `kind` is text, count, money (rupiah) or month."""

    key: str
    label: Any
    kind: str = "text"


@dataclass(frozen=True)
class Row:
    """One row; `behind` is how many people or sellers stand behind figures that are of many."""

    cells: tuple[Cell, ...]
    behind: int | None = None

    @property
    def small(self) -> bool:
        """Whether so few stand behind it that it must not leave the programme."""
        return self.behind is not None and self.behind < SMALL_CELL


@dataclass(frozen=True)
class Table:
    """Columns and rows, with what they mean and of when they are, in the reader's words."""

    key: str
    title: str
    definition: str
    period: str
    columns: Sequence[Column]
    rows: Sequence[Row]


def as_csv(table: Table) -> bytes:
    """The table as a file for spreadsheets: months as 2026-11, rupiah as whole numbers.

    The last column says which rows are of fewer than ten people.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.key for column in table.columns] + ["fewer_than_10"])
    for row in table.rows:
        writer.writerow([_plain(cell) for cell in row.cells] + ["yes" if row.small else ""])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"  # a spreadsheet would run it as a formula
    return "" if cell is None else cell
