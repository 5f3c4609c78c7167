"""Writing down who teaches what, and when a group of people is taught it."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.training.models import Agency, AgencyKind, Cohort, Course


class NameTaken(ValueError):
    """Another one of the same kind has this name already."""


class AddressTaken(ValueError):
    """Another course has this slug already."""


class EndsBeforeStart(ValueError):
    """A cohort cannot end before it starts."""


def add_agency(session: Session, *, name: str, kind: AgencyKind) -> Agency:
    """A government office or an organisation that will give courses. Raises `NameTaken`."""
    if session.scalar(select(Agency.id).where(func.lower(Agency.name) == name.lower())):
        raise NameTaken(name)
    agency = Agency(name=name, kind=kind.value)
    session.add(agency)
    session.flush()
    return agency


def add_course(
    session: Session,
    *,
    slug: str,
    title: str,
    title_en: str,
    skill: str,
    hours: int,
    agency_id: uuid.UUID,
    description: str = "",
) -> Course:
    """A course of `hours` hours, given by an agency. Raises `AddressTaken`."""
    if session.scalar(select(Course.id).where(Course.slug == slug)):
        raise AddressTaken(slug)
    course = Course(
        slug=slug,
        title=title,
        title_en=title_en,
        skill=skill,
        hours=hours,
        agency_id=agency_id,
        description=description,
    )
    session.add(course)
    session.flush()
    return course


def add_cohort(
    session: Session,
    *,
    course_id: uuid.UUID,
    name: str,
    starts_on: date,
    ends_on: date,
    place: str = "",
) -> Cohort:
    """People to be taught a course together, first to last day.

    Raises `EndsBeforeStart`, and `NameTaken` where the course has a cohort of this name.
    """
    if ends_on < starts_on:
        raise EndsBeforeStart(f"{starts_on} to {ends_on}")
    taken = select(Cohort.id).where(
        Cohort.course_id == course_id, func.lower(Cohort.name) == name.lower()
    )
    if session.scalar(taken):
        raise NameTaken(name)
    cohort = Cohort(
        course_id=course_id, name=name, starts_on=starts_on, ends_on=ends_on, place=place
    )
    session.add(cohort)
    session.flush()
    return cohort
