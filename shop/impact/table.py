"""A table of figures, as a page draws it and as a file holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shop.impact.figures import SMALL_CELL

Cell = str | int | date | None


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

    @property
    def file_head(self) -> list[str]:
        """The columns' names in a file; the last one says which rows are of fewer than ten."""
        return [column.key for column in self.columns] + ["fewer_than_10"]

    @property
    def file_rows(self) -> list[list[str | int]]:
        """The rows as a file holds them: months as 2026-11, rupiah as whole numbers."""
        return [
            [_plain(cell) for cell in row.cells] + ["yes" if row.small else ""] for row in self.rows
        ]


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    return "" if cell is None else cell
