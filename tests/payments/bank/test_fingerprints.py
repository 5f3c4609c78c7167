"""The same line in another download is the same; two payments alike are two."""

from __future__ import annotations

import pytest

from shop.payments.bank import read
from tests.payments.bank.papers import SHAPES, Shape, bri, bsi, kopra, livin, paid, sample

IDS = [f"{shape.bank}-{n}" for n, shape in enumerate(SHAPES)]


def prints(data: bytes, account: str = "") -> list[str]:
    return [line.fingerprint for line in read(data, account=account).lines]


def test_the_remark_of_a_line_may_change_overnight():
    later = sample("bri.csv").replace(b"NBMB SITI RAHMAH", b"NBMB SITI RAHMAH ESB:NBMB:0001")
    assert prints(later) == prints(sample("bri.csv"))


@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_remarks_never_count(shape: Shape):
    lines = paid(47_123, -6_500, 30_007, 30_007)
    other = shape.write(lines).replace(b"SITI RAHMAH", b"SITI RAHMAH 12")
    assert prints(other) == prints(shape.write(lines))


@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_a_longer_download_adds_only_what_is_new(shape: Shape):
    lines = paid(47_123, -6_500, 30_007, 30_007, 30_007)
    short, long = prints(shape.write(lines[:4])), prints(shape.write(lines))
    assert set(short) < set(long)
    assert len(set(long)) == 5


@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_money_that_came_went_and_came_again_is_two_payments(shape: Shape):
    """Day, amount and balance of the first and the last are the same."""
    assert len(set(prints(shape.write(paid(30_000, -30_000, 30_000))))) == 3


@pytest.mark.parametrize("shape", SHAPES, ids=IDS)
def test_the_newest_first_is_the_same_lines(shape: Shape):
    data = shape.write(paid(30_000, -30_000, 30_000, 5))
    rows = data.splitlines(keepends=True)
    places = [n for n, row in enumerate(rows) if b"SITI" in row]
    turned = [rows[n] for n in reversed(places)]
    other = b"".join(rows[: places[0]] + turned + rows[places[-1] + 1 :])
    assert set(prints(other)) == set(prints(data))
    if shape.has_time or shape.has_balance:  # else nothing on one day tells which came first
        assert prints(other) == prints(data)[::-1]


def test_a_transfer_and_its_fee_are_two_lines():
    rows = sample("bri.csv").splitlines(keepends=True)
    fee = rows[1].replace(b'"47123.00"', b'"0.00"').replace(b'"0.00","0.00"', b'"2500.00","0.00"')
    fee = fee.replace(b'"5000000.00"', b'"5047123.00"').replace(
        b',"5047123.00","Cr', b',"5044623.00","Db'
    )
    found = read(b"".join([*rows[:2], fee])).lines
    assert [line.amount for line in found] == [47_123, -2_500]
    assert found[0].sequence == found[1].sequence
    assert found[0].fingerprint != found[1].fingerprint


def test_accounts_are_kept_apart_where_the_file_names_one_or_the_caller_does():
    lines = paid(5)
    assert prints(kopra(lines)) != prints(kopra(lines).replace(b"0000012345", b"0000012346"))
    assert prints(bsi(lines), "1") != prints(bsi(lines), "2")
    assert prints(kopra(lines), "1") == prints(kopra(lines), "2")  # the file's own word counts


def test_a_pending_line_is_new_once_it_is_booked():
    booked = sample("klikbca.csv").replace(b"'PEND", b"'06/11")
    pending, after = read(sample("klikbca.csv")).lines, read(booked).lines
    assert pending[-1].fingerprint != after[-1].fingerprint
    assert [line.fingerprint for line in pending[:-1]] == [line.fingerprint for line in after[:-1]]


def test_how_a_sum_is_written_does_not_count():
    lines = paid(5, 7)
    assert prints(bri(lines).replace(b".00", b"")) == prints(bri(lines))
    assert prints(livin(lines).replace(b".00", b"")) == prints(livin(lines))
