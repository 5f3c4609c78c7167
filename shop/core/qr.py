"""QR codes as people scan them: dark on light, with the quiet border the standard asks for.

Error correction M (ISO/IEC 18004) unless said otherwise: a crumpled or stained paper label can
still be read. H bears something printed across the code.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Literal

import segno
from markupsafe import Markup

Correction = Literal["m", "h"]
BORDER = 4
"""Light modules around a code (ISO/IEC 18004)."""


def qr_svg(text: str, label: str = "", error: Correction = "m") -> Markup:
    """The code as an inline picture that fills its box; `label` is its spoken name.

    It holds no style attribute, so a strict CSP draws it.
    """
    drawn = segno.make(text, error=error, micro=False).svg_inline(
        border=BORDER, omitsize=True, svgclass=None, lineclass=None, light="#fff"
    )
    spoken = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    # Safe: segno draws paths of numbers only; the text itself is not in them.
    return Markup("<svg {}").format(spoken) + Markup(drawn.removeprefix("<svg"))  # noqa: S704


def qr_png(text: str, scale: int = 8, error: Correction = "m") -> bytes:
    """The code as a PNG file, `scale` pixels a module."""
    file = io.BytesIO()
    segno.make(text, error=error, micro=False).save(file, kind="png", scale=scale, border=BORDER)
    return file.getvalue()


def qr_rows(text: str, error: Correction = "m") -> list[list[tuple[int, int]]]:
    """The code without its border, for drawing: for each row the dark runs (start, length)."""
    code = segno.make(text, error=error, micro=False)
    return [list(_runs(row)) for row in code.matrix]


def _runs(row: bytearray) -> Iterator[tuple[int, int]]:
    start = None
    for place, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
