"""Rows of cells, from whichever kind of file, and the limits they keep."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 256

Cell = str | Decimal
"""Text as written; a number only where a workbook holds one."""


class Row(NamedTuple):
    """One row and the line of the file it begins on, counted from 1."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in a file; `workbook` tells that cells may be merged, days be serial."""

    rows: list[Row] = field(repr=False)
    workbook: bool = False
    base_1904: bool = False


def text(cell: Cell) -> str:
    """The cell as written, with single spaces."""
    return " ".join(cell.split()) if isinstance(cell, str) else f"{cell:f}"


def is_blank(row: Row) -> bool:
    """Whether nothing stands in the row."""
    return not any(cell if isinstance(cell, Decimal) else cell.strip() for cell in row.cells)


def joined(row: Row, between: str = " ") -> str:
    """What stands in the row, as one line of text."""
    return between.join(said for cell in row.cells if (said := text(cell)))


def squash(heading: Cell) -> str:
    """A heading by its letters and figures alone: `Journal No.`, `D/K`, `Jumlah (Rp)`."""
    plain = re.sub(r"[^a-z0-9]", "", text(heading).casefold())
    return re.sub(r"(?<=...)(?:rp|idr)\Z", "", plain)
