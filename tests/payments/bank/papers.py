"""Statements in each bank's shape, written from payments: what a bank's export would be."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[2] / "data" / "bank_statements"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))
OPENING = 5_000_000
ACCOUNT = "0000012345"
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
    *("Agustus", "September", "Oktober", "November", "Desember"),
)


@dataclass(frozen=True)
class Paid:
    """A payment: in above zero, out below, whole rupiah."""

    at: datetime
    amount: int
    remark: str = "SITI RAHMAH"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def paid(*amounts: int) -> list[Paid]:
    """One payment each minute of 2 November 2026."""
    return [Paid(datetime(2026, 11, 2, 9, n), amount) for n, amount in enumerate(amounts)]


def balances(lines: Sequence[Paid], opening: int = OPENING) -> list[int]:
    found = []
    for line in lines:
        opening += line.amount
        found.append(opening)
    return found


def english(amount: int) -> str:
    return f"{abs(amount):,}.00"


def dotted(amount: int) -> str:
    return f"{abs(amount):,}".replace(",", ".") + ",00"


def table(rows: Sequence[Sequence[object]], delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def klikbca(lines: Sequence[Paid], letters_apart: bool = True) -> bytes:
    """KlikBCA: no year, its period above; the letters in a column of their own or behind."""
    first, last = lines[0].at, lines[-1].at
    above = (
        "Informasi Rekening - Mutasi Rekening\r\n"
        f"No. rekening : {ACCOUNT}\r\nNama : KOPERASI CONTOH\r\n"
        f"Periode : {first:%d/%m/%Y} - {last:%d/%m/%Y}\r\nKode Mata Uang : Rp\r\n\r\n"
    )
    heads = ["Tanggal Transaksi", "Keterangan", "Cabang", "Jumlah", "", "Saldo"]
    if not letters_apart:
        heads.remove("")
    rows: list[list[str]] = [heads]
    for line, balance in zip(lines, balances(lines), strict=True):
        letters = "CR" if line.amount > 0 else "DB"
        sums = [english(line.amount), letters]
        rows.append(
            [
                f"'{line.at:%d/%m}",
                line.remark,
                "'0000",
                *(sums if letters_apart else [" ".join(sums)]),
                signed_english(balance),
            ]
        )
    below = f'"Saldo Awal : {english(OPENING)}"\r\n'
    below += f'"Saldo Akhir : {signed_english(balances(lines)[-1])}"\r\n'
    return (above + table(rows, end="\r\n") + below).encode()


def signed_english(amount: int) -> str:
    return f"{amount:,}.00"


def signed_dotted(amount: int) -> str:
    return ("-" if amount < 0 else "") + dotted(amount)


def kopra(lines: Sequence[Paid]) -> bytes:
    rows: list[list[object]] = [
        [
            "AccountNo",
            "Ccy",
            "PostDate",
            "Remarks",
            "AdditionalDesc",
            "Credit Amount",
            "Debit Amount",
            "Close Balance",
        ]
    ]
    for line, balance in zip(lines, balances(lines), strict=True):
        into, out = max(line.amount, 0), max(-line.amount, 0)
        when = f"{line.at.day:02} {MONTHS[line.at.month - 1]} {line.at:%Y %H:%M:%S}"
        rows.append(
            [
                ACCOUNT,
                "IDR",
                when,
                f"{line.remark:<60}",
                "Trf",
                f"{into}.00",
                f"{out}.00",
                f"{balance}.00",
            ]
        )
    return table(rows, ";").encode()


def livin(lines: Sequence[Paid]) -> bytes:
    rows: list[list[object]] = [
        [
            "Account No",
            "Date",
            "Val. Date",
            "Transaction Code",
            "Description",
            "Description",
            "Reference No.",
            "Debit",
            "Credit",
        ]
    ]
    for n, line in enumerate(lines):
        day = f"{line.at:%d/%m/%y}"
        into, out = english(max(line.amount, 0)), english(max(-line.amount, 0))
        rows.append([ACCOUNT, day, day, "7002", line.remark, f"2026{n}BMRI", "", out, into])
    return table(rows).encode()


def bni(lines: Sequence[Paid]) -> bytes:
    rows: list[list[object]] = [
        ["Post Date", "Value Date", "Branch", "Journal No.", "Description", "Debit", "Credit", ""]
    ]
    for n, line in enumerate(lines):
        when = f"{line.at:%d/%m/%y %H.%M.%S}"
        sums = [
            english(part) if part else ".00" for part in (max(-line.amount, 0), max(line.amount, 0))
        ]
        rows.append([when, when, "0259", 740001 + n, line.remark, *sums, ""])
    return table(rows).encode()


def bri(lines: Sequence[Paid]) -> bytes:
    heads = (
        "ID,NOREK,TGL_TRAN,TGL_EFEKTIF,JAM_TRAN,SEQ,DESK_TRAN,SALDO_AWAL_MUTASI,MUTASI_DEBET,"
        "MUTASI_KREDIT,SALDO_AKHIR_MUTASI,GLSIGN,TRUSER,KODE_TRAN,KODE_TRAN_TELLER,TRREMK,"
        "TLBDS1,TLBDS2,REMARK_CUSTOM"
    )
    out = io.StringIO(heads + "\n")
    out.seek(0, io.SEEK_END)
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for n, (line, balance) in enumerate(zip(lines, balances(lines), strict=True)):
        when = f"{line.at:%Y-%m-%d %H:%M:%S}"
        into, gone = max(line.amount, 0), max(-line.amount, 0)
        before = balance - line.amount
        write.writerow(
            [
                1691 + n,
                "000001000012345",
                when,
                when,
                f"{line.at:%H%M%S}",
                143801 + n,
                line.remark,
                f"{before}.00",
                f"{gone}.00",
                f"{into}.00",
                f"{balance}.00",
                "Cr" if into else "Db",
                "8888079",
                "4",
                "6670",
                "",
                "",
                "",
                "",
            ]
        )
    return out.getvalue().encode()


def bsi(lines: Sequence[Paid]) -> bytes:
    rows: list[list[object]] = [
        ["TrxId", "Tanggal", "Trx Time", "D/K", "Mutasi", "Saldo", "Keterangan"]
    ]
    for n, (line, balance) in enumerate(zip(lines, balances(lines), strict=True)):
        rows.append(
            [
                f"FT{n:06}",
                f"{line.at:%d/%m/%Y}",
                f"{line.at:%H:%M:%S}",
                "K" if line.amount > 0 else "D",
                dotted(line.amount),
                signed_dotted(balance),
                line.remark,
            ]
        )
    return table(rows, ";", "\r\n").encode()


def treasurer(lines: Sequence[Paid]) -> bytes:
    """Typed by a person: names of months, `Rp`, thousands with dots, Windows-1252."""
    rows: list[list[object]] = [["Tanggal", "Keterangan", "Masuk", "Keluar", "Saldo"]]
    for line, balance in zip(lines, balances(lines), strict=True):
        said = f"Rp {dotted(line.amount)[:-3]}"
        rows.append(
            [f"{line.at.day} {MONTHS[line.at.month - 1]} {line.at.year}", line.remark]
            + ([said, ""] if line.amount > 0 else ["", said])
            + [("-" if balance < 0 else "") + f"Rp {dotted(balance)[:-3]}"]
        )
    return table(rows, ";", "\r\n").encode("cp1252", "replace")


@dataclass(frozen=True)
class Shape:
    """How to write a bank's statement, and what of it can be read back."""

    bank: str
    write: Callable[[Sequence[Paid]], bytes]
    has_time: bool
    has_balance: bool


SHAPES = (
    Shape("bca", klikbca, has_time=False, has_balance=True),
    Shape("bca", lambda lines: klikbca(lines, letters_apart=False), False, True),
    Shape("mandiri", kopra, has_time=True, has_balance=True),
    Shape("mandiri", livin, has_time=False, has_balance=False),
    Shape("bni", bni, has_time=True, has_balance=False),
    Shape("bri", bri, has_time=True, has_balance=True),
    Shape("bsi", bsi, has_time=True, has_balance=True),
    Shape("general", treasurer, has_time=False, has_balance=True),
)


def seen(moment: datetime, shape: Shape) -> tuple[date, time | None]:
    """The day and the time that a file of this shape tells of a moment."""
    clock = moment.time().replace(microsecond=0)
    return moment.date(), clock if shape.has_time else None
