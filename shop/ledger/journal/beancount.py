"""The journal for Beancount (https://beancount.github.io/docs/beancount_language_syntax.html)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from shop.ledger.journal.book import CURRENCY, OPENING, Book
from shop.ledger.journal.queries import JournalEntry

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def beancount(book: Book) -> Iterator[str]:
    """Its lines. Every account's balance is asserted at the end.

    Beancount checks a balance at the start of its day, so that is the day after the last.
    """
    yield f'option "title" {quoted(book.title)}\n'
    yield f'option "operating_currency" "{CURRENCY}"\n\n'
    yield f"{book.first} commodity {CURRENCY}\n"
    for account in book.accounts:
        day = book.first if account.opening else account.first or book.first
        yield f"{day} open {account.name} {CURRENCY}\n"
        if account.owner:
            yield f"  owner: {quoted(account.owner)}\n"
    if book.opened:
        legs = ((account.name, account.opening) for account in book.opened)
        yield f'\n{book.first} * "{OPENING}"\n{_legs(legs)}'
    for entry in book.entries:
        yield _transaction(entry)
    yield "\n"
    for account in book.accounts:
        day = book.last + timedelta(days=1)
        yield f"{day} balance {account.name} {account.closing} {CURRENCY}\n"


def quoted(text: str) -> str:
    """A text in quotes; Beancount turns the escapes back."""
    return f'"{text.translate(_ESCAPES)}"'


def _transaction(entry: JournalEntry) -> str:
    about = "".join(f'  {name}: "{value}"\n' for name, value in entry.about)
    note = f"  note: {quoted(entry.note)}\n" if entry.note else ""
    return (
        f'\n{entry.day} * "{entry.kind}"\n'
        f'  entry: "{entry.id}"\n  key: {quoted(entry.key)}\n{about}{note}'
        f"{_legs((leg.account, leg.amount) for leg in entry.legs)}"
    )


def _legs(legs: Iterable[tuple[str, int]]) -> str:
    return "".join(f"  {account}  {amount} {CURRENCY}\n" for account, amount in legs)
