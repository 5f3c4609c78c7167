"""Workbooks: merged cells, serial days, repeated headings, and files made to harm."""

from __future__ import annotations

import io
import struct
import time as clock
import zipfile
from datetime import date, time

import pytest

from shop.payments.bank import BadStatement, BankFault, read
from tests.payments.bank.workbooks import packed, sheet, workbook

HEADS = ["Tanggal", "Keterangan", "Debet", "Kredit", "Saldo"]
_ = None


def refused(data: bytes) -> tuple[BankFault, int | None]:
    with pytest.raises(BadStatement) as caught:
        read(data)
    return caught.value.fault, caught.value.line


def direct() -> list[list[object]]:
    """BNIDirect: each column of the table spread over merged cells, its head on every page."""
    head: list[list[object]] = [
        ["Account Statement"],
        ["Account No", _, _, ": 0000012345 / IDR"],
        ["Period", _, _, ": 02/11/2026 - 03/11/2026"],
        [
            "No.",
            "Post Date",
            _,
            "Branch",
            "Journal No.",
            _,
            "Description",
            _,
            _,
            "Debit",
            _,
            "Credit",
            _,
            "Balance",
        ],
    ]
    first: list[object] = [1, 46328.384780092593, _, 259, 740001, _, "SITI", _, _, 0, _, 47123.0]
    second: list[object] = [2, 46329.0, _, 259, 740002, _, "ADM", _, _, "6,500.00", _, ".00"]
    return [
        *head,
        [*first, _, 5047123],
        ["Page 1 of 2"],
        *head,
        [*second, _, "5,040,623.00"],
        ["Ending Balance", *[_] * 12, 5040623],
    ]


MERGED = ["B4:C4", "E4:F4", "G4:I4", "J4:K4", "L4:M4", "B5:C5", "G5:I5"]


def test_bnidirects_merged_workbook_is_read():
    found = read(workbook(sheet(direct(), MERGED)))
    assert (found.bank, found.account) == ("bni", "0000012345")
    assert [
        (line.number, line.booked_on, line.time, line.amount, line.balance, line.description)
        for line in found.lines
    ] == [
        (5, date(2026, 11, 2), time(9, 14, 5), 47_123, 5_047_123, "SITI"),
        (11, date(2026, 11, 3), None, -6_500, 5_040_623, "ADM"),
    ]
    assert [line.sequence for line in found.lines] == ["740001", "740002"]


def test_a_workbooks_balance_is_followed_too():
    rows = direct()
    rows[4][11] = 47_124.0
    rows[4][-1] = 5_047_124
    assert refused(workbook(sheet(rows, MERGED))) == (BankFault.BALANCE_MISMATCH, 11)


def test_the_sheet_with_the_table_is_found():
    found = read(workbook(sheet([["Ringkasan"]]), sheet([HEADS, [46328, "A", 0, 5, 15]])))
    assert [line.amount for line in found.lines] == [5]


def test_shared_texts_serial_days_of_1904_and_text_days():
    said = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(
            "<row>" + "".join(f'<c t="s"><v>{n}</v></c>' for n in row) + "</row>"
            for row in ([0, 1, 2, 3, 4], [5, 6, 7, 8, 9])
        )
        + "<row><c><v>44867</v></c><c t='str'><f>A1</f><v>B</v></c><c/><c><v>5.0</v></c>"
        "<c><v>20</v></c></row></sheetData></worksheet>"
    )
    texts = [*HEADS, "02/11/2026", "A", "-", "Rp 5", "Rp 15"]
    data = workbook(said, strings=texts, properties='<workbookPr date1904="1"/>')
    found = read(data)
    assert [(line.booked_on, line.amount) for line in found.lines] == [
        (date(2026, 11, 2), 5),
        (date(2026, 11, 3), 5),
    ]


def test_a_day_merged_over_its_lines_counts_for_each():
    rows = [HEADS, [46328, "A", 0, 5, 15], [_, "B", 0, 5, 20], [46329, "C", 1, 0, 19]]
    found = read(workbook(sheet(rows, ["A2:A3"])))
    assert [line.booked_on.day for line in found.lines] == [2, 2, 3]
    assert refused(workbook(sheet(rows))) == (BankFault.BAD_DAY, 3)


