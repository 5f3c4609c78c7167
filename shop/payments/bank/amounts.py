"""Sums of money as banks and treasurers write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.sheet import Cell

_MINUS = "-−–"
_PREFIX = re.compile(
    rf"(?:(?P<sign>[{_MINUS}+])|(?P<name>rp\.?|idr)|(?P<quote>'))\s*", re.IGNORECASE
)
_SUFFIX = re.compile(rf"\s*(?:(?P<sign>[{_MINUS}+])|(?P<name>rp|idr))\Z", re.IGNORECASE)
_SIDE_AFTER = re.compile(r"(?:(?<![a-z])(?:cr|db|dr|kr)|(?<=\s)[kdc])\.?\Z", re.IGNORECASE)
_SIDE_BEFORE = re.compile(r"\A(?:(?:cr|db|dr|kr)\.?\s*|[kdc]\s+)(?=[\d('+-])", re.IGNORECASE)
_FORMULA_TEXT = re.compile(r'\A="([^"]*)"\Z')
_NO_SEN = re.compile(rf"[.,][{_MINUS}]+\Z")
_ONE_MARK = re.compile(r"(\d*)([.,])(\d+)")
_IN = {"cr", "kr", "k", "c", "kredit", "credit", "masuk", "in", "+", "uangmasuk", "danamasuk"}
_OUT = {"db", "dr", "d", "debet", "debit", "keluar", "out", "-", "uangkeluar", "danakeluar"}
_MOST_FIGURES = 15


@dataclass(frozen=True)
class Marks:
    """How numbers are written in one file; empty where that mark never stands."""

    decimal: str = "."
    thousands: str = ","


@dataclass(frozen=True)
class Written:
    """A sum taken apart: figures with their marks, below zero or not, and the side it names."""

    figures: str
    negative: bool
    side: int


def side(word: Cell) -> int:
    """+1 where a word or letter says money came in, -1 where it went out, 0 where neither."""
    if isinstance(word, Decimal):
        return 0
    plain = re.sub(r"[^a-z+-]", "", word.casefold())
    return 1 if plain in _IN else -1 if plain in _OUT else 0


def take_apart(cell: str) -> Written | None:
    """A sum without its currency, sign and letters; None where none is written.

    Raises ValueError for what is no sum.
    """
    return _take_apart(cell) if len(cell) < 100 else _no_sum()


@lru_cache(maxsize=4096)
def _take_apart(cell: str) -> Written | None:
    said = cell.replace("\xa0", " ").replace("\u202f", " ").strip()
    if quoted := _FORMULA_TEXT.match(said):
        said = quoted[1].strip()
    letters = 0
    for pattern in (_SIDE_AFTER, _SIDE_BEFORE):
        if not letters and (found := pattern.search(said)):
            letters = side(found[0])
            said = (said[: found.start()] + said[found.end() :]).strip()
    negative = False
    if said.startswith("(") and said.endswith(")"):
        negative, said = True, said[1:-1].strip()
    while found := _PREFIX.match(said):
        negative ^= found["sign"] is not None and found["sign"] in _MINUS
        said = said[found.end() :]
    said = _NO_SEN.sub("", said)
    while found := _SUFFIX.search(said):
        negative ^= found["sign"] is not None and found["sign"] in _MINUS
        said = said[: found.start()]
    if said.startswith("(") and said.endswith(")"):
        negative, said = not negative, said[1:-1].strip()
    if not said:
        return None
    if re.fullmatch(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?", said):
        said = said.replace(" ", "")
    if not re.fullmatch(r"[\d.,]*\d[\d.,]*", said):
        _no_sum()
    return Written(said, negative, letters)


def _no_sum() -> NoReturn:
    raise ValueError("not a sum of money")


def marks_of(cells: Iterable[tuple[int, Cell]]) -> Marks:
    """How the numbers of a file are written, found in the numbers themselves.

    A single mark before exactly three figures stands for thousands: rupiah have no third decimal.

    Raises BadStatement THOUSANDS_MISREAD with the line of the first number that contradicts.
    """
    meant: dict[str, str] = {}
    for line, cell in cells:
        if isinstance(cell, Decimal):
            continue
        try:
            written = take_apart(cell)
        except ValueError:
            continue
        for mark, use in _evidence(written.figures if written else "").items():
            if meant.setdefault(mark, use) != use or (
                list(meant.values()).count(use) > 1  # two marks for one use
            ):
                raise BadStatement(BankFault.THOUSANDS_MISREAD, line, cell)
    uses = {use: mark for mark, use in meant.items()}
    if "decimal" in uses:
        other = "," if uses["decimal"] == "." else "."
        return Marks(uses["decimal"], uses.get("thousands", other))
    if "thousands" in uses:
        return Marks("," if uses["thousands"] == "." else ".", uses["thousands"])
    return Marks()


def _evidence(figures: str) -> dict[str, str]:
    """What each mark in a number can only mean."""
    dots, commas = figures.count("."), figures.count(",")
    if dots and commas:
        last = "." if figures.rfind(".") > figures.rfind(",") else ","
        other = "," if last == "." else "."
        if figures.count(last) > 1:
            return {}
        return {last: "decimal", other: "thousands"}
    if dots + commas > 1:
        return {"." if dots else ",": "thousands"}
    if one := _ONE_MARK.fullmatch(figures):
        head, mark, tail = one.groups()
        if len(tail) != 3 or len(head) > 3:
            return {mark: "decimal"}
        if head.lstrip("0"):
            return {mark: "thousands"}
    return {}


def value(figures: str, marks: Marks) -> Decimal:
    """The number that the figures mean under these marks.

    Raises BadStatement THOUSANDS_MISREAD or BAD_AMOUNT, without a line.
    """
    if sum(figure.isdigit() for figure in figures) > _MOST_FIGURES or not figures.isascii():
        raise BadStatement(BankFault.BAD_AMOUNT, None, figures)
    if _fits(figures, marks):
        whole, _, part = figures.partition(marks.decimal) if marks.decimal else (figures, "", "")
        whole = whole.replace(marks.thousands, "") if marks.thousands else whole
        if len(part) == 3 and 1 <= len(whole) <= 3 and whole.strip("0"):
            raise BadStatement(BankFault.THOUSANDS_MISREAD, None, figures)
        return Decimal(f"{whole or 0}.{part or 0}")
    swapped = Marks(marks.thousands, marks.decimal)
    misread = _fits(figures, swapped) or _fits(figures, Marks(",", ".")) or _fits(figures, Marks())
    fault = BankFault.THOUSANDS_MISREAD if misread else BankFault.BAD_AMOUNT
    raise BadStatement(fault, None, figures)


@lru_cache(maxsize=16)
def _pattern(marks: Marks) -> re.Pattern[str]:
    mark, thousands = re.escape(marks.decimal), re.escape(marks.thousands)
    part = rf"(?:{mark}\d*)?" if mark else ""
    grouped = rf"\d{{1,3}}(?:{thousands}\d{{3}})+{part}|" if thousands else ""
    bare = rf"|{mark}\d+" if mark else ""
    return re.compile(rf"{grouped}\d+{part}{bare}")


def _fits(figures: str, marks: Marks) -> bool:
    return _pattern(marks).fullmatch(figures) is not None
