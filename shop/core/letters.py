"""Letters for paper and pictures: two faces that come with reportlab, and what they cannot draw.

Bitstream Vera covers the Latin alphabets of Western Europe, which is what names here are written
in. What it lacks is drawn as its plain letter (`ā` as `a`), or spelt in Latin letters (`海` as
`Hai`), so that whoever hands a parcel over can read the name out; only what has no spelling is `?`.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from threading import Lock

import reportlab
from anyascii import anyascii
from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Vera", "VeraBd"
UNKNOWN = "?"
_ALIF = {"\u0627": "a"}
"""The Arabic letter that `anyascii` leaves out; without it a name would lose its vowels."""
_FOLDER = Path(reportlab.__file__).parent / "fonts"
_DROPPED = ("Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn", "So", "Sk")
"""Marks, controls and emoji (Unicode general categories): left out where they cannot be drawn."""

drawing = Lock()
"""Hold it while a PDF is made: reportlab keeps the letters used so far on the shared fonts."""


@functools.cache
def load_faces() -> None:
    """Make the two faces known to reportlab, once a process; `<b>` in a paragraph finds bold."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


@functools.lru_cache(maxsize=32)
def picture_face(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The face for drawing on a picture, `size` pixels high."""
    return ImageFont.truetype(_FOLDER / f"{BOLD if bold else PLAIN}.ttf", size)


@functools.cache
def _drawable() -> frozenset[int]:
    load_faces()
    return frozenset(pdfmetrics.getFont(PLAIN).face.charToGlyph) - {0xFFFF}


def printable(text: str) -> str:
    """`text` with only letters that can be drawn, all white space as single spaces."""
    drawn = "".join(_drawn(sign) for sign in unicodedata.normalize("NFC", text))
    return " ".join(drawn.split())


def _drawn(sign: str) -> str:
    if sign.isspace() or ord(sign) in _drawable():
        return sign
    if unicodedata.category(sign) in _DROPPED:
        return ""
    plain = "".join(s for s in unicodedata.normalize("NFKD", sign) if ord(s) in _drawable())
    return plain or _spelt(sign) or UNKNOWN


def _spelt(sign: str) -> str:
    """A letter of another script in Latin letters, one by one: Chinese by its sound in Mandarin."""
    return "".join(s for s in _ALIF.get(sign) or anyascii(sign) if ord(s) in _drawable())
