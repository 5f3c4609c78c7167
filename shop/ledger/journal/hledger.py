"""The journal for hledger (https://hledger.org/hledger.html#journal)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from shop.ledger.journal.book import CURRENCY, OPENING, Book
from shop.ledger.journal.queries import JournalEntry

_BREAKS = re.compile("[%,\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What ends the value of a tag or its line."""


def hledger(book: Book) -> Iterator[str]:
    """Its lines. Every account's balance is asserted at the end, by legs of nothing."""
    yield f"; {plain(book.title)}\ncommodity 1000. {CURRENCY}\n"
    for account in book.accounts:
        owner = f"  ; owner: {plain(account.owner)}" if account.owner else ""
        yield f"account {account.name}{owner}\n"
    if book.opened:
        legs = ((account.name, str(account.opening)) for account in book.opened)
        yield f"\n{book.first} * {OPENING}\n{_legs(legs)}"
    for entry in book.entries:
        yield _transaction(entry)
    if book.accounts:
        ends = ((account.name, f"0 {CURRENCY} = {account.closing}") for account in book.accounts)
        yield f"\n{book.last} * closing\n{_legs(ends)}"


def plain(text: str) -> str:
    """A text on one line. hledger has no escapes: line ends, commas and % become `%0A`, …"""
    return _BREAKS.sub(lambda found: quote(found[0], safe=""), text)


def _transaction(entry: JournalEntry) -> str:
    about = "".join(f"    ; {name}: {value}\n" for name, value in entry.about)
    note = f"    ; note: {plain(entry.note)}\n" if entry.note else ""
    return (
        f"\n{entry.day} * {entry.kind}\n"
        f"    ; entry: {entry.id}\n    ; key: {plain(entry.key)}\n{about}{note}"
        f"{_legs((leg.account, str(leg.amount)) for leg in entry.legs)}"
    )


def _legs(legs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"    {account}  {amount} {CURRENCY}\n" for account, amount in legs)
