"""The samples of each bank, line by line as they were written down beforehand."""

from __future__ import annotations

import pytest

from shop.payments.bank import read
from shop.payments.bank.report import as_read
from tests.payments.bank.papers import EXPECTED, sample

BANKS = {
    "klikbca.csv": ("bca", "0000012345"),
    "klikbca_amount_with_sign.csv": ("bca", "0000012345"),
    "mandiri_kopra.csv": ("mandiri", "1090000012345"),
    "mandiri_livin.csv": ("mandiri", "1090000012345"),
    "bni.csv": ("bni", ""),
    "bri.csv": ("bri", "000001000012345"),
    "bsi.csv": ("bsi", ""),
    "general_windows1252.csv": ("general", ""),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_line_is_read_as_written_down(name: str):
    found = as_read(read(sample(name)))
    for line, wanted in zip(found["lines"], EXPECTED[name]["lines"], strict=True):
        said = dict(wanted)
        assert said.pop("contains") in line["description"]
        assert {key: line.get(key) for key in ("date", "time", "amount", "balance")} == {
            "time": None,
            "balance": None,
            **said,
        }
    assert found["set_aside"] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_the_bank_is_known_by_its_headings(name: str):
    found = read(sample(name))
    assert (found.bank, found.account) == BANKS[name]
    assert found.currency == "IDR"
    assert not found.newest_first


@pytest.mark.parametrize("name", EXPECTED)
def test_only_klikbcas_last_line_is_pending(name: str):
    pending = [line.pending for line in read(sample(name)).lines]
    assert pending == [False] * 8 + [name.startswith("klikbca")]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_two_payments_of_one_minute_are_two(name: str):
    lines = read(sample(name)).lines
    assert [line.amount for line in lines[3:5]] == [30_007, 30_007]
    assert len({line.fingerprint for line in lines}) == 9


def test_a_line_names_where_it_stands_in_the_file():
    assert [line.number for line in read(sample("klikbca.csv")).lines] == list(range(8, 17))
