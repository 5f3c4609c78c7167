"""Courses, cohorts and people in them, for tests."""

from __future__ import annotations

import itertools
from datetime import date

from sqlalchemy.orm import Session

from shop.training import certify, enrol, teach
from shop.training.models import (
    Agency,
    AgencyKind,
    BaselineKind,
    Certificate,
    Cohort,
    Course,
    Participant,
)
from tests.factories.sellers import SEI_JANG

_numbers = itertools.count(1)


def make_agency(session: Session) -> Agency:
    """An NGO."""
    name = f"Yayasan Tangan {next(_numbers)}"
    return teach.add_agency(session, name=name, kind=AgencyKind.NGO)


def make_course(session: Session, title: str = "Kue kering") -> Course:
    """A course of 48 hours."""
    return teach.add_course(
        session,
        slug=f"kursus-{next(_numbers)}",
        title=title,
        title_en=f"{title} (English)",
        skill="dry_cake",
        hours=48,
        agency_id=make_agency(session).id,
    )


def make_cohort(session: Session, course: Course | None = None) -> Cohort:
    """A cohort from 2 March to 10 April 2025."""
    return teach.add_cohort(
        session,
        course_id=(course or make_course(session)).id,
        name=f"Angkatan {next(_numbers)}",
        starts_on=date(2025, 3, 2),
        ends_on=date(2025, 4, 10),
    )


def make_participant(
    session: Session, name: str = "Siti Aminah", baseline: int | None = None
) -> Participant:
    """Somebody of a family of four in Sei Jang."""
    return enrol.add_participant(
        session,
        name=name,
        kelurahan_code=SEI_JANG,
        household_size=4,
        baseline_income=baseline,
        baseline_kind=None if baseline is None else BaselineKind.RECALLED,
    )


def make_graduate(
    session: Session,
    cohort: Cohort,
    finished_on: date = date(2025, 4, 10),
    name: str = "Siti Aminah",
    baseline: int | None = None,
) -> tuple[Participant, Certificate]:
    """Somebody who finished `cohort` and got the certificate on that day."""
    participant = make_participant(session, name, baseline)
    enrolment = enrol.enrol(session, cohort.id, participant.id, None)
    enrol.finish(session, enrolment.id, finished_on=finished_on, person_id=None)
    return participant, certify.issue(session, enrolment.id, person_id=None, issued_on=finished_on)
