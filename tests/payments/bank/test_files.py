"""Files that are no statement, or made to harm: always a named fault."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from shop.payments.bank import MOST_BYTES, BadStatement, BankFault, read, suggest_map
from shop.payments.bank.report import as_read
from shop.payments.bank.words import fault_message, reason_message

HEADS = b"Tanggal,Keterangan,Masuk,Keluar\n"


def refused(data: bytes) -> BadStatement:
    with pytest.raises(BadStatement) as caught:
        read(data)
    return caught.value


@pytest.mark.parametrize("data", [b"", b" \r\n\n", b"\xef\xbb\xbf\n", b"\xff\xfe", b";;;\n;;;\n"])
def test_an_empty_file(data: bytes):
    assert refused(data).fault is BankFault.EMPTY_FILE


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x89PNG\r\n",
        b"\xff\xd8\xff\xe0",
        b"\r\n<!DOCTYPE html><table>",
        b"<html>",
        b"\x1f\x8b\x08",
    ],
)
def test_files_of_another_kind(data: bytes):
    assert refused(data).fault is BankFault.UNSUPPORTED_FILE


@pytest.mark.parametrize("data", [b"Halo, apa kabar?\n", b"satu\ndua\ntiga\n", b"{}"])
def test_text_without_a_table(data: bytes):
    assert refused(data).fault is BankFault.NOT_A_STATEMENT
    with pytest.raises(BadStatement):
        suggest_map(data)


def test_a_file_above_the_limit_is_not_even_looked_at():
    assert refused(b"x" * (MOST_BYTES + 1)).fault is BankFault.TOO_LARGE


@pytest.mark.parametrize(
    "data",
    [
        HEADS + b"," * (MOST_BYTES - 100),
        HEADS + b'"' * (MOST_BYTES - 100),
        HEADS + b"a" * (MOST_BYTES - 100),
        HEADS + b"a," * 2_000_000,
        HEADS + b"\n" * (MOST_BYTES - 100),
        HEADS + b"01/11/2026,A,5,\n" * 200_000,
        b"1;2\n" * 1_000_000,
    ],
    ids=["commas", "quotes", "letters", "cells", "blank", "lines", "rows"],
)
def test_five_megabytes_of_anything_end_soon_and_by_name(data: bytes):
    began = time.process_time()
    assert refused(data).fault in {
        BankFault.TOO_LARGE,
        BankFault.UNCLOSED_QUOTE,
        BankFault.NOT_A_STATEMENT,
        BankFault.NO_LINES,
    }
    assert time.process_time() - began < 10


def test_what_stands_there_is_shown_shortened():
    fault = refused(HEADS + b"1/11/26,A," + b"x" * 500 + b",\n")
    assert (fault.fault, fault.line, len(fault.found)) == (BankFault.BAD_AMOUNT, 2, 80)


@pytest.mark.parametrize("fault", BankFault)
def test_every_fault_has_words(fault: BankFault):
    assert len(reason_message(fault)) > 20


def test_the_words_name_the_line_and_what_stands_there():
    said = fault_message(BadStatement(BankFault.BAD_DAY, 7, "31/02/2026"))
    assert said == "Tanggal di baris ini tidak terbaca. Baris 7, “31/02/2026”."
    assert fault_message(BadStatement(BankFault.NO_YEAR, 7)).endswith(" Baris 7.")
    assert fault_message(BadStatement(BankFault.BAD_MAP, None, "Jml")).endswith(" “Jml”.")
    assert fault_message(BadStatement(BankFault.EMPTY_FILE)).endswith("dari bank.")


@pytest.mark.parametrize(
    "cell",
    [
        "T" * 120000,
        "MID 1 QR 1 " * 11000,
        "saldo awal" + ":" * 120000 + "z",
        "9" * 120000,
        "No rek" + "0 " * 60000 + "x",
        "0101/A" * 20000,
        "Periode " + "1/" * 60000,
    ],
)
@pytest.mark.parametrize("place", range(4))
def test_a_cell_of_any_length_takes_no_time(cell: str, place: int):
    row = ["01/11/2026", "A", "5", ""]
    row[place] = cell
    said = cell.replace(",", "") + "\n" + HEADS.decode() + ",".join(row) + "\n"
    began = time.process_time()
    with suppress(BadStatement):
        as_read(read(said.encode()))
    assert time.process_time() - began < 2
