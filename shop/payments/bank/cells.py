"""The cells of a table by what they mean: days, times, sums, words."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from shop.payments.bank.amounts import Marks, marks_of, side, take_apart, value
from shop.payments.bank.columns import Role, headings_of
from shop.payments.bank.days import Period, read_cell, read_time, time_of_serial
from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.sheet import Cell, Row, text
from shop.payments.bank.table import Table

_MONEY = (Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.BALANCE, Role.OPENING)


class Cells:
    """Reads the cells of one table's rows; every fault names the row's line."""

    def __init__(self, table: Table, period: Period | None) -> None:
        self.table = table
        self.period = period
        self._spans = _spans(table)
        self._lines = [row for row in table.sheet.rows[table.top :] if self.is_line(row)]
        self.marks = self._marks()
        self._style = self._debits_below_zero()
        self._lettered = any(self._side(row) for row in self._lines)

    def is_line(self, row: Row) -> bool:
        """Whether a day stands in the row, or would with a year."""
        try:
            self.day(row)
        except ValueError:
            return False
        return True

    def at(self, row: Row, role: Role) -> Cell:
        """What stands in the column of that role, empty where nothing does."""
        for first in self.table.columns.get(role, ()):
            for place in range(first, self._spans.get(first, first + 1)):
                cell = row.cells[place] if place < len(row.cells) else ""
                if isinstance(cell, Decimal) or cell.strip():
                    return cell
        return ""

    def words(self, row: Row, role: Role) -> str:
        """The cell as text, without the apostrophe that keeps spreadsheets from counting it."""
        return text(self.at(row, role)).lstrip("'")

    def description(self, row: Row) -> str:
        """All columns of the remark, each text once."""
        said: list[str] = []
        for first in self.table.columns.get(Role.DESCRIPTION, ()):
            for place in range(first, min(self._spans.get(first, first + 1), len(row.cells))):
                if (words := text(row.cells[place])) and words not in said:
                    said.append(words)
        return " ".join(said)

    def is_heading(self, row: Row) -> bool:
        """Whether the headings stand here again, as on each printed page."""
        return tuple(one for one in headings_of(row) if one) in self.table.repeated

    def day(self, row: Row) -> tuple[date, time | None]:
        """The day, and the time where it stands with it.

        Raises ValueError for what is no day (BadStatement NO_YEAR with its line).
        """
        cell = self.at(row, Role.DAY)
        try:
            return read_cell(cell, self.table.day_order, self.period, self.table.sheet)
        except BadStatement as refused:
            raise BadStatement(refused.fault, row.number, text(cell)) from None

    def clock(self, row: Row) -> time | None:
        """The time from a column of its own."""
        cell = self.at(row, Role.TIME)
        try:
            if isinstance(cell, Decimal) and cell < 1:
                return time_of_serial(cell)
            return read_time(text(cell)) if cell else None
        except ValueError:
            raise BadStatement(BankFault.BAD_TIME, row.number, text(cell)) from None

    def money(self, row: Row, role: Role) -> tuple[Decimal, int] | None:
        """The sum in a cell with its sign, and the side that letters beside it name."""
        cell = self.at(row, role)
        if isinstance(cell, Decimal):
            if round(cell, 6) != round(cell, 2):  # 47.123 typed, taken for 47 and a part
                raise BadStatement(BankFault.THOUSANDS_MISREAD, row.number, text(cell))
            return round(cell, 2), 0
        try:
            written = take_apart(cell)
            if written is None:
                return None
            found = value(written.figures, self.marks)
        except BadStatement as refused:
            raise BadStatement(refused.fault, row.number, cell) from None
        except ValueError:
            raise BadStatement(BankFault.BAD_AMOUNT, row.number, cell) from None
        return (-found if written.negative else found), written.side

    def balance(self, row: Row, role: Role) -> Decimal | None:
        """A balance; `DB` behind it says that the account is overdrawn."""
        found = self.money(row, role)
        return None if found is None else -abs(found[0]) if found[1] < 0 else found[0]

    def amount(self, row: Row) -> Decimal | None:
        """What the line moved: above zero came in, below went out; None where nothing is written.

        Raises BadStatement BAD_AMOUNT or THOUSANDS_MISREAD.
        """
        if Role.AMOUNT not in self.table.columns:
            return self._of_two(row)
        found = self.money(row, Role.AMOUNT)
        if found is None:
            return None
        moved = found[0]
        way = found[1] or self._side(row)
        if way == 0 and self._says_side(row):
            raise BadStatement(BankFault.BAD_AMOUNT, row.number, text(self.at(row, Role.SIDE)))
        if way == 0 and self._lettered and Role.BALANCE not in self.table.columns:
            raise BadStatement(BankFault.BAD_AMOUNT, row.number, text(self.at(row, Role.AMOUNT)))
        return -abs(moved) if way < 0 else moved  # no letter among lettered: in, balances prove it

    def _of_two(self, row: Row) -> Decimal | None:
        out, into = self.money(row, Role.DEBIT), self.money(row, Role.CREDIT)
        if out is None and into is None:
            return None
        paid = out[0] * self._style if out else Decimal(0)
        received = into[0] if into else Decimal(0)
        if paid and received:
            raise BadStatement(BankFault.BAD_AMOUNT, row.number, text(self.at(row, Role.DEBIT)))
        return received - paid

    def _says_side(self, row: Row) -> bool:
        return bool(self.words(row, Role.SIDE))

    def _side(self, row: Row) -> int:
        if Role.AMOUNT not in self.table.columns:
            return 0
        if way := side(self.at(row, Role.SIDE)):
            return way
        cell = self.at(row, Role.AMOUNT)
        try:
            written = take_apart(cell) if isinstance(cell, str) else None
        except ValueError:
            return 0
        return written.side if written else 0

    def _debits_below_zero(self) -> int:
        """-1 where a bank writes every sum that went out below zero, in the column for it."""
        found = []
        for row in self._lines if Role.DEBIT in self.table.columns else []:
            try:
                out = self.money(row, Role.DEBIT)
            except BadStatement:
                continue
            if out and out[0]:
                found.append(out[0])
        return -1 if found and max(found) < 0 else 1

    def _marks(self) -> Marks:
        chosen = self.table.chosen
        if chosen and (chosen.decimal_mark is not None or chosen.thousands_mark is not None):
            return _set_marks(chosen.decimal_mark, chosen.thousands_mark)
        return marks_of(
            (row.number, cell)
            for row in self._lines
            for role in _MONEY
            if (cell := self.at(row, role))
        )


def _set_marks(decimal: str | None, thousands: str | None) -> Marks:
    """The marks of a map; of the two, the one that is not set is the other one."""
    other = {".": ",", ",": "."}
    if decimal is None:
        return Marks(other.get(thousands or "", "."), (thousands or "").strip())
    if thousands is None:
        return Marks(decimal, other.get(decimal, ""))
    return Marks(decimal, thousands.strip())


def _spans(table: Table) -> dict[int, int]:
    """Where each column of a workbook ends: merged headings cover what stands below them."""
    if not table.sheet.workbook or not table.headings:
        return {}
    starts = [at for at, heading in enumerate(table.headings) if heading]
    starts += [at for places in table.columns.values() for at in places if at not in starts]
    starts.sort()
    return dict(zip(starts, [*starts[1:], starts[-1] + 4], strict=True))
