"""Days and times as banks and people write them."""

from __future__ import annotations

from datetime import date, time

import pytest

from shop.payments.bank import BadStatement, BankFault
from shop.payments.bank.days import Period, period_in, read_day, read_time

YEAR_END = Period(date(2026, 12, 30), date(2027, 1, 2))


@pytest.mark.parametrize(
    "said",
    [
        "02/11/2026",
        "2/11/2026",
        "02/11/26",
        "02-11-2026",
        "02.11.2026",
        "2026-11-02",
        "2026/11/02",
        "20261102",
        "02 November 2026",
        "2 Nov 2026",
        "02-Nov-26",
        "02Nov2026",
        "2 Nopember 2026",
        "Senin, 2 November 2026",
        "Nov 2, 2026",
        "'02/11/2026",
        '="02/11/2026"',
    ],
)
def test_ways_to_write_a_day(said: str):
    assert read_day(said, "dmy", None) == (date(2026, 11, 2), None)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("Mei", 5),
        ("May", 5),
        ("Agu", 8),
        ("Agt", 8),
        ("Agustus", 8),
        ("August", 8),
        ("Okt", 10),
        ("Des", 12),
        ("Dec", 12),
        ("Peb", 2),
        ("Maret", 3),
        ("JUNI", 6),
        ("july", 7),
    ],
)
def test_months_in_two_languages(name: str, month: int):
    assert read_day(f"5 {name} 2026", "dmy", None)[0] == date(2026, month, 5)


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        ("02/11/26 09.14.05", time(9, 14, 5)),
        ("02 November 2026 09:14:05", time(9, 14, 5)),
        ("2026-11-02T09:14:05", time(9, 14, 5)),
        ("2026-11-02 09:14:05.123", time(9, 14, 5)),
        ("02/11/2026 09:14", time(9, 14)),
        ("02/11/2026 9:14:05 PM", time(21, 14, 5)),
        ("02/11/2026 09.14 WIB", time(9, 14)),
        ("02 Nov 2026, 00:00:03", time(0, 0, 3)),
    ],
)
def test_a_time_may_stand_behind_the_day(said: str, clock: time):
    assert read_day(said, "dmy", None) == (date(2026, 11, 2), clock)


@pytest.mark.parametrize("said", ["09:14:05", "09.14.05", "'091405", "91405", "9:14:05 AM"])
def test_times_alone(said: str):
    assert read_time(said) == time(9, 14, 5)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "x",
        "31/02/2026",
        "11/13/2026",
        "02/11/1926",
        "2026-11-31",
        "2 Foo 2026",
        "46328",
        "02/11/2026 25:00",
        "02/11/2026 x",
        "1e5",
        "٠٢",
        "02/11/2026 09:61:00",
    ],
)
def test_what_is_no_day_is_refused(said: str):
    with pytest.raises(ValueError, match=r"."):
        read_day(said, "dmy", None)


@pytest.mark.parametrize("said", ["", "x", "25:00", "9", "1234567", "09:60"])
def test_what_is_no_time_is_refused(said: str):
    if said == "9":
        assert read_time(said) == time(0, 0, 9)
        return
    with pytest.raises(ValueError, match=r"."):
        read_time(said)


def test_other_orders_when_staff_set_them():
    assert read_day("11/02/2026", "mdy", None)[0] == date(2026, 11, 2)
    assert read_day("26-11-02", "ymd", None)[0] == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("'30/12", date(2026, 12, 30)),
        ("31/12", date(2026, 12, 31)),
        ("01/01", date(2027, 1, 1)),
        ("2 Jan", date(2027, 1, 2)),
        ("29/12", date(2026, 12, 29)),
    ],
)
def test_the_year_comes_from_the_period_across_new_year(said: str, day: date):
    assert read_day(said, "dmy", YEAR_END)[0] == day


def test_a_leap_day_takes_the_year_that_has_it():
    assert read_day("29/02", "dmy", Period(date(2028, 2, 1), date(2028, 2, 29)))[0] == date(
        2028, 2, 29
    )
    with pytest.raises(ValueError, match=r"."):
        read_day("29/02", "dmy", Period(date(2026, 2, 1), date(2026, 2, 28)))


def test_a_day_far_from_the_period_is_refused():
    with pytest.raises(ValueError, match=r"outside"):
        read_day("15/06", "dmy", YEAR_END)


def test_without_a_period_there_is_no_year():
    with pytest.raises(BadStatement) as caught:
        read_day("02/11", "dmy", None)
    assert caught.value.fault is BankFault.NO_YEAR


@pytest.mark.parametrize(
    "said",
    [
        "Periode : 01/11/2026 - 30/11/2026",
        "Periode = 01-11-2026 s/d 30-11-2026",
        "Period 2026-11-01 to 2026-11-30",
        "Periode: 01 Nov 2026 - 30 Nov 2026",
        "PERIODE : NOVEMBER 2026",
    ],
)
def test_ways_to_state_a_period(said: str):
    assert period_in(said) == Period(date(2026, 11, 1), date(2026, 11, 30))


def test_no_period_in_other_words():
    assert period_in("Periode : semua") is None
