"""Drawing on paper: sheets, styles, tables and codes. The same content gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape

from reportlab.lib import pagesizes
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

from shop.core.letters import BOLD, PLAIN, drawing, load_faces, printable
from shop.core.qr import BORDER, qr_rows

Size = Literal["A6", "A4"]
_PADDING = 6
"""Points that reportlab leaves free inside its frames."""
INK, SOFT, LINE = "#111111", "#555555", "#bbbbbb"


@dataclass(frozen=True)
class Sheet:
    """A size of paper; lengths in points. `text` is the size of its letters."""

    size: tuple[float, float]
    margin: float
    text: float
    code: float

    @property
    def width(self) -> float:
        """What is left to write on between the margins."""
        return self.size[0] - 2 * self.margin

    def style(self, times: float = 1, *, bold: bool = False, **more: Any) -> ParagraphStyle:
        """Letters of `times` the usual size."""
        return ParagraphStyle(
            f"{times}-{bold}",
            fontName=BOLD if bold else PLAIN,
            fontSize=self.text * times,
            leading=self.text * times * 1.3,
            textColor=INK,
            splitLongWords=True,
            **more,
        )


SHEETS: dict[str, Sheet] = {
    "A6": Sheet(pagesizes.A6, 7 * mm, 7.5, 24 * mm),
    "A4": Sheet(pagesizes.A4, 18 * mm, 10, 34 * mm),
}


class Code(Flowable):
    """A QR code with its quiet border."""

    def __init__(self, text: str, side: float) -> None:
        super().__init__()
        self.width = self.height = side
        self._rows = qr_rows(text)

    def draw(self) -> None:
        """Draw each dark run as one box."""
        module = self.width / (len(self._rows) + 2 * BORDER)
        for y, row in enumerate(self._rows):
            for x, length in row:
                left, bottom = (x + BORDER) * module, self.height - (y + 1 + BORDER) * module
                self.canv.rect(left, bottom, length * module, module, stroke=0, fill=1)


def words_of(text: str, style: ParagraphStyle, *, soft: str = "") -> Paragraph:
    """A paragraph of somebody's words, none of which is taken for markup; `soft` comes below."""
    marked = escape(printable(text))
    if soft:
        small = style.fontSize * 0.85
        below = escape(printable(soft))
        marked += f'<br/><font size="{small:.2f}" color="{SOFT}">{below}</font>'
    return Paragraph(marked, style)


def table(rows: Sequence[Sequence[Any]], widths: Sequence[float], *more: Any) -> Table:
    """Rows that may go on over pages, without padding at the sides."""
    look = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        *more,
    ]
    return Table(rows, colWidths=widths, style=TableStyle(look), spaceAfter=4)


def line_above(row: int = 0) -> tuple[Any, ...]:
    """A thin line above a row."""
    return ("LINEABOVE", (0, row), (-1, row), 0.5, LINE)


def heads(columns: int) -> list[tuple[Any, ...]]:
    """The first row is a heading over `columns` columns, and no page ends with it."""
    return [("SPAN", (0, 0), (columns - 1, 0)), ("NOSPLIT", (0, 0), (0, 1))]


def pdf(sheet: Sheet, story: list[Flowable], *, title: str, author: str) -> bytes:
    """The file, each page with the title and its number at the foot; no moment is in it."""
    foot = sheet.style(0.8, alignment=TA_CENTER)

    def number(canvas: Any, _document: Any) -> None:
        said = words_of(f"{title} · {canvas.getPageNumber()}", foot)
        said.wrapOn(canvas, sheet.width, sheet.margin)
        said.drawOn(canvas, sheet.margin, sheet.margin * 0.45)

    load_faces()
    file = io.BytesIO()
    with drawing:
        document = SimpleDocTemplate(
            file,
            pagesize=sheet.size,
            leftMargin=sheet.margin - _PADDING, rightMargin=sheet.margin - _PADDING,
            topMargin=sheet.margin - _PADDING, bottomMargin=sheet.margin * 1.3,
            title=title, author=author, invariant=1,
        )  # fmt: skip
        document.build(story, onFirstPage=number, onLaterPages=number)
    return file.getvalue()
