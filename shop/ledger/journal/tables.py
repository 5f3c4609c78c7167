"""The journal and the trial balance as tables."""

from __future__ import annotations

from collections.abc import Iterator

from shop.core import clock
from shop.core.csv_file import csv_lines
from shop.ledger.journal.book import OPENING, Book
from shop.ledger.journal.queries import ABOUT, JournalEntry

_HEAD = (
    "day", "time", "entry", "kind", "key", *ABOUT, "note",
    "account", "owner", "amount", "balance",
)  # fmt: skip
_SUMS = ("account", "owner", "opening", "debit", "credit", "closing")
Sums = tuple[str, str, int, int, int, int]


def journal_table(book: Book) -> Iterator[str]:
    """The lines of a CSV with one row for each leg; rupiah, debit positive."""
    return csv_lines(_HEAD, _rows(book))


def trial_balance(book: Book) -> Iterator[str]:
    """The trial balance as text for people."""
    return _columns([_SUMS, *(tuple(_shown(cell) for cell in row) for row in _sums(book))])


def trial_balance_table(book: Book) -> Iterator[str]:
    """The lines of the trial balance as CSV."""
    return csv_lines(_SUMS, _sums(book))


def _rows(book: Book) -> Iterator[tuple[object, ...]]:
    nothing = ("",) * len(ABOUT)
    for account in book.opened:
        row = (account.name, account.owner, account.opening, account.opening)
        yield (book.first, "", "", OPENING, "", *nothing, "", *row)
    for entry in book.entries:
        head = _head(entry)
        for leg in entry.legs:
            yield (*head, leg.account, leg.owner, leg.amount, leg.balance)


def _head(entry: JournalEntry) -> tuple[object, ...]:
    about = dict(entry.about)
    when = entry.at.astimezone(clock.WIB).isoformat(timespec="seconds")
    ids = (about.get(name, "") for name in ABOUT)
    return (entry.day, when, entry.id, entry.kind, entry.key, *ids, entry.note)


def _sums(book: Book) -> Iterator[Sums]:
    """A row for each account, and one for all."""
    rows: list[Sums] = [
        (one.name, one.owner, one.opening, one.debit, -one.credit, one.closing)
        for one in book.accounts
    ]
    yield from rows
    yield (
        "total", "", sum(row[2] for row in rows), sum(row[3] for row in rows),
        sum(row[4] for row in rows), sum(row[5] for row in rows),
    )  # fmt: skip


def _shown(cell: object) -> str:
    return f"{cell:,}".replace(",", ".") if isinstance(cell, int) else " ".join(str(cell).split())


def _columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Rows as text, figures at the right of their columns; a column with nothing is left out."""
    filled = [
        place for place in range(len(_SUMS)) if any(row[place] not in ("", "0") for row in rows[1:])
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_SUMS))]
    for row in rows:
        cells = (
            row[place].ljust(widths[place]) if place < 2 else row[place].rjust(widths[place])
            for place in filled
        )
        yield "  ".join(cells).rstrip() + "\n"
