"""The packing slip as a picture of A6's shape, to print or to send by WhatsApp."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from shop.core.letters import picture_face, printable
from shop.core.qr import BORDER, qr_rows
from shop.orders.paper.content import Slip

WIDTH, HEIGHT, MARGIN = 1240, 1748, 84
"""A6 at 300 dots an inch; a longer list makes the picture higher, so that no line is lost."""
RIGHT = WIDTH - MARGIN
CODE = 380


class _Pen:
    """Writes downwards, breaking lines that are too long; all is drawn at the end."""

    def __init__(self) -> None:
        self.y = float(MARGIN)
        self._written: list[tuple[float, float, str, ImageFont.FreeTypeFont]] = []
        self._boxes: list[tuple[float, float, float, float]] = []

    def write(
        self, text: str, size: int, *, bold: bool = False, x: int = MARGIN, right: int = RIGHT
    ) -> None:
        face = picture_face(size, bold=bold)
        for line in _broken(printable(text), face, right - x):
            self._written.append((x, self.y, line, face))
            self.y += size * 1.3

    def rule(self) -> None:
        self._boxes.append((MARGIN, self.y + 12, RIGHT, self.y + 14))
        self.y += 28

    def code(self, link: str, left: int, top: int, side: int) -> None:
        rows = qr_rows(link)
        module = side // (len(rows) + 2 * BORDER)
        for y, row in enumerate(rows):
            for start, length in row:
                x, at = left + (start + BORDER) * module, top + (y + BORDER) * module
                self._boxes.append((x, at, x + length * module - 1, at + module - 1))

    def picture(self) -> bytes:
        image = Image.new("L", (WIDTH, max(HEIGHT, int(self.y) + MARGIN)), 255)
        draw = ImageDraw.Draw(image)
        for box in self._boxes:
            draw.rectangle(box, fill=0)
        for x, y, line, face in self._written:
            draw.text((x, y), line, font=face, fill=0)
        file = io.BytesIO()
        image.save(file, "PNG")
        return file.getvalue()


def label_png(slip: Slip) -> bytes:
    """The label as a PNG file in black on white."""
    pen = _Pen()
    _head(pen, slip)
    pen.rule()
    for line in slip.lines:
        top = pen.y
        pen.write(str(line.pieces), 52, bold=True, right=MARGIN + 160)
        pen.y = top
        pen.write(line.name, 46, x=MARGIN + 170)
        pen.y = max(pen.y, top + 68)
    pen.rule()
    pen.write(slip.together, 44)
    if slip.note:
        pen.write(f"“{slip.note}”", 42)
    pen.y += 24
    pen.write(slip.money, 84, bold=True)
    return pen.picture()


def _head(pen: _Pen, slip: Slip) -> None:
    beside = RIGHT - CODE
    pen.code(slip.link, beside, MARGIN, CODE)
    pen.write(f"{slip.shop} · {slip.seller}", 36, right=beside)
    pen.write(slip.number, 96, bold=True, right=beside)
    pen.write(slip.buyer, 66, bold=True, right=beside)
    pen.write(slip.how, 46, right=beside)
    for line in slip.place:
        pen.write(line, 46, right=beside)
    pen.write(slip.day, 48, bold=True, right=beside)
    pen.y = max(pen.y, MARGIN + CODE)


def _broken(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """`text` in lines no wider than `width` pixels; a word that is too long is cut."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.getlength(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for sign in word:
            if lines[-1] and face.getlength(lines[-1] + sign) > width:
                lines.append("")
            lines[-1] += sign
    return [line for line in lines if line]
