"""What can be wrong with a bank statement, by name."""

from __future__ import annotations

from enum import Enum


class BankFault(Enum):
    """Why a file is refused or a line set aside; `words.fault_message` says it to people."""

    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    """More bytes, lines or columns than a statement has (limits in `sheet`)."""
    UNSUPPORTED_FILE = "unsupported_file"
    """A PDF, a picture, an old or locked workbook, a web page."""
    BROKEN_WORKBOOK = "broken_workbook"
    WRONG_ENCODING = "wrong_encoding"
    """The letters cannot be read as any of the encodings that banks use, or not as the one set."""
    UNCLOSED_QUOTE = "unclosed_quote"
    """A quotation mark opens and never closes: lines would vanish into one cell."""
    NOT_A_STATEMENT = "not_a_statement"
    """No table is in it."""
    UNKNOWN_HEADINGS = "unknown_headings"
    """A table without headings that any bank is known by; a column map is needed."""
    BAD_MAP = "bad_map"
    """The column map names a column that the file does not have, or is none."""
    NO_LINES = "no_lines"
    """Headings, and no payment below them."""
    BAD_DAY = "bad_day"
    NO_YEAR = "no_year"
    """Days without a year, and no period in the file to take it from."""
    BAD_TIME = "bad_time"
    BAD_AMOUNT = "bad_amount"
    THOUSANDS_MISREAD = "thousands_misread"
    """Thousands and decimals are marked in two ways: 47.123 could be 47 rupiah or 47 thousand."""
    BALANCE_MISMATCH = "balance_mismatch"
    """The balance before, and the amount, do not give the balance of this line."""
    SEVERAL_ACCOUNTS = "several_accounts"

    NOT_WHOLE_RUPIAH = "not_whole_rupiah"
    """Sets a line aside."""
    OTHER_CURRENCY = "other_currency"
    """Sets a line aside."""
    NOTHING_MOVED = "nothing_moved"
    """Sets a line aside: its amount is zero."""
    STANDS_TWICE = "stands_twice"
    """Sets a line aside: the bank's own number, day, time and amount stood on one before it."""


class BadStatement(ValueError):
    """The file cannot be used; `fault` says why, `line` where (counted from 1, if it has a place).

    `found` is what stands there, as written and shortened.
    """

    def __init__(self, fault: BankFault, line: int | None = None, found: str = "") -> None:
        super().__init__(f"{fault.value} {line or ''}".rstrip())
        self.fault = fault
        self.line = line
        self.found = found[:80]
