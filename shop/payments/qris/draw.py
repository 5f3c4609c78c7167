"""Drawing a code; whatever is no sound code is not drawn, and samples say that they are.

ASPI asks for at least 115 pixels a side; ours has more, with the quiet border of the standard.
"""

from __future__ import annotations

from io import BytesIO
from math import ceil

from markupsafe import Markup
from PIL import Image, ImageDraw, ImageFont

from shop.core.qr import BORDER, Correction, qr_png, qr_rows, qr_svg
from shop.payments.qris.parse import read

_SAMPLE = "CONTOH"
_INK = "#97533c"


def picture_svg(text: str, label: str = "") -> Markup:
    """The code as an inline picture that fills its box; `label` is its spoken name.

    A sample code (`QrisCode.is_sample`) has CONTOH across it and is still readable. Raises
    `BadQris` where `text` is no sound code.
    """
    if not read(text).is_sample:
        return qr_svg(text, label)
    side = len(qr_rows(text, "h")) + 2 * BORDER
    width, height = side / 2, side / 8
    stamp = Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="#fff"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-family="sans-serif" font-weight="bold"'
        ' font-size="{}" textLength="{}" lengthAdjust="spacingAndGlyphs" fill="{}">{}</text>'
    ).format(
        (side - width) / 2,
        (side - height) / 2,
        width,
        height,
        side / 2,
        side / 2 + height * 0.3,
        height * 0.8,
        width * 0.92,
        _INK,
        _SAMPLE,
    )
    return qr_svg(text, label, "h").removesuffix(Markup("</svg>")) + stamp + Markup("</svg>")


def picture_png(text: str, size: int = 480) -> bytes:
    """The code as a PNG file at least `size` pixels a side; a sample with CONTOH across it.

    Raises `BadQris` where `text` is no sound code.
    """
    sample = read(text).is_sample
    correction: Correction = "h" if sample else "m"
    modules = len(qr_rows(text, correction)) + 2 * BORDER
    png = qr_png(text, ceil(size / modules), correction)
    return _stamped(png) if sample else png


def _stamped(png: bytes) -> bytes:
    image = Image.open(BytesIO(png)).convert("RGB")
    draw = ImageDraw.Draw(image)
    side = image.width
    font = ImageFont.load_default(size=side / 9)
    draw.rectangle((side / 4, side * 7 / 16, side * 3 / 4, side * 9 / 16), fill="white")
    draw.text(
        (side / 2, side / 2), _SAMPLE, font=font, anchor="mm", fill=_INK, stroke_width=side / 300
    )
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
