"""Statements whose lines are told in plain words: of a member of a group, of a lot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shop.core import i18n
from shop.ledger.statement_paper import Paper, PaperLine

HEAD = ("date", "kind", "number", "what", "change", "balance")


@dataclass(frozen=True)
class Told:
    """What happened on a day: its kind as one plain word, the number of the order or note it is
    about, what it was and how it is worked out in words, and by how many rupiah it changed things.
    """

    day: date
    kind: str
    number: str
    what: str
    how: str
    change: int


@dataclass(frozen=True)
class PlainLine:
    """A line with the balance after it, in rupiah."""

    told: Told
    balance: int


@dataclass(frozen=True)
class PlainStatement:
    """A statement from its opening to its closing balance, oldest line first; in rupiah."""

    opening: int
    lines: Sequence[PlainLine]
    closing: int


def add_up(opening: int, told: Iterable[Told]) -> PlainStatement:
    """The statement of these changes, the oldest first."""
    balance, lines = opening, []
    for one in told:
        balance += one.change
        lines.append(PlainLine(one, balance))
    return PlainStatement(opening, lines, balance)


def paper_of(found: PlainStatement, shop: str, whose: str, period: str) -> Paper:
    """The statement as it is printed."""
    lines = [
        PaperLine(
            i18n.day(line.told.day), _numbered(line.told), line.told.how,
            line.told.change, line.balance,
        )
        for line in found.lines
    ]  # fmt: skip
    return Paper(shop, whose, period, found.opening, lines, found.closing)


def csv_rows(found: PlainStatement) -> Iterator[Sequence[object]]:
    """The statement under `HEAD`, in rupiah."""
    yield ("", "opening", "", "", "", found.opening)
    for line in found.lines:
        told = line.told
        yield (
            told.day.isoformat(), told.kind, told.number, told.what, told.change, line.balance
        )  # fmt: skip
    yield ("", "closing", "", "", "", found.closing)


def _numbered(told: Told) -> str:
    return f"{told.what}, {told.number}" if told.number else told.what
