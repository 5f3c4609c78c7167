from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from shop.training import teach
from shop.training.models import AgencyKind
from tests.factories.training import make_agency, make_course

pytestmark = pytest.mark.both


def test_course_belongs_to_its_agency(session: Session) -> None:
    agency = make_agency(session)
    course = teach.add_course(
        session,
        slug="sulam",
        title="Sulam",
        title_en="Embroidery",
        skill="sulam",
        hours=40,
        agency_id=agency.id,
    )
    assert course.agency.name == agency.name


def test_agency_name_is_taken_whatever_its_case(session: Session) -> None:
    teach.add_agency(session, name="Dinas Kota", kind=AgencyKind.GOVERNMENT)
    with pytest.raises(teach.NameTaken):
        teach.add_agency(session, name="DINAS kota", kind=AgencyKind.NGO)


def test_course_address_is_taken_once(session: Session) -> None:
    course = make_course(session)
    with pytest.raises(teach.AddressTaken):
        teach.add_course(
            session,
            slug=course.slug,
            title="X",
            title_en="X",
            skill="x",
            hours=1,
            agency_id=course.agency_id,
        )


def test_cohort_ends_on_or_after_its_start(session: Session) -> None:
    course = make_course(session)
    day = date(2025, 3, 2)
    teach.add_cohort(session, course_id=course.id, name="A", starts_on=day, ends_on=day)
    with pytest.raises(teach.EndsBeforeStart):
        teach.add_cohort(
            session, course_id=course.id, name="B", starts_on=day, ends_on=date(2025, 3, 1)
        )


def test_cohort_name_is_free_in_another_course(session: Session) -> None:
    day = date(2025, 3, 2)
    first, second = make_course(session), make_course(session)
    for course in (first, second):
        teach.add_cohort(session, course_id=course.id, name="A", starts_on=day, ends_on=day)
    with pytest.raises(teach.NameTaken):
        teach.add_cohort(session, course_id=first.id, name="a", starts_on=day, ends_on=day)
