"""Whether the running balance of a statement adds up, and which way its lines run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from shop.payments.bank.entries import Entry, Reading
from shop.payments.bank.faults import BadStatement, BankFault


def follow(reading: Reading) -> bool:
    """Whether the newest line stands first; every balance in the file adds up.

    Raises BadStatement BALANCE_MISMATCH with the earliest line whose balance is not the one before
    plus its amount; a line that is missing shows at the line after it.
    """
    chains: dict[tuple[str, str], list[Entry]] = {}
    for entry in reading.entries:
        chains.setdefault((entry.account, entry.currency), []).append(entry)
    alone = len(chains) == 1
    newest_first = False
    for entries in chains.values():
        backwards, wrong = _wrong(entries, reading.opening if alone else None)
        if wrong is not None:
            raise BadStatement(
                BankFault.BALANCE_MISMATCH, wrong.number, f"{wrong.balance or wrong.opening or 0:f}"
            )
        newest_first = newest_first or backwards
    if alone:
        _check_closing(reading, newest_first)
    return newest_first


def _wrong(entries: list[Entry], opening: Decimal | None) -> tuple[bool, Entry | None]:
    """Which way the lines run, and the first that is wrong that way."""
    forwards, backwards = entries, entries[::-1]
    faults = list(_breaks(forwards, opening))
    if not faults and not _runs_back(entries):
        return False, None
    other = list(_breaks(backwards, opening))
    back = len(other) < len(faults) or (len(other) == len(faults) and _runs_back(entries))
    found = other if back else faults
    return back, found[0] if found else None


def _runs_back(entries: list[Entry]) -> bool:
    first, last = entries[0], entries[-1]
    if first.time and last.time and first.day == last.day:
        return first.time > last.time
    return first.day > last.day


def _breaks(entries: Sequence[Entry], opening: Decimal | None) -> Iterator[Entry]:
    """The lines whose balance does not follow from the line before, oldest first."""
    known = opening
    for entry in entries:
        moved = entry.amount
        if entry.opening is not None:
            if (known is not None and entry.opening != known) or (
                entry.balance is not None and entry.opening + moved != entry.balance
            ):
                yield entry
            known = entry.opening + moved
        elif entry.pending and _is_uncounted(entry, known):
            continue
        elif known is not None:
            if entry.balance not in (None, known + moved):
                yield entry
            known += moved
        known = entry.balance if entry.balance is not None else known


def _is_uncounted(entry: Entry, known: Decimal | None) -> bool:
    """Whether a pending line leaves the balance as it was, as some banks write it."""
    return not entry.balance or entry.balance == known


def _check_closing(reading: Reading, newest_first: bool) -> None:
    """The balance stated at the end is that of the last line, or of the last booked one."""
    oldest_first = reading.entries[::-1] if newest_first else reading.entries
    booked = [entry for entry in oldest_first if not entry.pending]
    ends = {entries[-1].balance for entries in (oldest_first, booked) if entries}
    if reading.closing and None not in ends:
        line, stated = reading.closing
        if stated not in ends:
            raise BadStatement(BankFault.BALANCE_MISMATCH, line, f"{stated:f}")
