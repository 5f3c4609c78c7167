"""From bytes to text, in the encodings that banks and spreadsheets write."""

from __future__ import annotations

import codecs
import re

from shop.payments.bank.faults import BadStatement, BankFault

ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
"""What a column map may ask for; without it they are told apart."""
_BINARY = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of a file, without a byte order mark.

    Raises BadStatement WRONG_ENCODING with the line of the first byte that does not fit.
    """
    name = encoding or _guess(data)
    try:
        said = data.decode(name)
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise BadStatement(BankFault.WRONG_ENCODING, line) from None
    said = said.removeprefix("\ufeff").rstrip("\x1a\x00")
    if binary := _BINARY.search(said):
        line = said.count("\n", 0, binary.start()) + 1
        raise BadStatement(BankFault.WRONG_ENCODING, line)
    return said


def _guess(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = data[:4000]
    if start.count(0) > len(start) // 4:  # every second byte of plain letters in UTF-16 is zero
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
