"""Writing the journal of a period in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

from sqlalchemy.orm import Session

from shop.core import clock
from shop.ledger.journal.beancount import beancount
from shop.ledger.journal.book import Book
from shop.ledger.journal.hledger import hledger
from shop.ledger.journal.queries import Period, entries_of, hold_still, sums_of
from shop.ledger.journal.tables import journal_table, trial_balance, trial_balance_table

_CHUNK = 64 * 1024


class Format(StrEnum):
    """How the journal can be written."""

    BEANCOUNT = "beancount"
    HLEDGER = "hledger"
    CSV = "csv"
    TRIAL_BALANCE = "trial-balance"
    TRIAL_BALANCE_CSV = "trial-balance-csv"

    @property
    def is_table(self) -> bool:
        """Whether a spreadsheet opens it."""
        return self in (Format.CSV, Format.TRIAL_BALANCE_CSV)


ENDINGS: dict[Format, str] = {
    Format.BEANCOUNT: ".beancount",
    Format.HLEDGER: ".journal",
    Format.CSV: ".csv",
    Format.TRIAL_BALANCE: "-trial-balance.txt",
    Format.TRIAL_BALANCE_CSV: "-trial-balance.csv",
}
"""How the name of a file of each format ends."""

_WRITERS: dict[Format, Callable[[Book], Iterator[str]]] = {
    Format.BEANCOUNT: beancount,
    Format.HLEDGER: hledger,
    Format.CSV: journal_table,
    Format.TRIAL_BALANCE: trial_balance,
    Format.TRIAL_BALANCE_CSV: trial_balance_table,
}


def export(
    session: Session, form: Format, period: Period, *, title: str, names: bool = False
) -> Iterator[str]:
    """The journal of `period`, piece by piece, as it stood at one moment.

    What came before the period is one entry of opening balances. Accounts and entries carry ids
    only; `names` adds whose accounts they are and what people noted. Begins a transaction of its
    own: what `session` had loaded is forgotten.
    """
    hold_still(session)
    accounts = sums_of(session, period, names=names)
    days = [day for one in accounts.values() for day in (one.first, one.last) if day]
    first = period.first or min(days, default=period.last or clock.today())
    last = period.last or max(days, default=first)
    entries = entries_of(session, period, accounts, notes=names)
    book = Book(title, first, max(first, last), tuple(accounts.values()), entries)
    yield from _in_chunks(_WRITERS[form](book))


def _in_chunks(lines: Iterator[str]) -> Iterator[str]:
    """Few large pieces in place of many small ones."""
    kept, size = [], 0
    for line in lines:
        kept.append(line)
        size += len(line)
        if size >= _CHUNK:
            yield "".join(kept)
            kept, size = [], 0
    if kept:
        yield "".join(kept)
