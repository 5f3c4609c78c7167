"""The buyer's receipt as PDF."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import Flowable

from shop.core.letters import load_faces
from shop.core.money import rupiah
from shop.core.paper import SHEETS, Code, Sheet, Size, heads, line_above, pdf, table, words_of
from shop.orders.paper.content import PaperPart, Receipt


def receipt_pdf(receipt: Receipt, size: Size) -> bytes:
    """The receipt on A6 or A4 paper, as many pages as it needs."""
    load_faces()
    sheet = SHEETS[size]
    title = gettext("Nota %(number)s", number=receipt.number)
    parts = [_part(part, sheet) for part in receipt.parts]
    story: list[Flowable] = [_head(receipt, sheet, title), *parts, _sums(receipt, sheet)]
    return pdf(sheet, story, title=title, author=receipt.shop)


def _head(receipt: Receipt, sheet: Sheet, title: str) -> Flowable:
    said = [
        words_of(receipt.shop, sheet.style(1.5, bold=True)),
        words_of(receipt.contact, sheet.style(0.85)),
        words_of(title, sheet.style(1.25, bold=True, spaceBefore=6)),
        words_of(receipt.date, sheet.style()),
        words_of(receipt.buyer, sheet.style()),
        words_of(receipt.status, sheet.style(1.1, bold=True, spaceBefore=3)),
    ]
    return table([[said, Code(receipt.link, sheet.code)]], _beside(sheet, sheet.code))


def _part(part: PaperPart, sheet: Sheet) -> Flowable:
    right = sheet.style(alignment=TA_RIGHT)
    head = words_of(part.seller, sheet.style(1, bold=True, spaceBefore=2), soft=part.note)
    rows: list[list[Any]] = [[head, ""]]
    for line in part.lines:
        reckoned = f"{line.pieces} × {rupiah(line.price)}"
        soft = f"{reckoned} ({line.note})" if line.note else reckoned
        name = words_of(line.name, sheet.style(), soft=soft)
        rows.append([name, words_of(rupiah(line.total), right)])
    return table(rows, _beside(sheet, sheet.text * 9), line_above(), *heads(2))


def _sums(receipt: Receipt, sheet: Sheet) -> Flowable:
    rows = [
        [
            words_of(row.name, sheet.style(bold=row.strong)),
            words_of(rupiah(row.amount), sheet.style(bold=row.strong, alignment=TA_RIGHT)),
        ]
        for row in receipt.rows
    ]
    return table(rows, _beside(sheet, sheet.text * 9), line_above())


def _beside(sheet: Sheet, right: float) -> tuple[float, float]:
    return sheet.width - right, right
