"""Rows from a workbook (Office Open XML), unpacked and read under limits.

Libraries that read workbooks fill the rectangle up to the last cell: one cell in the last row and
column of a file of 5 kB ends the process. Here expat reads a sheet cell by cell.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import NoReturn
from xml.parsers import expat

from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.sheet import Row, Sheet
from shop.payments.bank.workbook_parts import Cells, Contents, Part, Relations, Strings

_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_PARTS = 500
_MOST_SHEETS = 20
_STRINGS = "xl/sharedStrings.xml"
_END = (True,)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What a damaged or locked file makes zipfile and expat raise."""


def sheets(data: bytes) -> list[Sheet]:
    """The sheets of a workbook, in its order; a formula counts by the value stored with it.

    Raises BadStatement TOO_LARGE, UNSUPPORTED_FILE (another kind of zip) or BROKEN_WORKBOOK.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _Unpacking(packed).sheets()
    except BadStatement:
        raise
    except _BROKEN:
        raise BadStatement(BankFault.BROKEN_WORKBOOK) from None


class _Unpacking:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.names = set(packed.namelist())
        if len(self.names) > _MOST_PARTS:
            raise BadStatement(BankFault.TOO_LARGE)
        if "xl/workbook.xml" not in self.names:
            raise BadStatement(BankFault.UNSUPPORTED_FILE)
        self.packed = packed
        self.left = _MOST_UNPACKED

    def sheets(self) -> list[Sheet]:
        relations, contents, strings = Relations(), Contents(), Strings()
        self._hear("xl/_rels/workbook.xml.rels", relations)
        self._hear("xl/workbook.xml", contents)
        if _STRINGS in self.names:
            self._hear(_STRINGS, strings)
        found = []
        for path in [relations.paths[one] for one in contents.ids[:_MOST_SHEETS]]:
            cells = Cells(strings.found)
            self._hear(path, cells)
            cells.fill_down()
            rows = [Row(number + 1, cells.row(number)) for number in sorted(cells.rows)]
            found.append(Sheet(rows, workbook=True, base_1904=contents.base_1904))
        return found

    def _hear(self, path: str, part: Part) -> None:
        """Unpack a part, whatever size it claims to have, and let it hear its XML."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, given: part.begin(
            _local(name), {_local(key): value for key, value in given.items()}
        )
        parser.EndElementHandler = lambda name: part.end(_local(name))
        parser.CharacterDataHandler = part.say
        parser.StartDoctypeDeclHandler = _refuse  # workbooks have none; it could define bombs
        with self.packed.open(path) as packed:
            while piece := packed.read(1 << 16):
                self.left -= len(piece)
                if self.left < 0:
                    raise BadStatement(BankFault.TOO_LARGE)
                parser.Parse(piece)
        parser.Parse(b"", *_END)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse(*_declared: object) -> NoReturn:
    raise BadStatement(BankFault.BROKEN_WORKBOOK)
