"""Any payments, written as each bank would, are read back as they were."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.payments.bank import BadStatement, BankFault, read
from tests.payments.bank.papers import SHAPES, Paid, Shape, balances, bri, klikbca, seen
from tests.payments.bank.workbooks import sheet, workbook

IDS = [f"{shape.bank}-{n}" for n, shape in enumerate(SHAPES)]
WORDS = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyz ABCXYZ 0123456789 .,;|'\"/:-()&\n"), max_size=40
).map(lambda said: "X" + " ".join(said.split()) + "x")
SUMS = st.integers(-10_000_000, 100_000_000).filter(bool)


@st.composite
def payments(draw: st.DrawFn) -> list[Paid]:
    """Lines in order, over some days that may cross a year."""
    at = datetime(draw(st.integers(2025, 2027)), 12, draw(st.integers(20, 31)), 8)
    found = []
    for amount, remark, later in draw(
        st.lists(st.tuples(SUMS, WORDS, st.integers(0, 60 * 60 * 18)), min_size=1, max_size=25)
    ):
        at += timedelta(seconds=later)
        found.append(Paid(at, amount, remark))
    return found


@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
@given(lines=payments())
@settings(max_examples=60, deadline=None)
def test_what_a_bank_writes_is_what_is_read(shape: Shape, lines: list[Paid]):
    found = read(shape.write(lines))
    assert found.bank == shape.bank
    expected = balances(lines) if shape.has_balance else [None] * len(lines)
    assert [(line.booked_on, line.time) for line in found.lines] == [
        seen(line.at, shape) for line in lines
    ]
    assert [(line.amount, line.balance) for line in found.lines] == list(
        zip([line.amount for line in lines], expected, strict=True)
    )
    assert all(line.remark in one.description for line, one in zip(lines, found.lines, strict=True))
    assert len({line.fingerprint for line in found.lines}) == len(lines)


@given(lines=payments(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_amount_that_was_changed_is_found(lines: list[Paid], data: st.DataObject):
    at = data.draw(st.integers(0, len(lines) - 1))
    rows = bri(lines).decode().splitlines(keepends=True)
    amount = abs(lines[at].amount)
    rows[at + 1] = rows[at + 1].replace(f'"{amount}.00"', f'"{amount + 1}.00"', 1)
    with pytest.raises(BadStatement) as caught:
        read("".join(rows).encode())
    assert caught.value.fault is BankFault.BALANCE_MISMATCH


@given(lines=payments())
@settings(max_examples=60, deadline=None)
def test_a_workbook_says_what_its_text_says(lines: list[Paid]):
    epoch = datetime(1899, 12, 30)
    rows: list[list[object]] = [["Tanggal", "Keterangan", "Jumlah", "Saldo"]]
    for line, balance in zip(lines, balances(lines), strict=True):
        serial = (line.at - epoch).total_seconds() / 86_400
        rows.append([serial, line.remark, line.amount, float(balance)])
    found = read(workbook(sheet(rows))).lines
    assert [(line.booked_on, line.amount) for line in found] == [
        (line.at.date(), line.amount) for line in lines
    ]


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise_anything_unnamed(data: bytes):
    with pytest.raises(BadStatement):
        read(data)


@given(
    at=st.integers(0, 2_000),
    put=st.binary(max_size=8) | st.sampled_from([b'"', b"\n", b"'", b";" * 9, b"\x00", b"=1+1"]),
    shape=st.sampled_from(SHAPES),
)
@settings(max_examples=400, deadline=None)
def test_damaged_statements_raise_only_named_faults(at: int, put: bytes, shape: Shape):
    start = datetime(2026, 11, 2, 9)
    whole = shape.write([Paid(start + timedelta(hours=n), 1_000 + n) for n in range(20)])
    with suppress(BadStatement):
        found = read(whole[:at] + put + whole[at:])
        assert found.lines or found.set_aside


@pytest.mark.parametrize("write", [klikbca, bri], ids=["klikbca", "bri"])
def test_ten_thousand_lines_take_less_than_two_seconds(write: object):
    start = datetime(2026, 11, 1)
    lines = [Paid(start + timedelta(minutes=4 * n), 1_000 + n, f"SITI {n}") for n in range(10_000)]
    data = write(lines)  # type: ignore[operator]
    began = time.process_time()
    assert len(read(data).lines) == 10_000
    assert time.process_time() - began < 2


def test_a_workbook_of_ten_thousand_lines_takes_less_than_two_seconds():
    rows: list[list[object]] = [["Tanggal", "Keterangan", "Debet", "Kredit", "Saldo"]]
    rows += [[46328 + n // 400, f"SITI {n}", 0, 5, 5 * n + 15] for n in range(10_000)]
    data = workbook(sheet(rows))
    began = time.process_time()
    assert len(read(data).lines) == 10_000
    assert time.process_time() - began < 2
