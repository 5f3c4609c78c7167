"""The seller's packing slip as PDF: a label on A6, a sheet on A4."""

from __future__ import annotations

from flask_babel import gettext
from reportlab.platypus import Flowable

from shop.core.letters import load_faces
from shop.core.paper import SHEETS, Code, Sheet, Size, line_above, pdf, table, words_of
from shop.orders.paper.content import Slip


def slip_pdf(slip: Slip, size: Size) -> bytes:
    """What goes with the goods, on A6 or A4 paper."""
    load_faces()
    sheet = SHEETS[size]
    story: list[Flowable] = [_head(slip, sheet), _things(slip, sheet)]
    if slip.note:
        story.append(words_of(f"“{slip.note}”", sheet.style(1.1, spaceBefore=4, spaceAfter=4)))
    story.append(words_of(slip.money, sheet.style(1.8, bold=True, spaceBefore=6)))
    title = gettext("Pesanan %(number)s", number=slip.number)
    return pdf(sheet, story, title=title, author=slip.shop)


def _head(slip: Slip, sheet: Sheet) -> Flowable:
    said = [
        words_of(f"{slip.shop} · {slip.seller}", sheet.style(0.85)),
        words_of(slip.number, sheet.style(2, bold=True)),
        words_of(slip.buyer, sheet.style(1.5, bold=True)),
        words_of(slip.how, sheet.style(1.1)),
        *[words_of(line, sheet.style(1.1)) for line in slip.place],
        words_of(slip.day, sheet.style(1.1, bold=True, spaceBefore=3)),
    ]
    widths = (sheet.width - sheet.code, sheet.code)
    return table([[said, Code(slip.link, sheet.code)]], widths)


def _things(slip: Slip, sheet: Sheet) -> Flowable:
    big = sheet.style(1.2, bold=True)
    rows = [[words_of(str(x.pieces), big), words_of(x.name, sheet.style(1.1))] for x in slip.lines]
    rows.append(["", words_of(slip.together, sheet.style(1.1))])
    column = sheet.text * 4
    return table(rows, (column, sheet.width - column), line_above(), line_above(-1))
