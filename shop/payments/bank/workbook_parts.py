"""What the parts of a workbook say (ECMA-376, part 1: 18.2, 18.3, 18.4), cell by cell."""

from __future__ import annotations

import posixpath
import re
from decimal import Decimal, InvalidOperation

from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.sheet import MOST_COLUMNS, MOST_ROWS, Cell

_MOST_CELLS = 2_000_000
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class Part:
    """Hears one part of a workbook: names come without their namespace."""

    def begin(self, name: str, given: dict[str, str]) -> None:
        """An element opens."""

    def end(self, name: str) -> None:
        """An element closes."""

    def say(self, words: str) -> None:
        """Text between elements."""


class Relations(Part):
    """Where the parts lie, by the id that the workbook calls them."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "Relationship":
            path = posixpath.join("/xl", given["Target"])
            self.paths[given["Id"]] = posixpath.normpath(path).lstrip("/")


class Contents(Part):
    """The sheets by their ids, in order, and from which day serial days count."""

    def __init__(self) -> None:
        self.base_1904 = False
        self.ids: list[str] = []

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "workbookPr":
            self.base_1904 = given.get("date1904") in ("1", "true")
        elif name == "sheet":
            self.ids.append(given["id"])


class Strings(Part):
    """The texts that cells point to; readings for Japanese (`rPh`) are left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._said: list[str] = []
        self._in_text = self._in_reading = False

    def begin(self, name: str, _given: dict[str, str]) -> None:
        if name == "si":
            self._said = []
        elif name == "rPh":
            self._in_reading = True
        elif name == "t":
            self._in_text = not self._in_reading

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append("".join(self._said))
        elif name == "rPh":
            self._in_reading = False
        elif name == "t":
            self._in_text = False

    def say(self, words: str) -> None:
        if self._in_text:
            self._said.append(words)


class Cells(Part):
    """The cells of one sheet, by row and column counted from 0."""

    def __init__(self, shared: list[str]) -> None:
        self._shared = shared
        self.rows: dict[int, dict[int, Cell]] = {}
        self._merged: list[str] = []
        self._row = self._column = -1
        self._kind = "n"
        self._said: list[str] = []
        self._in_value = False
        self._count = 0

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            self._row = int(given["r"]) - 1 if "r" in given else self._row + 1
            self._column = -1
        elif name == "c":
            if "r" in given:
                self._row, self._column = _place(given["r"])
            else:
                self._column += 1
            self._kind = given.get("t", "n")
            self._said = []
        elif name in ("v", "t"):
            self._in_value = True
        elif name == "mergeCell":
            self._merged.append(given["ref"])

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._in_value = False
        elif name == "c":
            self._keep("".join(self._said))

    def say(self, words: str) -> None:
        if self._in_value:
            self._said.append(words)

    def _keep(self, said: str) -> None:
        if not said:
            return
        self._count += 1
        if not 0 <= self._row < MOST_ROWS or self._count > _MOST_CELLS:
            raise BadStatement(BankFault.TOO_LARGE, self._row + 1)
        if self._column < MOST_COLUMNS:  # what stands further right is no statement's
            self.rows.setdefault(self._row, {})[self._column] = self._value(said)

    def _value(self, said: str) -> Cell:
        if self._kind == "s":
            return self._shared[int(said)]
        if self._kind != "n":
            return said
        try:
            number = Decimal(said)
        except InvalidOperation:
            return said
        if not number.is_finite() or abs(number) > Decimal(10) ** 18:
            return said
        return round(
            number, 9
        ).normalize()  # spreadsheets keep 15 figures and write the dust behind them

    def fill_down(self) -> None:
        """Give every row of cells merged downwards what stands in the first of them."""
        for ref in self._merged[:MOST_ROWS]:
            first, _, last = ref.partition(":")
            if not last:
                continue
            (top, column), (bottom, _) = _place(first), _place(last)
            value = self.rows.get(top, {}).get(column)
            if value is None:
                continue
            for row in range(top + 1, min(bottom, MOST_ROWS) + 1):
                if row in self.rows:  # below the last row there is nothing to fill
                    self.rows[row].setdefault(column, value)

    def row(self, number: int) -> list[Cell]:
        """One row from its first column to its last."""
        found = self.rows[number]
        return [found.get(column, "") for column in range(max(found) + 1)]


def _place(ref: str) -> tuple[int, int]:
    """Row and column of `B7`, counted from 0."""
    found = _PLACE.fullmatch(ref.replace("$", ""))
    if not found:
        raise BadStatement(BankFault.BROKEN_WORKBOOK)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
