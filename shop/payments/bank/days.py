"""Days and times as banks and treasurers write them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.sheet import Cell, Sheet, text

DayOrder = Literal["dmy", "mdy", "ymd"]
_MONTHS = (
    "jan januari january",
    "feb peb februari pebruari february",
    "mar mrt maret march",
    "apr april",
    "mei may",
    "jun juni june",
    "jul juli july",
    "agu ags agt agust agustus aug august",
    "sep sept september",
    "okt oct oktober october",
    "nov nop november nopember",
    "des dec desember december",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_TIME = re.compile(
    r"[\sT]+(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?\s*(?:am|pm)?)\s*(?:wib|wita|wit)?\Z",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*(am|pm)?(?:\s*(?:wib|wita|wit))?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\A[a-z']+,\s*", re.IGNORECASE)
_THREE = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_WORD = re.compile(r"(\d{1,2})[-/. ]*([a-z]+)[-/., ]*(\d{4}|\d{2})?", re.IGNORECASE)
_WORD_FIRST = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})", re.IGNORECASE)
_TWO = re.compile(r"(\d{1,2})[-/. ](\d{1,2})")
_ONE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WRITTEN = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[-/. ](?:\d{1,2}|[a-z]+)[-/. ](?:\d{4}|\d{2})\b", re.IGNORECASE
)
_MONTH = re.compile(r"\b([a-z]+)\s+(\d{4})\b", re.IGNORECASE)
_LONGEST = 60
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_STRAY = timedelta(days=31)


@dataclass(frozen=True)
class Period:
    """The days a statement speaks of, both included."""

    first: date
    last: date


def period_in(words: str) -> Period | None:
    """The period that a line of facts states: two days, or a month."""
    found = [day for written in _WRITTEN.findall(words) if (day := _day_or_none(written))]
    if len(found) >= 2:
        return Period(min(found[:2]), max(found[:2]))
    for name, year in _MONTH.findall(words):
        month = MONTHS.get(name.casefold())
        if month and _FIRST_YEAR <= int(year) < _LAST_YEAR:
            last = monthrange(int(year), month)[1]
            return Period(date(int(year), month, 1), date(int(year), month, last))
    return None


def _day_or_none(written: str) -> date | None:
    try:
        return read_day(written, "dmy", None)[0]
    except (BadStatement, ValueError):
        return None


def read_cell(
    cell: Cell, order: DayOrder, period: Period | None, sheet: Sheet
) -> tuple[date, time | None]:
    """The day in a cell, and the time where one stands with it; workbooks count days serially.

    Raises ValueError for what is no day, BadStatement NO_YEAR (without a line).
    """
    if sheet.workbook and (serial := _serial(cell)) is not None:
        return _from_serial(serial, sheet.base_1904)
    return read_day(text(cell), order, period)


def _serial(cell: Cell) -> Decimal | None:
    if isinstance(cell, str):
        if not re.fullmatch(r"\d{5}(?:\.\d{1,15})?", cell.strip()):
            return None
        cell = Decimal(cell.strip())
    return cell if 30_000 <= cell < 75_000 else None  # 1982 to 2105


def _from_serial(serial: Decimal, base_1904: bool) -> tuple[date, time | None]:
    first = datetime(1904, 1, 1) if base_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    moment = first + timedelta(seconds=round(serial * 86_400))
    return moment.date(), moment.time() if serial % 1 else None


def time_of_serial(part: Decimal) -> time:
    """The time that a workbook keeps as a part of a day."""
    minutes, second = divmod(round(part * 86_400) % 86_400, 60)
    return time(minutes // 60, minutes % 60, second)


@lru_cache(maxsize=4096)
def read_day(said: str, order: DayOrder, period: Period | None) -> tuple[date, time | None]:
    """The day that words say, and the time behind it.

    Raises ValueError for what is no day, BadStatement NO_YEAR (without a line).
    """
    if len(said) > _LONGEST:
        raise ValueError("too long for a day")
    said = _WEEKDAY.sub("", said.strip().strip("=\"'").strip())
    clock = None
    if found := _TIME.search(said):
        clock = read_time(found[1])
        said = said[: found.start()].rstrip(" ,T")
    return _day(said, order, period), clock


def _day(said: str, order: DayOrder, period: Period | None) -> date:
    if found := _THREE.fullmatch(said):
        first, second, third = (int(part) for part in found.groups())
        if len(found[1]) == 4 or (order == "ymd" and len(found[3]) == 2):
            return _date(first, second, third)
        day, month = (second, first) if order == "mdy" else (first, second)
        return _date(third, month, day)
    if found := _WORD.fullmatch(said):
        month = _month(found[2])
        return (
            _date(int(found[3]), month, int(found[1]))
            if found[3]
            else _place(int(found[1]), month, period)
        )
    if found := _WORD_FIRST.fullmatch(said):
        return _date(int(found[3]), _month(found[1]), int(found[2]))
    if found := _TWO.fullmatch(said):
        day, month = int(found[1]), int(found[2])
        return _place(month, day, period) if order == "mdy" else _place(day, month, period)
    if found := _ONE.fullmatch(said):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    raise ValueError("not a day")


def _month(name: str) -> int:
    if (number := MONTHS.get(name.casefold())) is None:
        raise ValueError("not a month")
    return number


def _date(year: int, month: int, day: int) -> date:
    year = year + 2000 if year < 100 else year
    if not _FIRST_YEAR <= year < _LAST_YEAR:
        raise ValueError("not a year of a statement")
    return date(year, month, day)


def _place(day: int, month: int, period: Period | None) -> date:
    """The year that brings a day into the period, or nearest to it."""
    date(2000, month, day)  # whatever the year: 29 February is a day, 31 June is none
    if period is None:
        raise BadStatement(BankFault.NO_YEAR)
    nearest: tuple[timedelta, date] | None = None
    for year in range(period.first.year - 1, period.last.year + 2):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        away = max(period.first - found, found - period.last, timedelta())
        if nearest is None or away < nearest[0]:
            nearest = (away, found)
    if nearest is None or nearest[0] > _STRAY:
        raise ValueError("a day outside the period")
    return nearest[1]


def read_time(said: str) -> time:
    """A time of day: `09:14:05`, `09.14`, `9:14 PM`, `091405`.

    Raises ValueError for what is none.
    """
    said = said[:_LONGEST].strip().strip("'").strip()
    if found := _CLOCK.fullmatch(said):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if found[4]:
            hour = hour % 12 + (12 if found[4].casefold() == "pm" else 0)
        return time(hour, minute, second)
    if said.isascii() and said.isdigit() and len(said) <= 6:
        figures = said.zfill(6)  # spreadsheets drop the zeros in front
        return time(int(figures[:2]), int(figures[2:4]), int(figures[4:]))
    raise ValueError("not a time")
