from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from shop.impact.charts import ticks
from shop.impact.figures import month_at, month_number, months_between, spread
from shop.impact.filters import read_filters
from shop.impact.poverty import line_for


def test_quartiles_are_interpolated_in_whole_rupiah() -> None:
    found = spread([10, 20, 30, 40, 50])
    assert found is not None
    assert (found.lower, found.median, found.upper) == (20, 30, 40)
    uneven = spread([0, 1, 2, 4, 8, 16])
    assert uneven is not None
    assert (uneven.lower, uneven.median, uneven.upper) == (1, 3, 7)


def test_four_people_have_no_median() -> None:
    assert spread([1, 2, 3, 4]) is None


def test_months_are_counted_over_the_year() -> None:
    assert months_between(date(2025, 11, 1), date(2026, 2, 1)) == [
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip
    assert month_at(month_number(date(2026, 12, 1)) + 1) == date(2027, 1, 1)


@pytest.mark.usefixtures("noon")
def test_usual_period_is_eighteen_months_with_this_one() -> None:
    filters = read_filters({})
    assert (filters.first, filters.last) == (date(2025, 6, 1), date(2026, 11, 1))


@pytest.mark.usefixtures("noon")
def test_senseless_filters_count_as_not_given() -> None:
    filters = read_filters(
        {"dari": "2026-13", "sampai": "2099-01", "jenis": "bank", "kelurahan": "'; --"}
    )
    assert filters == read_filters({})
    assert read_filters({"dari": "2026-11", "sampai": "2026-10"}).months == [date(2026, 10, 1)]
    assert len(read_filters({"dari": "2001-01"}).months) == 60


@pytest.mark.usefixtures("noon")
def test_filters_come_back_from_their_own_address() -> None:
    given = {
        "dari": "2026-01", "sampai": "2026-03", "jenis": "group", "pelatihan": "kue",
        "kelurahan": "21.72.04.1004",
    }  # fmt: skip
    assert read_filters(given).address == given


def test_poverty_line_is_the_latest_surveyed_by_then() -> None:
    latest = line_for(date(2026, 11, 1))
    assert (latest.amount, latest.area) == (870_738, "Provinsi Kepulauan Riau")
    city = line_for(date(2024, 6, 1))
    assert (city.amount, city.area) == (789_218, "Kota Tanjungpinang")
    assert line_for(date(2000, 1, 1)).month == date(2014, 3, 1)


@pytest.mark.parametrize("top", [0, 1, 49_999, 200_001, 870_738, 1_960_000, 73_000_000])
def test_scale_reaches_the_top_in_few_steps(app: Flask, top: int) -> None:
    with app.test_request_context():
        marks = ticks(top)
    assert marks[0][0] == 0
    assert marks[-1][0] >= top
    assert 2 <= len(marks) <= 6
