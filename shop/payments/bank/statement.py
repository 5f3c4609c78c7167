"""What a bank statement says, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from shop.payments.bank.amounts import Marks, marks_of, take_apart, value
from shop.payments.bank.faults import BadStatement, BankFault

_SUM = r"\s*[:=]?\s*(?:rp\.?\s*)?([\d.,]*\d)"
_LONGEST = 400
"""Letters of a remark that can be an acquirer's; patterns take long over longer ones."""
_QRIS = re.compile(
    rf"\bMID\s*[:=]?\s*([0-9A-Z]+)\b.*?\bQR(?:IS)?{_SUM}.*?\bDDR{_SUM}", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class DailyQris:
    """What the acquirer says in its one line for a day of QRIS payments.

    Sums are whole rupiah: `gross` was paid by buyers, `fee` kept by the acquirer; the line's own
    amount should be the difference. `mid` is the merchant's number at the acquirer.
    """

    mid: str
    gross: int
    fee: int


@dataclass(frozen=True)
class Line:
    """One payment in or out.

    `number` is the line of the file, counted from 1 (a workbook's row). `amount` is whole rupiah,
    above zero where money came in. `time` is the bank's own, in Indonesia's western zone unless
    the bank says otherwise; None where the file has none. `balance` is the balance after it in
    rupiah, sen cut off. A `pending` line is not booked yet and must not be matched.
    `fingerprint` is the same for the same line in another download of the same account.
    """

    number: int
    booked_on: date
    time: time | None
    amount: int
    description: str
    balance: int | None
    pending: bool
    sequence: str | None
    fingerprint: str

    @property
    def qris(self) -> DailyQris | None:
        """The acquirer's settlement of a day of QRIS, if this line is one."""
        return daily_qris(self.description) if self.amount > 0 else None


@dataclass(frozen=True)
class SetAside:
    """A line that no program may book, for a person to look at.

    `reason` is one of the last in BankFault, that say so; `amount` is in `currency`, exact.
    """

    number: int
    reason: BankFault
    booked_on: date
    amount: Decimal
    currency: str
    description: str


@dataclass(frozen=True)
class Statement:
    """A statement as it was understood; `lines` in the order of the file.

    `bank` is `bca`, `mandiri`, `bni`, `bri`, `bsi` or `general`; `channel` the bank's own name for
    the place it was exported from, or empty. `account` is the number as the file (or the caller)
    gives it, empty where neither does. `newest_first` tells which way the lines run.
    """

    bank: str
    channel: str
    account: str
    currency: str
    lines: tuple[Line, ...]
    set_aside: tuple[SetAside, ...]
    newest_first: bool


def daily_qris(description: str) -> DailyQris | None:
    """What an acquirer's line `… MID : 885… QR : 150000.00 DDR : 1050.00` settles, else None."""
    found = _QRIS.search(description[:_LONGEST])
    if not found:
        return None
    mid, gross, fee = found.groups()
    try:
        marks = marks_of([(0, gross), (0, fee)])
        sums = [_whole(part, marks) for part in (gross, fee)]
    except (BadStatement, ValueError):
        return None
    return DailyQris(mid, *sums)


def _whole(said: str, marks: Marks) -> int:
    written = take_apart(said)
    found = value(written.figures, marks) if written else Decimal(0)
    if found != found.to_integral_value():
        raise ValueError("not whole rupiah")
    return int(found)
