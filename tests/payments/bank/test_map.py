"""A column map: set once by staff, kept as JSON, used for a bank without a module."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.payments.bank import BadStatement, BankFault, ColumnMap, Place, read, suggest_map
from tests.payments.bank.papers import paid, sample, treasurer
from tests.payments.bank.workbooks import sheet, workbook

ODD = (
    "A;B;C;D\nkapan;siapa;berapa;sisa\n"
    "11/02/2026;SITI;47.123;147.123\n11/13/2026;ADM;-6.500;140.623\n"
)
CHOSEN = ColumnMap(
    day="kapan", description=("siapa",), amount="berapa", balance="sisa", day_order="mdy"
)


def refused(data: bytes, chosen: ColumnMap) -> tuple[BankFault, int | None, str]:
    with pytest.raises(BadStatement) as caught:
        read(data, column_map=chosen)
    return caught.value.fault, caught.value.line, caught.value.found


def bad(**given_: Any) -> str:
    with pytest.raises(BadStatement) as caught:
        ColumnMap.from_json(json.dumps(given_))
    assert caught.value.fault is BankFault.BAD_MAP
    return caught.value.found


def test_columns_by_their_headings():
    found = read(ODD.encode(), column_map=CHOSEN)
    assert found.bank == "general"
    assert [(line.amount, line.balance, line.number) for line in found.lines] == [
        (47_123, 147_123, 3),
        (-6_500, 140_623, 4),
    ]


def test_columns_by_their_numbers_counted_from_one():
    chosen = ColumnMap(1, (2,), amount=3, balance=4, day_order="mdy")
    assert read(ODD.encode(), column_map=chosen) == read(ODD.encode(), column_map=CHOSEN)
    bare = ODD.partition("sisa\n")[2]
    assert [line.number for line in read(bare.encode(), column_map=chosen).lines] == [1, 2]


def test_a_map_for_a_workbook():
    data = workbook(sheet([["kapan", "siapa", "berapa", "sisa"], [46328, "A", 5, 15]]))
    assert [line.amount for line in read(data, column_map=CHOSEN).lines] == [5]
    by_number = ColumnMap(1, (2,), amount=3)
    assert [line.amount for line in read(data, column_map=by_number).lines] == [5]


def test_two_columns_one_for_each_side():
    chosen = ColumnMap("Tanggal", ("Keterangan",), debit="Keluar", credit="Masuk")
    found = read(treasurer(paid(5, -3)), column_map=chosen)
    assert [(line.amount, line.balance) for line in found.lines] == [(5, None), (-3, None)]


def test_marks_that_were_set_are_kept_to():
    point = ColumnMap("kapan", ("siapa",), amount="berapa", day_order="mdy", decimal_mark=".")
    assert refused(ODD.encode(), point)[:2] == (BankFault.THOUSANDS_MISREAD, 3)
    dots = ColumnMap("kapan", ("siapa",), amount="berapa", day_order="mdy", thousands_mark=".")
    assert [line.amount for line in read(ODD.encode(), column_map=dots).lines] == [47_123, -6_500]


def test_a_map_of_another_file_names_the_heading_that_is_missing():
    other = ColumnMap("kapan", ("siapa",), amount="jumlah")
    assert refused(ODD.encode(), other) == (BankFault.BAD_MAP, None, "jumlah")


def test_a_day_in_the_other_order_is_refused_with_its_line():
    chosen = ColumnMap("kapan", ("siapa",), amount="berapa")
    assert refused(ODD.encode(), chosen)[:2] == (BankFault.BAD_DAY, 4)


def test_a_number_beyond_the_columns_finds_no_lines():
    chosen = ColumnMap(9, (2,), amount=3)
    assert refused(ODD.encode(), chosen)[0] is BankFault.NO_LINES


places = st.text(min_size=1, max_size=9).filter(str.strip) | st.integers(1, 99)


@given(places, st.lists(places, max_size=3), places, st.none() | places, st.booleans())
def test_a_map_comes_back_from_its_json(
    day: Place, words: list[Place], sum_: Place, other: Place | None, two: bool
):
    chosen = ColumnMap(
        day=day,
        description=tuple(words),
        amount=None if two else sum_,
        debit=sum_ if two else None,
        credit=(other or 1) if two else None,
        balance=other,
        encoding="utf-16",
    )
    assert ColumnMap.from_json(chosen.to_json()) == chosen


def test_a_map_that_is_none_is_refused_by_the_part_that_is_wrong():
    whole = {"day": 1, "description": [2], "amount": 3}
    assert bad(**whole, colour="red") == "colour"
    assert bad(description=[2], amount=3) == "day"
    assert bad(day=1, description=[2]) == "amount"
    assert bad(**whole, debit=4) == "amount"
    assert bad(day=1, description=[2], debit=4) == "amount"
    assert bad(**whole, day_order="dym") == "day_order"
    assert bad(**whole, decimal_mark="!") == "decimal_mark"
    assert bad(**whole, decimal_mark=".", thousands_mark=".") == "thousands_mark"
    assert bad(**whole, encoding="ebcdic") == "encoding"
    assert bad(**{**whole, "day": 0}) == "day"
    assert bad(**{**whole, "day": " "}) == "day"
    assert bad(**{**whole, "day": True}) == "day"
    assert bad(**{**whole, "day": {}}) == "day"
    assert bad(**{**whole, "description": {"a": 1}}) == "description"
    assert bad(**{**whole, "description": [[1]]}) == "description"


@pytest.mark.parametrize("said", ["", "[]", "7", "{", "[" * 100_000])
def test_what_is_no_json_object_is_no_map(said: str):
    with pytest.raises(BadStatement) as caught:
        ColumnMap.from_json(said)
    assert caught.value.fault is BankFault.BAD_MAP


def test_a_map_is_suggested_from_the_headings():
    rows, found = suggest_map(sample("general_windows1252.csv"))
    assert rows[0].cells[0] == "Tanggal"
    assert found == ColumnMap(
        "Tanggal", ("Keterangan",), credit="Masuk", debit="Keluar", balance="Saldo"
    )


def test_a_column_without_a_heading_is_suggested_by_its_number():
    _rows, found = suggest_map(b"Tgl,Uraian,Jumlah,,Saldo\n1/11/26,A,5,CR,15\n")
    assert found == ColumnMap("Tgl", ("Uraian",), amount="Jumlah", side=4, balance="Saldo")


def test_two_headings_alike_are_suggested_by_their_numbers():
    _rows, found = suggest_map(b"Tgl,Uraian,Uraian,Jumlah\n1/11/26,A,B,5\n")
    assert found == ColumnMap("Tgl", (2, 3), amount="Jumlah")


def test_the_suggestion_reads_the_file_as_it_is_read_without():
    data = sample("general_windows1252.csv")
    found = suggest_map(data)[1]
    assert found is not None
    assert read(data, column_map=found) == read(data)


def test_no_suggestion_for_headings_nobody_knows():
    rows, found = suggest_map(ODD.encode())
    assert found is None
    assert rows[2].cells[1] == "SITI"
    with pytest.raises(BadStatement) as caught:
        read(ODD.encode())
    assert (caught.value.fault, caught.value.line) == (BankFault.UNKNOWN_HEADINGS, 1)
