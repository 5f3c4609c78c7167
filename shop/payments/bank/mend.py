"""Rows whose remark holds the delimiter, written without quotation marks."""

from __future__ import annotations

from dataclasses import replace

from shop.payments.bank.amounts import side, take_apart
from shop.payments.bank.columns import Columns, Role
from shop.payments.bank.sheet import Cell, Row
from shop.payments.bank.table import Table

_MONEY = (Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.BALANCE, Role.OPENING)


def mend(table: Table, delimiter: str) -> Table:
    """The table with such remarks in one cell again, where only that makes its sums sums."""
    places = table.columns.get(Role.DESCRIPTION, ())
    if len(places) != 1 or not table.headings:
        return table
    width = len(table.headings)
    rows = [
        _mended(row, places[0], width, table.columns, delimiter) if len(row.cells) > width else row
        for row in table.sheet.rows
    ]
    return replace(table, sheet=replace(table.sheet, rows=rows))


def _mended(row: Row, at: int, width: int, columns: Columns, delimiter: str) -> Row:
    cells = list(row.cells)
    while len(cells) > width and not cells[-1]:
        cells.pop()
    extra = len(cells) - width
    if not extra:
        return row
    said = delimiter.join(str(cell) for cell in cells[at : at + extra + 1])
    whole: list[Cell] = [*cells[:at], said, *cells[at + extra + 1 :]]
    return Row(row.number, whole) if _fits(whole, columns) and not _fits(cells, columns) else row


def _fits(cells: list[Cell], columns: Columns) -> bool:
    """Whether sums stand where sums belong, and at least one does."""
    sums = 0
    for role in _MONEY:
        for at in columns.get(role, ()):
            try:
                sums += take_apart(str(cells[at])) is not None
            except ValueError:
                return False
    sides = [cells[at] for at in columns.get(Role.SIDE, ())]
    return sums > 0 and all(side(cell) or not str(cell).strip() for cell in sides)
