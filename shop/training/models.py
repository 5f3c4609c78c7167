"""Who taught what to whom, who finished, and the certificate that says so."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.training.states import EnrolmentState


class AgencyKind(StrEnum):
    """Who stands behind a course."""

    GOVERNMENT = "government"
    NGO = "ngo"


class BaselineKind(StrEnum):
    """How the income before the course is known: asked back then, or remembered later."""

    MEASURED = "measured"
    RECALLED = "recalled"


class Agency(Base):
    """A government office or an organisation that gives courses."""

    __tablename__ = "agencies"
    __table_args__ = (one_of("kind", AgencyKind),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(12))


class Course(Base):
    """Something that is taught: a skill, with its hours."""

    __tablename__ = "courses"
    __table_args__ = (CheckConstraint("hours BETWEEN 1 AND 2000", name="hours_sane"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120))
    skill: Mapped[str] = mapped_column(String(40))
    hours: Mapped[int]
    description: Mapped[str] = mapped_column(Text, default="")
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agencies.id"))
    agency: Mapped[Agency] = relationship()


class Cohort(Base):
    """A group of people taught a course together."""

    __tablename__ = "cohorts"
    __table_args__ = (
        UniqueConstraint("course_id", "name"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("courses.id"))
    name: Mapped[str] = mapped_column(String(80))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120), default="")
    course: Mapped[Course] = relationship()


class Participant(Base):
    """Somebody in the programme, whether or not they ever sign in or sell.

    Household size and income before the course are personal financial data: staff alone see them.
    """

    __tablename__ = "participants"
    __table_args__ = (
        one_of("baseline_kind", BaselineKind),
        CheckConstraint("household_size BETWEEN 1 AND 30", name="household_sane"),
        CheckConstraint("baseline_income >= 0", name="baseline_not_negative"),
        CheckConstraint(
            "(baseline_income IS NULL) = (baseline_kind IS NULL)", name="baseline_whole"
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(16))
    kelurahan_code: Mapped[str] = mapped_column(String(13))
    household_size: Mapped[int | None]
    baseline_income: Mapped[Rupiah | None]
    baseline_kind: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Enrolment(Base):
    """One participant in one cohort."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("cohort_id", "participant_id"),
        one_of("state", EnrolmentState),
        CheckConstraint(
            "(state = 'finished') = (finished_on IS NOT NULL)", name="finished_has_day"
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participants.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=EnrolmentState.ENROLLED.value)
    finished_on: Mapped[date | None]
    cohort: Mapped[Cohort] = relationship()
    participant: Mapped[Participant] = relationship()


class EnrolmentEvent(MoveRow, Base):
    """A move in the life of an enrolment."""

    __tablename__ = "enrolment_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)


class Certificate(Base):
    """Proof that somebody finished; its number can be looked up by anybody."""

    __tablename__ = "certificates"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    issued_on: Mapped[date]
    issued_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None]
    enrolment: Mapped[Enrolment] = relationship()


class CertificateSeries(Base):
    """How many certificates were issued in a year: the counted part of their numbers."""

    __tablename__ = "certificate_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
