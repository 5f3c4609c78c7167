"""Bytes as banks and spreadsheets write them: letters, line ends, delimiters."""

from __future__ import annotations

import codecs

import pytest

from shop.payments.bank import BadStatement, BankFault, ColumnMap, read
from shop.payments.bank.encoding import decode
from tests.payments.bank.papers import sample

ROWS = (
    "Tanggal,Keterangan,Masuk,Keluar\n02/11/2026,Sanggar “Melati” – é,47123,\n03/11/2026,B,,6500\n"
)
AMOUNTS = [47_123, -6_500]


def amounts(data: bytes) -> list[int]:
    return [line.amount for line in read(data).lines]


def refused(data: bytes, column_map: ColumnMap | None = None) -> tuple[BankFault, int | None]:
    with pytest.raises(BadStatement) as caught:
        read(data, column_map=column_map)
    return caught.value.fault, caught.value.line


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode(),
        codecs.BOM_UTF8 + ROWS.encode(),
        codecs.BOM_UTF16_LE + ROWS.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + ROWS.encode("utf-16-be"),
        ROWS.encode("utf-16-le"),
        ROWS.encode("utf-16-be"),
        ROWS.encode("cp1252"),
        ROWS.encode() + b"\x1a",
    ],
    ids=["utf-8", "bom", "utf-16-le", "utf-16-be", "le-bare", "be-bare", "windows", "dos-end"],
)
def test_encodings_are_told_apart(data: bytes):
    found = read(data)
    assert [line.amount for line in found.lines] == AMOUNTS
    assert found.lines[0].description == "Sanggar “Melati” – é"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_line_end_and_delimiter(mark: str, end: str):
    assert amounts(ROWS.replace(",", mark).replace("\n", end).encode()) == AMOUNTS


def test_the_delimiter_that_excel_names_is_taken():
    assert amounts(("sep=;\r\n" + ROWS.replace(",", ";")).encode()) == AMOUNTS


def test_a_title_full_of_commas_does_not_decide_the_delimiter():
    said = "Rekening Koran, PT Contoh, Agustus, 2026\n" + ROWS.replace(",", ";")
    assert amounts(said.encode()) == AMOUNTS


def test_blank_lines_and_trailing_delimiters_do_not_matter():
    said = ROWS.replace(",", ";").replace("\n", ";;;\r\n\r\n;;;\r\n")
    assert amounts(said.encode()) == AMOUNTS


def test_a_quoted_remark_may_hold_line_ends_and_delimiters():
    said = ROWS.replace("B", '"dari: B\nuntuk, ""pesanan"""') + "04/11/2026,C,5,\n"
    found = read(said.encode())
    assert found.lines[1].description == 'dari: B untuk, "pesanan"'
    assert [line.number for line in found.lines] == [2, 3, 5]


@pytest.mark.parametrize("rest", ["", "04/11/2026,C,5,\n", "04/11/2026,C,5,\n" * 100])
def test_a_quote_left_open_swallows_no_line(rest: str):
    said = ROWS.replace("B", '"B') + "04/11/2026,C,5,\n" + rest
    assert refused(said.encode()) == (BankFault.UNCLOSED_QUOTE, 3)


def test_bytes_that_no_encoding_has_name_their_line():
    said = ROWS.encode("cp1252").replace(b"B", b"\x81")
    assert refused(said) == (BankFault.WRONG_ENCODING, 3)
    half = codecs.BOM_UTF16_LE + ROWS.encode("utf-16-le")[:-1]
    assert refused(half)[0] is BankFault.WRONG_ENCODING
    assert refused(ROWS.replace("B", "B\x00").encode()) == (BankFault.WRONG_ENCODING, 3)


def test_an_encoding_that_was_set_is_kept_to():
    chosen = ColumnMap(
        "Tanggal", ("Keterangan",), debit="Keluar", credit="Masuk", encoding="cp1252"
    )
    data = ROWS.encode("cp1252")
    assert read(data, column_map=chosen).lines[0].description == "Sanggar “Melati” – é"
    other = ColumnMap(
        "Tanggal", ("Keterangan",), debit="Keluar", credit="Masuk", encoding="utf-8-sig"
    )
    assert refused(data, other) == (BankFault.WRONG_ENCODING, 2)


def test_the_bank_does_not_depend_on_the_encoding():
    for name in ("klikbca.csv", "bri.csv", "bsi.csv"):
        as_utf16 = decode(sample(name)).encode("utf-16")
        assert read(as_utf16) == read(sample(name))


@pytest.mark.parametrize("name", ["klikbca.csv", "bri.csv", "general_windows1252.csv"])
def test_lines_that_a_program_quoted_whole_are_unwrapped(name: str):
    lines = decode(sample(name)).splitlines()
    wrapped = ['"' + line.replace('"', '""') + '"' if line else "" for line in lines]
    assert read("\r\n".join(wrapped).encode()) == read(sample(name))


def test_a_quote_that_another_delimiter_would_open_does_no_harm():
    said = ROWS.replace(",", ";").replace("B", 'x,"y') + "04/11/2026;C;5;\n"
    assert amounts(said.encode()) == [*AMOUNTS, 5]


def test_a_map_may_meet_such_a_quote_too():
    said = 'kapan;siapa;berapa\n2/11/2026;x,"y;5\n'
    chosen = ColumnMap("kapan", ("siapa",), amount="berapa")
    assert read(said.encode(), column_map=chosen).lines[0].description == 'x,"y'
