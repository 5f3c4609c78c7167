"""A running balance that does not add up refuses the file and names the line."""

from __future__ import annotations

import pytest

from shop.payments.bank import BadStatement, BankFault, read
from tests.payments.bank.papers import SHAPES, Shape, dotted, paid, sample

PROVED = [shape for shape in SHAPES if shape.has_balance]
IDS = [f"{shape.bank}-{n}" for n, shape in enumerate(PROVED)]
AMOUNTS = (47_123, -6_500, 30_007, 30_007, -350_000, 89_044)


def refused(data: bytes) -> tuple[BankFault, int | None]:
    with pytest.raises(BadStatement) as caught:
        read(data)
    return caught.value.fault, caught.value.line


def split(data: bytes) -> tuple[list[bytes], int]:
    """The lines of a file, and which of them is the first payment."""
    lines = data.splitlines(keepends=True)
    top = next(
        n
        for n, line in enumerate(lines)
        if b"Saldo" in line or b"SALDO" in line or (b"Balance" in line)
    )
    return lines, top + 1


@pytest.mark.parametrize("shape", PROVED, ids=IDS)
@pytest.mark.parametrize("gone", range(1, len(AMOUNTS) - 1))
def test_a_line_that_is_missing_shows_at_the_line_after_it(shape: Shape, gone: int):
    lines, top = split(shape.write(paid(*AMOUNTS)))
    del lines[top + gone]
    assert refused(b"".join(lines)) == (BankFault.BALANCE_MISMATCH, top + gone + 1)


@pytest.mark.parametrize("shape", PROVED, ids=IDS)
def test_a_line_that_is_missing_from_a_file_with_the_newest_first(shape: Shape):
    lines, top = split(shape.write(paid(*AMOUNTS)))
    turned = lines[top : top + len(AMOUNTS)][::-1]
    assert len(read(b"".join(lines[:top] + turned + lines[top + len(AMOUNTS) :])).lines) == 6
    del turned[2]
    changed = lines[:top] + turned + lines[top + len(AMOUNTS) :]
    assert refused(b"".join(changed)) == (BankFault.BALANCE_MISMATCH, top + 2)


@pytest.mark.parametrize("shape", PROVED, ids=IDS)
def test_a_line_that_stands_twice_is_refused(shape: Shape):
    lines, top = split(shape.write(paid(*AMOUNTS)))
    lines.insert(top + 2, lines[top + 2])
    assert refused(b"".join(lines)) == (BankFault.BALANCE_MISMATCH, top + 4)


@pytest.mark.parametrize("name", ["klikbca.csv", "klikbca_amount_with_sign.csv"])
def test_klikbcas_footers_prove_the_first_and_the_last_line(name: str):
    lines = sample(name).splitlines(keepends=True)
    assert refused(b"".join(lines[:7] + lines[8:])) == (BankFault.BALANCE_MISMATCH, 8)
    assert refused(b"".join(lines[:14] + lines[16:])) == (BankFault.BALANCE_MISMATCH, 18)


def test_an_amount_that_was_changed_names_its_line():
    assert refused(sample("bsi.csv").replace(b"K;30.007,00;5.253", b"K;30.008,00;5.253")) == (
        BankFault.BALANCE_MISMATCH,
        6,
    )


def test_a_side_that_was_changed_names_its_line():
    changed = sample("bsi.csv").replace(b";K;152.481", b";D;152.481")
    assert refused(changed) == (BankFault.BALANCE_MISMATCH, 3)


def test_bris_own_line_proves_itself():
    changed = sample("bri.csv").replace(b'"47123.00","5047123.00"', b'"47124.00","5047123.00"')
    assert refused(changed) == (BankFault.BALANCE_MISMATCH, 2)


HEADS = "Tanggal;Keterangan;Jumlah;Saldo\n"


def test_balances_may_stand_only_at_the_end_of_a_day():
    said = HEADS + "01/11/2026;A;5;\n01/11/2026;B;7;112\n02/11/2026;C;-2;\n02/11/2026;D;1;111\n"
    assert [line.balance for line in read(said.encode()).lines] == [None, 112, None, 111]
    wrong = said.replace(";-2;", ";-3;")
    assert refused(wrong.encode()) == (BankFault.BALANCE_MISMATCH, 5)


def test_an_opening_row_is_no_payment_and_proves_the_first_line():
    said = HEADS + "01/11/2026;SALDO AWAL;;100\n01/11/2026;A;5;105\n02/11/2026;SALDO AKHIR;;105\n"
    assert [line.amount for line in read(said.encode()).lines] == [5]
    assert refused(said.replace("A;5;105", "A;5;106").encode()) == (BankFault.BALANCE_MISMATCH, 3)
    assert refused(said.replace("AKHIR;;105", "AKHIR;;104").encode()) == (
        BankFault.BALANCE_MISMATCH,
        4,
    )


def test_an_overdrawn_account_adds_up():
    said = HEADS + "01/11/2026;A;-500;(400)\n02/11/2026;B;100;-300\n03/11/2026;C;5;295 DB\n"
    assert [line.balance for line in read(said.encode()).lines] == [-400, -300, -295]


def test_sen_in_the_balance_neither_stop_the_file_nor_get_lost():
    said = (
        HEADS
        + "01/11/2026;A;5.000,00;105.000,00\n02/11/2026;BUNGA;12,34;105.012,34\n"
        + "03/11/2026;C;1.000,00;106.012,34\n"
    )
    found = read(said.encode())
    assert [(line.amount, line.balance) for line in found.lines] == [
        (5000, 105_000),
        (1000, 106_012),
    ]
    assert [(line.number, line.reason) for line in found.set_aside] == [
        (3, BankFault.NOT_WHOLE_RUPIAH)
    ]


def test_a_pending_line_may_leave_the_balance_as_it_was():
    for balance in ("", "0.00", "6,268,161.00"):
        said = sample("klikbca.csv").replace(
            b'"6,286,473.00"\r\n"Sal', f'"{balance}"\r\n"Sal'.encode()
        )
        said = said.replace(b"Akhir : 6,286,473.00", b"Akhir : 6,268,161.00")
        assert len(read(said).lines) == 9


def test_a_pending_line_with_a_balance_of_its_own_making_is_refused():
    said = sample("klikbca.csv").replace(b'"6,286,473.00"\r\n"Sal', b'"6,286,474.00"\r\n"Sal')
    assert refused(said) == (BankFault.BALANCE_MISMATCH, 16)


def test_sen_are_cut_off_an_overdrawn_balance_too():
    said = HEADS + "01/11/2026;A;-500,00;-400,50\n02/11/2026;B;100,00;-300,50\n"
    assert [line.balance for line in read(said.encode()).lines] == [-400, -300]


def test_each_currency_of_an_account_has_its_own_balance():
    lines = sample("mandiri_kopra.csv").splitlines(keepends=True)
    lines.insert(3, b"1090000012345;USD;02 November 2026 14:00:00;EXPORT;X;12.50;0.00;112.50\n")
    found = read(b"".join(lines))
    assert len(found.lines) == 9
    assert [(line.number, line.reason, line.currency) for line in found.set_aside] == [
        (4, BankFault.OTHER_CURRENCY, "USD")
    ]


def test_a_million_rupiah_written_in_any_marks_adds_up():
    said = HEADS + f"01/11/2026;A;{dotted(1_000_000)};{dotted(2_000_000)}\n"
    assert read(said.encode()).lines[0].amount == 1_000_000
