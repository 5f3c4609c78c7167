"""Small workbooks, written part by part, so that tests can also write broken ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def place(row: int, column: int) -> str:
    """`B7` for the row and column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def sheet(rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> str:
    """A sheet's XML: numbers as numbers, texts inline, None where no cell is."""
    said = []
    for at, row in enumerate(rows):
        cells = []
        for column, value in enumerate(row):
            ref = place(at, column)
            if isinstance(value, int | float):
                cells.append(f'<c r="{ref}"><v>{value!r}</v></c>')
            elif value is not None:
                text = escape(str(value))
                cells.append(f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>')
        said.append(f'<row r="{at + 1}">{"".join(cells)}</row>')
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    ending = f"<mergeCells>{merges}</mergeCells>" if merges else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(said)}</sheetData>{ending}</worksheet>'


def workbook(*sheets: str, strings: Sequence[str] = (), before: str = "", **parts: str) -> bytes:
    """A workbook of these sheets; `before` stands in front of the first (a DOCTYPE, say)."""
    numbers = range(1, len(sheets) + 1)
    names = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    properties = parts.get("properties", "")
    found = {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{properties}'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{relations}'
        "</Relationships>",
    }
    for n, said in zip(numbers, sheets, strict=True):
        found[f"xl/worksheets/sheet{n}.xml"] = (before if n == 1 else "") + said
    if strings:
        items = "".join(f"<si><t>{escape(said)}</t></si>" for said in strings)
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{items}</sst>'
    return packed(found)


def packed(parts: dict[str, str]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, said in parts.items():
            file.writestr(name, said)
    return out.getvalue()
