"""Rows from text with a delimiter between the cells."""

from __future__ import annotations

import csv
import io
import re

from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.sheet import MOST_COLUMNS, MOST_ROWS, Cell, Row, Sheet

DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 50
"""Physical lines; a remark with line breaks has a few, a quotation mark left open has all."""
_WRAPPED = re.compile(r'\s*"(?:[^"]|"")*"\s*')
_NAMED = re.compile(r"\Asep=(.)\r?\n?\Z", re.IGNORECASE)


def named_delimiter(said: str) -> str | None:
    """The delimiter that a spreadsheet program wrote into the first line (`sep=;`)."""
    found = _NAMED.match(said[: said.find("\n") + 1] or said)
    return found[1] if found else None


def unwrap(said: str) -> str:
    """The text without the quotation marks that some programs put around each whole line."""
    lines = said.splitlines()
    if not all(_WRAPPED.fullmatch(line) for line in lines if line.strip()):
        return said
    return "\n".join(line.strip()[1:-1].replace('""', '"') for line in lines)


def split(said: str, delimiter: str, limit: int = MOST_ROWS) -> Sheet:
    """The rows of a text, the first `limit` of them.

    Raises BadStatement UNCLOSED_QUOTE, TOO_LARGE or NOT_A_STATEMENT, each with its line.
    """
    lines = io.StringIO(said, newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[Row] = []
    began = 0
    while len(rows) < limit:
        try:
            cells: list[Cell] = [*next(reader)]
        except StopIteration:
            break
        except csv.Error:  # a cell longer than csv's own limit
            raise BadStatement(BankFault.NOT_A_STATEMENT, began + 1) from None
        if reader.line_num - began > _LONGEST_CELL:
            raise BadStatement(BankFault.UNCLOSED_QUOTE, began + 1)
        if len(cells) > MOST_COLUMNS:
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > MOST_COLUMNS:
                raise BadStatement(BankFault.TOO_LARGE, began + 1)
        rows.append(Row(began + 1, cells))
        began = reader.line_num
    else:
        if limit == MOST_ROWS and next(reader, None) is not None:
            raise BadStatement(BankFault.TOO_LARGE, began + 1)
    _check_last(said, rows, began)
    return Sheet(rows)


def _check_last(said: str, rows: list[Row], ended: int) -> None:
    """Refuse a last row whose quotation mark is still open at the end of the file."""
    if rows and ended > rows[-1].number:
        lines = io.StringIO(said, newline="").readlines()[rows[-1].number - 1 : ended]
        if "".join(lines).count('"') % 2:
            raise BadStatement(BankFault.UNCLOSED_QUOTE, rows[-1].number)
