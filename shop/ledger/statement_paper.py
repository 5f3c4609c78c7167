"""A statement on paper and as a table: the same lines and words as on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import Flowable

from shop.core import clock, i18n
from shop.core.letters import load_faces
from shop.core.money import rupiah
from shop.core.paper import SHEETS, Sheet, line_above, pdf, table, words_of
from shop.ledger.book_lines import BookLine, BookStatement
from shop.ledger.entry_words import account_words, entry_words
from shop.ledger.figures import signed
from shop.ledger.programme import ProgrammeStatement
from shop.ledger.say import gettext
from shop.ledger.statement_lines import Statement, StatementLine
from shop.ledger.statement_words import how, order_number, title

HEAD = ("date", "kind", "order", "amount", "fee", "subsidy", "change", "balance")
PROGRAMME_HEAD = ("date", "account", "kind", "order", "payout", "note", "change", "balance")
BOOK_HEAD = ("date", "kind", "order", "payout", "note", "change", "balance")


@dataclass(frozen=True)
class PaperLine:
    """One line: a day, what it was, how it is worked out, and the two sums in rupiah."""

    day: str
    what: str
    how: str
    change: int
    balance: int


@dataclass(frozen=True)
class Paper:
    """A statement to print: whose, of which time, from its opening to its closing balance."""

    shop: str
    whose: str
    period: str
    opening: int
    lines: Sequence[PaperLine]
    closing: int


def period_words(month: date | None) -> str:
    """`November 2026`, or that it is everything."""
    return i18n.month_name(month) if month else gettext("Semua, dari awal")


def paper_of(found: Statement, shop: str, whose: str, period: str) -> Paper:
    """A seller's statement."""
    lines = [
        PaperLine(i18n.day(line.at), _numbered(line), how(line), line.change, line.balance)
        for line in found.lines
    ]
    return Paper(shop, whose, period, found.opening, lines, found.closing)


def book_paper_of(found: BookStatement, shop: str, whose: str, period: str) -> Paper:
    """The statement of another account."""
    lines = [
        PaperLine(i18n.day(line.at), book_title(line), book_how(line), line.change, line.balance)
        for line in found.lines
    ]
    return Paper(shop, whose, period, found.opening, lines, found.closing)


def programme_paper_of(found: ProgrammeStatement, shop: str, period: str) -> Paper:
    """The statement of the programme itself."""
    lines = [
        PaperLine(
            i18n.day(line.at), own_title(account, line), book_how(line), line.change, line.balance
        )
        for account, line in found.lines
    ]  # fmt: skip
    return Paper(shop, gettext("Program"), period, found.opening, lines, found.closing)


def _numbered(line: StatementLine) -> str:
    number = order_number(line)
    return f"{title(line)}, {number}" if number else title(line)


def book_title(line: BookLine) -> str:
    """`Pembayaran masuk, TPI-4F2K`."""
    about = line.order_number or line.batch_number
    said = entry_words(line.kind)
    return f"{said}, {about}" if about else said


def own_title(account: str, line: BookLine) -> str:
    """`Angka pengenal: Pembayaran masuk, TPI-4F2K`; the account only where it says more."""
    name, said = account_words(account), book_title(line)
    return said if said.startswith(name) else f"{name}: {said}"


def book_how(line: BookLine) -> str:
    """Where the rest of the same entry lies, and its note."""
    parts = [
        f"{account_words(leg.kind)}{f' ({leg.whose})' if leg.whose else ''} {signed(leg.amount)}"
        for leg in line.others
    ]
    return ". ".join(filter(None, ("; ".join(parts), line.note)))


def csv_rows(found: Statement) -> Iterator[Sequence[object]]:
    """A seller's statement under `HEAD`, in rupiah."""
    yield ("", "opening", "", "", "", "", "", found.opening)
    for line in found.lines:
        day = clock.local_day(line.at).isoformat()
        number = order_number(line)
        yield (
            day, line.kind.value, number, line.amount, line.fee, line.subsidy, line.change,
            line.balance,
        )  # fmt: skip
    yield ("", "closing", "", "", "", "", "", found.closing)


def book_csv_rows(found: BookStatement) -> Iterator[Sequence[object]]:
    """The statement of another account under `BOOK_HEAD`, in rupiah, debit positive."""
    yield ("", "opening", "", "", "", "", found.opening)
    for line in found.lines:
        yield (
            clock.local_day(line.at).isoformat(), line.kind, line.order_number,
            line.batch_number, line.note, line.change, line.balance,
        )  # fmt: skip
    yield ("", "closing", "", "", "", "", found.closing)


def programme_csv_rows(found: ProgrammeStatement) -> Iterator[Sequence[object]]:
    """The statement of the programme itself under `PROGRAMME_HEAD`, in rupiah gained."""
    yield ("", "opening", "", "", "", "", "", found.opening)
    for account, line in found.lines:
        yield (
            clock.local_day(line.at).isoformat(), account, line.kind, line.order_number,
            line.batch_number, line.note, line.change, line.balance,
        )  # fmt: skip
    yield ("", "closing", "", "", "", "", "", found.closing)


def statement_pdf(paper: Paper) -> bytes:
    """The statement on A4, as many pages as it needs."""
    load_faces()
    sheet = SHEETS["A4"]
    name = gettext("Catatan uang %(whose)s, %(period)s", whose=paper.whose, period=paper.period)
    story: list[Flowable] = [
        words_of(paper.shop, sheet.style(1.1)),
        words_of(paper.whose, sheet.style(1.6, bold=True)),
        words_of(paper.period, sheet.style(1.1, spaceAfter=8)),
        _rows(paper, sheet),
    ]
    return pdf(sheet, story, title=name, author=paper.shop)


def _rows(paper: Paper, sheet: Sheet) -> Flowable:
    right, bold = sheet.style(alignment=TA_RIGHT), sheet.style(bold=True)
    strong = sheet.style(bold=True, alignment=TA_RIGHT)

    def sum_row(words: str, amount: int) -> list[Flowable | str]:
        return ["", words_of(words, bold), "", words_of(rupiah(amount), strong)]

    rows = [sum_row(gettext("Saldo awal"), paper.opening)]
    rows += [
        [
            words_of(line.day, sheet.style(0.9)),
            words_of(line.what, sheet.style(), soft=line.how),
            words_of(signed(line.change), right),
            words_of(signed(line.balance, plus=""), right),
        ]
        for line in paper.lines
    ]
    rows.append(sum_row(gettext("Saldo akhir"), paper.closing))
    widths = (sheet.text * 8, sheet.width - sheet.text * 24, sheet.text * 8, sheet.text * 8)
    return table(rows, widths, *(line_above(number) for number in range(1, len(rows))))