def test_the_dust_of_binary_numbers_is_wiped_off():
    rows = [HEADS, [46328, "A", 0, 0.1 + 0.2, 1234567890.3], [46328, "B", 0, 5.0, 1234567895.3]]
    rows.append([46328, "C", 0, 5.000000001, 1234567900.2999999])
    assert [line.amount for line in read(workbook(sheet(rows))).lines] == [5, 5]


def test_thousands_that_a_spreadsheet_took_for_decimals_are_refused():
    rows = [HEADS, [46328, "A", 0, 47.123, 5047.123]]
    assert refused(workbook(sheet(rows))) == (BankFault.THOUSANDS_MISREAD, 2)


def test_a_formula_without_its_value_is_no_amount():
    said = sheet([HEADS, [46328, "A", 0, 5, 15]]).replace("<v>5</v>", "<f>SUM(A1:A9)</f>")
    said = said.replace('<c r="C2"><v>0</v></c>', "")
    assert refused(workbook(said)) == (BankFault.BAD_AMOUNT, 2)


@pytest.mark.parametrize("cell", ["#REF!", "1E+400", "NaN"])
def test_errors_and_endless_numbers_are_no_amounts(cell: str):
    said = sheet([HEADS, [46328, "A", 0, 5, 15]]).replace("<v>5</v>", f"<v>{cell}</v>")
    assert refused(workbook(said)) == (BankFault.BAD_AMOUNT, 2)


def test_one_cell_in_the_last_row_does_not_fill_the_rectangle():
    said = sheet([HEADS, [46328, "A", 0, 5, 15]])
    far = said.replace("</sheetData>", '<row><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    assert refused(workbook(far)) == (BankFault.TOO_LARGE, 1_048_576)
    wide = said.replace("</sheetData>", '<row><c r="XFD9"><v>1</v></c></row></sheetData>')
    assert len(read(workbook(wide)).lines) == 1


def test_a_bomb_is_stopped_while_it_unpacks():
    began = clock.monotonic()
    said = sheet([HEADS]).replace("</sheetData>", " " * 300_000_000 + "</sheetData>")
    bomb = workbook(said)
    assert len(bomb) < 1_000_000
    assert refused(bomb) == (BankFault.TOO_LARGE, None)
    assert clock.monotonic() - began < 20


def test_a_bomb_that_lies_about_its_size_is_broken():
    data = bytearray(workbook(sheet([HEADS, [46328, "A" * 100_000, 0, 5, 15]])))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x01\x02"))
    while at >= 0:
        struct.pack_into("<I", data, at + 24, 10)
        at = data.rfind(b"PK\x01\x02", 0, at)
    assert refused(bytes(data))[0] is BankFault.BROKEN_WORKBOOK


def test_entities_are_never_expanded():
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    said = sheet([HEADS]).replace("Tanggal", "&b;")
    assert refused(workbook(said, before=laughs)) == (BankFault.BROKEN_WORKBOOK, None)


def test_a_zip_within_a_zip_and_other_zips_are_not_workbooks():
    inner = b"PK"
    for _depth in range(50):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.writestr("a.zip", inner)
        inner = out.getvalue()
    assert refused(inner) == (BankFault.UNSUPPORTED_FILE, None)
    assert refused(packed({"content.xml": "<x/>"})) == (BankFault.UNSUPPORTED_FILE, None)
    assert refused(packed({f"{n}": "" for n in range(600)})) == (BankFault.TOO_LARGE, None)


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ("<sheetData>", "<sheetData"),
        ('r="A1"', 'r="?"'),
        ('<row r="1">', '<row r="x">'),
        ('<c r="A1" t="inlineStr"><is><t>Tanggal</t></is></c>', '<c t="s"><v>7</v></c>'),
        ("</worksheet>", "\x00</worksheet>"),
    ],
)
def test_broken_parts_are_called_broken(found: str, put: str):
    said = sheet([HEADS, [46328, "A", 0, 5, 15]])
    assert found in said
    assert refused(workbook(said.replace(found, put)))[0] is BankFault.BROKEN_WORKBOOK


def test_cut_and_flipped_workbooks_never_raise_anything_else():
    data = workbook(sheet(direct(), MERGED))
    for at in range(0, len(data), 7):
        for broken in (data[:at], data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]):
            try:
                read(broken)
            except BadStatement:
                continue


def test_an_empty_workbook_is_an_empty_file():
    assert refused(workbook(sheet([]))) == (BankFault.EMPTY_FILE, None)
