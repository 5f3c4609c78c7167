"""From the rows of a table to payments: what is a line, what only stands between lines."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from shop.payments.bank import klikbca
from shop.payments.bank.amounts import take_apart, value
from shop.payments.bank.cells import Cells
from shop.payments.bank.columns import Role
from shop.payments.bank.days import read_day
from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.sheet import Row, is_blank, text
from shop.payments.bank.table import Facts, Table, rupiah

_LONGEST = 200
_BEFORE = r"(?:saldo\s*(?:awal|sebelumnya)|(?:opening|beginning|starting|previous)\s*balance)"
_AFTER = r"(?:saldo\s*akhir|(?:closing|ending)\s*balance)"
_REST = r"\b[\s:=]*((?:rp\b|idr\b)?[^a-z]*(?:cr|db|k|d)?)"
_OPENING = re.compile(rf"\W*{_BEFORE}{_REST}", re.IGNORECASE)
_CLOSING = re.compile(rf"\W*{_AFTER}{_REST}", re.IGNORECASE)
_CARRIED = re.compile(r"\W*(?:saldo\s*pindahan|(?:balance\s*)?brought forward)\W*", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\W*(?:saldo|mutasi|sub ?total|grand total|total|jumlah|opening|closing|beginning|starting"
    r"|ending|ledger|credit|debit|debet|kredit|halaman|hal\b|page|catatan|note|dicetak|printed"
    r"|generated|tanggal|end of|akhir|period|no\.? ?rek|account|nama|kode|bersambung|disclaimer)",
    re.IGNORECASE,
)
_PENDING = re.compile(r"\W*pend(?:ing)?\W*", re.IGNORECASE)
MIDNIGHT = time()
"""What programs write for a time they do not know."""
_MONEY = (Role.AMOUNT, Role.DEBIT, Role.CREDIT)


@dataclass(frozen=True)
class Entry:
    """A line with exact sums, before the balances are followed."""

    number: int
    day: date
    time: time | None
    amount: Decimal
    balance: Decimal | None
    opening: Decimal | None
    description: str
    pending: bool
    sequence: str
    account: str
    currency: str


@dataclass(frozen=True)
class Reading:
    """The lines of a table, and what the file says the balance was before and after them."""

    entries: list[Entry]
    opening: Decimal | None
    closing: tuple[int, Decimal] | None
    """The line of the file it stands on, and the sum."""


def read_entries(table: Table, known: Facts) -> Reading:
    """Every payment of the table.

    Raises BadStatement with the line of the first thing that cannot be understood.
    """
    return _Reader(table, known).read()


class _Reader:
    def __init__(self, table: Table, known: Facts) -> None:
        self.table = table
        self.known = known
        self.cells = Cells(table, known.period)
        self.entries: list[Entry] = []

    def read(self) -> Reading:
        opening: Decimal | None = None
        closing: tuple[int, Decimal] | None = None
        for row in self.table.sheet.rows[: self.table.top]:
            opening = self._stated(_OPENING, row) if opening is None else opening
        for row in self.table.sheet.rows[self.table.top :]:
            if is_blank(row):
                continue
            if (found := self._entry(row)) is not None:
                self.entries.append(found)
                continue
            if opening is None:
                opening = self._stated(_OPENING, row)
            if (after := self._stated(_CLOSING, row)) is not None:
                closing = (row.number, after)
            self._continue_remark(row)
        if all(entry.time in (None, MIDNIGHT) for entry in self.entries):
            self.entries = [replace(entry, time=None) for entry in self.entries]
        return Reading(self.entries, opening, closing)

    def _entry(self, row: Row) -> Entry | None:
        """The payment on a row, None where the row only stands between payments."""
        said = self.cells.description(row)
        pending = _PENDING.fullmatch(text(self.cells.at(row, Role.DAY))) is not None
        clock: time | None = None
        if pending:
            day = self._day_of_pending(row, said)
        else:
            try:
                day, clock = self.cells.day(row)
            except BadStatement:
                raise
            except ValueError:
                self._refuse_if_line(row)
                return None
        if _only_balance(said):
            return None
        amount = self.cells.amount(row)
        if amount is None:
            if self.entries and len(_texts(row)) == 1:  # the day of printing, below the table
                return None
            raise BadStatement(BankFault.BAD_AMOUNT, row.number)
        return Entry(
            number=row.number,
            day=day,
            time=clock if clock not in (None, MIDNIGHT) else self.cells.clock(row) or clock,
            amount=amount,
            balance=self.cells.balance(row, Role.BALANCE),
            opening=self.cells.balance(row, Role.OPENING),
            description=said,
            pending=pending,
            sequence=self.cells.words(row, Role.SEQUENCE),
            account=re.sub(r"[ .-]", "", self.cells.words(row, Role.ACCOUNT)),
            currency=self._currency(row),
        )

    def _currency(self, row: Row) -> str:
        said = self.cells.words(row, Role.CURRENCY)
        return rupiah(said) if said else self.known.currency

    def _day_of_pending(self, row: Row, said: str) -> date:
        """The day in the remark, else the last of the period, else of the line before."""
        if written := klikbca.day_of_pending(said):
            with suppress(ValueError):
                return read_day(written, "dmy", self.known.period)[0]
        if self.known.period:
            return self.known.period.last
        if self.entries:
            return self.entries[-1].day
        raise BadStatement(BankFault.NO_YEAR, row.number, text(self.cells.at(row, Role.DAY)))

    def _refuse_if_line(self, row: Row) -> None:
        """A row without a day that is a payment all the same must not get lost."""
        said = _texts(row)
        if not self.table.headings and not self.entries:  # a map by numbers: rows above the table
            return
        if not said or _BETWEEN.match(said[0]) or self.cells.is_heading(row):
            return
        day = text(self.cells.at(row, Role.DAY))
        if not re.search(r"\d", day) and not self.cells.description(row):  # totals, unnamed
            return
        full = len(said) >= max(3, sum(map(bool, self.table.headings)) // 2)
        if self._moves_money(row) or (day and full):
            raise BadStatement(BankFault.BAD_DAY, row.number, day)

    def _moves_money(self, row: Row) -> bool:
        for role in _MONEY:
            try:
                found = self.cells.money(row, role)
            except BadStatement:
                continue
            if found and found[0]:
                return True
        return False

    def _stated(self, pattern: re.Pattern[str], row: Row) -> Decimal | None:
        """The balance that a row states in words: in the same cell, or behind it in the row."""
        cells = [(text(cell), cell) for cell in row.cells]
        for at, (said, _) in enumerate(cells):
            if found := pattern.fullmatch(said[:_LONGEST]):
                behind = [cell for words, cell in cells[at + 1 :] if words]
                sums = [self._sum(cell) for cell in [found[1], *reversed(behind)]]
                return next((one for one in sums if one is not None), None)
        return None

    def _sum(self, cell: str | Decimal) -> Decimal | None:
        if isinstance(cell, Decimal):
            return cell
        try:
            written = take_apart(cell)
            found = value(written.figures, self.cells.marks) if written else None
        except ValueError:
            return None
        if written is None or found is None:
            return None
        return -found if written.negative or written.side < 0 else found

    def _continue_remark(self, row: Row) -> None:
        """Take a row with nothing but a remark as the rest of the remark above it."""
        said = self.cells.description(row)
        if self.entries and said and [said] == _texts(row) and not _BETWEEN.match(said):
            last = self.entries[-1]
            self.entries[-1] = replace(last, description=f"{last.description} {said}".strip())


def _texts(row: Row) -> list[str]:
    return [said for cell in row.cells if (said := text(cell))]


def _only_balance(said: str) -> bool:
    """Whether a remark names a balance carried, not a payment."""
    return any(one.fullmatch(said[:_LONGEST]) for one in (_OPENING, _CLOSING, _CARRIED))
