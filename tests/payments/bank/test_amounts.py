"""Sums as people and banks write them, and what their marks can mean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shop.payments.bank import BadStatement, BankFault
from shop.payments.bank.amounts import Marks, marks_of, side, take_apart, value

DOTS = Marks(",", ".")


def sum_of(said: str, marks: Marks = DOTS) -> tuple[Decimal, int] | None:
    written = take_apart(said)
    if written is None:
        return None
    found = value(written.figures, marks)
    return (-found if written.negative else found), written.side


@pytest.mark.parametrize(
    "said",
    [
        "47.123",
        "47123",
        "47.123,00",
        "Rp 47.123",
        "Rp47.123",
        "Rp. 47.123,-",
        "rp.47.123,00",
        "IDR 47.123",
        "47.123 IDR",
        "+47.123",
        "+ Rp 47.123",
        "'47.123",
        " 47.123 ",
        "Rp\xa047.123",
        "47 123",
        '="47.123"',
    ],
)
def test_ways_to_write_a_sum(said: str):
    assert sum_of(said) == (47_123, 0)


@pytest.mark.parametrize(
    "said",
    [
        "-47.123",
        "−47.123",
        "(47.123)",
        "47.123-",
        "Rp -47.123",
        "-Rp 47.123",
        "Rp (47.123)",
        "(Rp 47.123)",
        "- 47.123,00",
        "-47.123,-",
    ],
)
def test_ways_to_write_a_sum_below_zero(said: str):
    assert sum_of(said) == (-47_123, 0)


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ("47.123,00 CR", 1),
        ("47.123,00CR", 1),
        ("47.123 DB", -1),
        ("47.123 K", 1),
        ("47.123 D", -1),
        ("CR 47.123", 1),
        ("DR 47.123", -1),
        ("Rp 47.123 Cr.", 1),
    ],
)
def test_letters_beside_a_sum_name_its_side(said: str, way: int):
    assert sum_of(said) == (47_123, way)


@pytest.mark.parametrize("said", ["", " ", "-", "Rp", "Rp -", "'"])
def test_nothing_written_is_no_sum(said: str):
    assert sum_of(said) is None


@pytest.mark.parametrize(
    "said", ["abc", "4x", "=1+1", "1.27E+06", "12:30", "47K", "#REF!", "..", "5" * 200]
)
def test_what_is_no_sum_is_refused(said: str):
    with pytest.raises(ValueError, match=r"."):
        sum_of(said)


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        (["47,123.00", "6500"], Marks(".", ",")),
        (["47.123,00"], Marks(",", ".")),
        (["47.123"], Marks(",", ".")),
        (["47,123"], Marks(".", ",")),
        ([".00", "47123.00"], Marks(".", ",")),
        (["0,00"], Marks(",", ".")),
        (["47123.000"], Marks(".", ",")),
        (["1.275.999"], Marks(",", ".")),
        (["47123", "Rp 5.000 DB", "", "saldo"], Marks(",", ".")),
        (["47123"], Marks()),
    ],
)
def test_marks_are_found_in_the_numbers(cells: list[str], marks: Marks):
    assert marks_of(enumerate(cells)) == marks


@pytest.mark.parametrize(
    "cells",
    [
        ["47.123", "6500.50"],
        ["47,123.00", "47.123,00"],
        ["47123.00", "47123,00"],
        ["1.275.999", "1,275,999"],
    ],
)
def test_marks_used_both_ways_are_refused_where_they_contradict(cells: list[str]):
    with pytest.raises(BadStatement) as caught:
        marks_of([(7, "1"), (8, cells[0]), (9, cells[1]), (10, cells[0])])
    assert (caught.value.fault, caught.value.line) == (BankFault.THOUSANDS_MISREAD, 9)


@pytest.mark.parametrize("said", ["47.123", "5.047.123", "47.123,00", "1.000"])
def test_thousands_dots_read_as_decimals_are_called_so(said: str):
    with pytest.raises(BadStatement) as caught:
        sum_of(said, Marks(".", ","))
    assert caught.value.fault is BankFault.THOUSANDS_MISREAD


@pytest.mark.parametrize("said", ["4.71.23", "47..123", "1,2,3", "9" * 16])
def test_figures_in_no_order_are_refused(said: str):
    with pytest.raises(BadStatement) as caught:
        sum_of(said)
    assert caught.value.fault is BankFault.BAD_AMOUNT


@pytest.mark.parametrize(
    ("word", "way"),
    [
        ("CR", 1),
        ("Db", -1),
        ("K", 1),
        ("d", -1),
        ("Kredit", 1),
        ("DEBET", -1),
        ("+", 1),
        ("-", -1),
        ("Masuk", 1),
        ("Uang Keluar", -1),
        ("", 0),
        ("x", 0),
        (Decimal(1), 0),
    ],
)
def test_words_for_in_and_out(word: str, way: int):
    assert side(word) == way
