from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from shop.impact.answer import headline
from shop.impact.curve import Curve, Point, since_certificate
from shop.impact.filters import Filters
from shop.impact.queries import load_facts
from shop.sellers.models import SellerKind
from shop.training import certify, enrol
from tests.factories.income import make_seller_of, noon_of, sell
from tests.factories.training import make_cohort, make_course, make_graduate, make_participant

pytestmark = pytest.mark.both
YEARS = Filters(date(2025, 1, 1), date(2026, 11, 1))


@pytest.fixture(autouse=True)
def _now(app: object, noon: datetime) -> None:
    """The present is 25 November 2026: October is the last month that is over."""


def curve_of(session: Session, filters: Filters = YEARS) -> Curve:
    return since_certificate(load_facts(session, filters))


def at(curve: Curve, month: int) -> Point:
    return next(point for point in curve.points if point.month == month)


def test_graduates_without_sales_count_as_zero(session: Session) -> None:
    cohort = make_cohort(session)
    people = [make_graduate(session, cohort, name=f"Orang {n}")[0] for n in range(5)]
    seller = make_seller_of(session, people[0])
    sell(session, seller, 100_000, 5_000, when=noon_of(2025, 4, 20))
    sell(session, seller, 100_000, 5_000, when=noon_of(2025, 7))
    curve = curve_of(session)
    assert (at(curve, 3).n, at(curve, 3).earning) == (5, 1)
    assert at(curve, 3).spread is not None
    assert at(curve, 0).earning == 1
    assert at(curve, 1).earning == 0


def test_months_before_the_first_sale_of_the_shop_are_not_observed(session: Session) -> None:
    person, _certificate = make_graduate(session, make_cohort(session))
    sell(session, make_seller_of(session, person), 1_000, when=noon_of(2025, 2))
    curve = curve_of(session)
    assert [at(curve, month).n for month in (-6, -3, -2, -1, 0)] == [0, 0, 1, 1, 1]
    assert at(curve, -2).earning == 1


def test_running_month_is_not_observed_yet(session: Session) -> None:
    person, _certificate = make_graduate(session, make_cohort(session), date(2026, 8, 10))
    sell(session, make_seller_of(session, person), 1_000, when=noon_of(2026, 8))
    curve = curve_of(session)
    assert [at(curve, month).n for month in (0, 1, 2, 3)] == [1, 1, 1, 0]


def test_who_sells_through_a_group_is_missing_and_counted_so(session: Session) -> None:
    cohort = make_cohort(session)
    person, _certificate = make_graduate(session, cohort)
    make_seller_of(session, person, kind=SellerKind.GROUP)
    left = enrol.enrol(session, cohort.id, make_participant(session, "Yati").id, None)
    enrol.drop(session, left.id, person_id=None, reason="Menjaga anak")
    curve = curve_of(session)
    assert (curve.people, curve.in_groups, curve.dropped) == (0, 1, 1)


def test_month_zero_is_that_of_the_chosen_course(session: Session) -> None:
    first, second = make_course(session, "Kue"), make_course(session, "Menjahit")
    person, _certificate = make_graduate(session, make_cohort(session, first))
    again = enrol.enrol(session, make_cohort(session, second).id, person.id, None)
    enrol.finish(session, again.id, finished_on=date(2026, 1, 10), person_id=None)
    certify.issue(session, again.id, person_id=None, issued_on=date(2026, 1, 10))
    sell(session, make_seller_of(session, person), 7_000, when=noon_of(2026, 3))
    everything = curve_of(session)
    assert at(everything, 11).earning == 1
    chosen = curve_of(session, Filters(YEARS.first, YEARS.last, course=second.slug))
    assert at(chosen, 2).earning == 1
    assert chosen.people == 1


def test_baseline_says_how_many_told_and_remember(session: Session) -> None:
    cohort = make_cohort(session)
    for baseline in (0, 100_000, 200_000, 300_000, 400_000, None):
        make_graduate(session, cohort, name=f"Orang {baseline}", baseline=baseline)
    baseline = curve_of(session).baseline
    assert (baseline.n, baseline.recalled, baseline.median) == (5, 5, 200_000)


def test_answer_says_no_more_than_the_figures(session: Session, app: Flask) -> None:
    with app.test_request_context(method="POST"):
        assert headline(curve_of(session)).startswith("Belum ada lulusan")
        cohort = make_cohort(session)
        people = [make_graduate(session, cohort, name=f"Orang {n}")[0] for n in range(20)]
        assert headline(curve_of(session)).startswith("Belum bisa dijawab")
        seller = make_seller_of(session, people[0])
        sell(session, seller, 1_000, when=noon_of(2025, 4))
        assert "separuh lulusan atau lebih belum mendapat apa-apa" in headline(curve_of(session))
        for person in people[1:13]:
            sell(session, make_seller_of(session, person), 80_000, when=noon_of(2026, 4))
        assert headline(curve_of(session)) == (
            "12 bulan setelah sertifikat, separuh lulusan mendapat Rp80.000 atau lebih sebulan "
            "dari toko ini."
        )
