"""The journal of a period, as every format gets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shop.ledger.journal.queries import AccountSums, JournalEntry

CURRENCY = "IDR"
OPENING = "opening"
"""The kind of the entry that stands for everything before the period."""


@dataclass(frozen=True)
class Book:
    """`entries` can be walked once. `first` and `last` are days; an empty book has the period's
    own, or today. `accounts` come by name.
    """

    title: str
    first: date
    last: date
    accounts: tuple[AccountSums, ...]
    entries: Iterator[JournalEntry]

    @property
    def opened(self) -> tuple[AccountSums, ...]:
        """The accounts that were filled before the period; their openings sum to zero."""
        return tuple(account for account in self.accounts if account.opening)
