"""From the bytes of a file to a statement."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

from shop.payments.bank import delimited, workbook
from shop.payments.bank.balance import follow
from shop.payments.bank.cells import Cells
from shop.payments.bank.column_map import ColumnMap
from shop.payments.bank.columns import Role
from shop.payments.bank.encoding import decode
from shop.payments.bank.entries import MIDNIGHT, Entry, read_entries
from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.general import first_missing, needs_headings, suggest
from shop.payments.bank.mend import mend
from shop.payments.bank.sheet import MOST_BYTES, Row, Sheet, joined
from shop.payments.bank.statement import Line, SetAside, Statement
from shop.payments.bank.table import HEADINGS_WITHIN, Table, facts, find, likely_headings

_OTHERS = (
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
)
"""How files begin that people take for the table: PDF, old Excel, pictures, archives."""
_PAGES = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head")
"""Some banks call a web page .xls."""


def read(data: bytes, *, column_map: ColumnMap | None = None, account: str = "") -> Statement:
    """What a downloaded statement says; the bank is known by its headings, never by a name.

    `account` is the number for files that name none; it only goes into fingerprints.

    Raises BadStatement with the fault and its line where the file cannot be trusted as a whole.
    """
    table = _find(data, column_map)
    known = facts(table)
    reading = read_entries(table, known)
    if not reading.entries:
        raise BadStatement(BankFault.NO_LINES, table.top or None)
    owner = _one_account(reading.entries) or known.account or account
    newest_first = follow(reading)
    twice = _standing_twice(reading.entries)
    aside = {e.number: why for e in reading.entries if (why := _aside(e, twice))}
    booked = [entry for entry in reading.entries if entry.number not in aside]
    marks = _fingerprints(booked[::-1] if newest_first else booked, owner)
    return Statement(
        bank=table.shape.bank,
        channel=table.shape.channel,
        account=owner,
        currency=known.currency,
        lines=tuple(_line(entry, marks[entry.number]) for entry in booked),
        set_aside=tuple(
            SetAside(e.number, aside[e.number], e.day, e.amount, e.currency, e.description)
            for e in reading.entries
            if e.number in aside
        ),
        newest_first=newest_first,
    )


def suggest_map(data: bytes) -> tuple[list[Row], ColumnMap | None]:
    """The first rows of a file and the map its headings suggest, for staff to correct and keep.

    Raises BadStatement where the file is no table at all.
    """
    sheets = [sheet for sheet, _delimiter in _heads(data, None)]
    for sheet in sheets:
        for row in sheet.rows[:HEADINGS_WITHIN]:
            if found := suggest(row):
                return sheet.rows[:HEADINGS_WITHIN], found
    return _widest(sheets).rows[:HEADINGS_WITHIN], None


def _find(data: bytes, chosen: ColumnMap | None) -> Table:
    """The one table of a file, with all its rows.

    Raises BadStatement where there is none that can be understood.
    """
    heads = _heads(data, chosen)
    found = [(table, mark) for sheet, mark in heads if (table := find(sheet, chosen)) is not None]
    if not found:
        raise _unknown([sheet for sheet, _mark in heads], chosen)
    if chosen is not None and not needs_headings(chosen):
        found.sort(key=lambda one: -_days(one[0]))  # no headings to go by: where days are
    table, delimiter = max(found, key=lambda one: one[0].score)
    if delimiter is None:
        return table
    whole = delimited.split(_text(data, chosen), delimiter)
    return mend(replace(table, sheet=whole), delimiter)


def _heads(data: bytes, chosen: ColumnMap | None) -> list[tuple[Sheet, str | None]]:
    """What could be the table: each sheet of a workbook, or the first rows by each delimiter."""
    if len(data) > MOST_BYTES:
        raise BadStatement(BankFault.TOO_LARGE)
    if not data.strip(b"\x00 \t\r\n,;|\xef\xbb\xbf\xff\xfe"):
        raise BadStatement(BankFault.EMPTY_FILE)
    if data.startswith(b"PK\x03\x04"):
        sheets = [one for one in workbook.sheets(data) if one.rows]
        if not sheets:
            raise BadStatement(BankFault.EMPTY_FILE)
        return [(one, None) for one in sheets]
    if data.startswith(_OTHERS) or data.lstrip()[:9].lower().startswith(_PAGES):
        raise BadStatement(BankFault.UNSUPPORTED_FILE)
    return _split_heads(_text(data, chosen), chosen)


def _text(data: bytes, chosen: ColumnMap | None) -> str:
    return delimited.unwrap(decode(data, chosen.encoding if chosen else None))


def _split_heads(said: str, chosen: ColumnMap | None) -> list[tuple[Sheet, str | None]]:
    """The first rows by each delimiter that goes with the quotation marks in them."""
    named = delimited.named_delimiter(said)
    found: list[tuple[Sheet, str | None]] = []
    refused: BadStatement | None = None
    for mark in (named,) if named else delimited.DELIMITERS:
        try:
            found.append((delimited.split(said, mark, HEADINGS_WITHIN), mark))
        except BadStatement as fault:
            refused = refused or fault
    if refused and not any(find(sheet, chosen) for sheet, _mark in found):
        raise refused
    return found


def _unknown(sheets: list[Sheet], chosen: ColumnMap | None) -> BadStatement:
    """What to say where no table was understood, with the line that looks like headings."""
    widest = _widest(sheets)
    if chosen is not None:
        return first_missing(chosen, widest)
    row = likely_headings(widest)
    line = row.number if row else None
    return BadStatement(BankFault.UNKNOWN_HEADINGS, line, joined(row) if row else "")


def _widest(sheets: list[Sheet]) -> Sheet:
    """The sheet, or the delimiter, that makes most of a table.

    Raises BadStatement NOT_A_STATEMENT where none makes one.
    """
    likely = [sheet for sheet in sheets if likely_headings(sheet)]
    if not likely:
        raise BadStatement(BankFault.NOT_A_STATEMENT)
    return max(likely, key=lambda sheet: max(len(row.cells) for row in sheet.rows))


def _one_account(entries: list[Entry]) -> str:
    """The account on the lines, empty where they name none.

    Raises BadStatement SEVERAL_ACCOUNTS at the first line of another.
    """
    owner = entries[0].account
    for entry in entries:
        if entry.account != owner:
            raise BadStatement(BankFault.SEVERAL_ACCOUNTS, entry.number, entry.account)
    return owner


def _standing_twice(entries: list[Entry]) -> set[int]:
    """Lines that repeat one before, number of the bank and all, where no balance tells why."""
    seen: set[tuple[object, ...]] = set()
    found: set[int] = set()
    for entry in entries:
        if not entry.sequence or entry.balance is not None:
            continue
        key = (entry.sequence, entry.day, entry.time, entry.amount, entry.currency)
        if key in seen:
            found.add(entry.number)
        seen.add(key)
    return found


def _aside(entry: Entry, twice: set[int]) -> BankFault | None:
    """Why a person must look at the line."""
    if entry.currency != "IDR":
        return BankFault.OTHER_CURRENCY
    if entry.amount != entry.amount.to_integral_value():
        return BankFault.NOT_WHOLE_RUPIAH
    if entry.number in twice:
        return BankFault.STANDS_TWICE
    return None if entry.amount else BankFault.NOTHING_MOVED


def _line(entry: Entry, fingerprint: str) -> Line:
    return Line(
        number=entry.number,
        booked_on=entry.day,
        time=entry.time,
        amount=int(entry.amount),
        description=entry.description,
        balance=None if entry.balance is None else int(entry.balance),
        pending=entry.pending,
        sequence=entry.sequence or None,
        fingerprint=fingerprint,
    )


def _fingerprints(oldest_first: list[Entry], account: str) -> dict[int, str]:
    """By line: the same in every download of it, whatever its remark says by then.

    Lines alike in everything are counted, so that two payments stay two, and so does a line that
    stands in two downloads: the first of them is the first again.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[int, str] = {}
    for entry in oldest_first:
        clock = entry.time if entry.time not in (None, MIDNIGHT) else ""
        place = f"#{entry.sequence}" if entry.sequence else _plain(entry.balance)
        state = "pending" if entry.pending else "booked"
        key = (account, f"{entry.day}", f"{clock}", _plain(entry.amount), place, state)
        seen[key] += 1
        found[entry.number] = sha256("|".join((*key, f"{seen[key]}")).encode()).hexdigest()[:32]
    return found


def _plain(sum_: Decimal | None) -> str:
    return "" if sum_ is None else f"{sum_.normalize():f}"


def _days(table: Table) -> int:
    """How many rows of a table without headings begin with a day where the map says."""
    cells = Cells(replace(table, columns={Role.DAY: table.columns[Role.DAY]}), None)
    return sum(cells.is_line(row) for row in table.sheet.rows)
