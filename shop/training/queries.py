"""Reading courses, cohorts, participants and certificates."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from shop.training.models import Agency, Certificate, Cohort, Course, Enrolment, Participant
from shop.training.states import EnrolmentState

_FOUND_AT_MOST = 20


def _in_state(state: EnrolmentState) -> Any:
    return func.coalesce(func.sum(case((Enrolment.state == state, 1), else_=0)), 0)


_COUNTS = (
    func.count(Enrolment.id),
    _in_state(EnrolmentState.FINISHED),
    _in_state(EnrolmentState.DROPPED),
    func.count(Certificate.id),
)
"""The columns of `Counts`; an enrolment has at most one certificate."""


@dataclass(frozen=True)
class Counts:
    """How many people are in something, finished it, left it, and hold its certificate."""

    people: int
    finished: int
    dropped: int
    certified: int

    @property
    def uncertified(self) -> int:
        """How many finished and have no certificate yet."""
        return self.finished - self.certified


@dataclass(frozen=True)
class CourseLine:
    """A course in a list, with its agency's name."""

    course: Course
    agency: str
    cohorts: int
    counts: Counts


@dataclass(frozen=True)
class CohortLine:
    """A cohort in a list."""

    cohort: Cohort
    counts: Counts


@dataclass(frozen=True)
class Place:
    """One participant's place in a cohort, with the certificate's number if it is issued."""

    enrolment: Enrolment
    participant: Participant
    number: str | None

    @property
    def can_be_certified(self) -> bool:
        """Whether a certificate is to be issued: finished, and none issued yet."""
        return self.enrolment.state == EnrolmentState.FINISHED and self.number is None


@dataclass(frozen=True)
class Proof:
    """What a certificate says: to whom, for what, from whom, when; and whether it still holds."""

    number: str
    name: str
    course: Course
    cohort: str
    agency: str
    finished_on: date | None
    issued_on: date
    withdrawn: bool


def agencies(session: Session) -> Sequence[Agency]:
    """All agencies by name."""
    return session.scalars(select(Agency).order_by(Agency.name)).all()


def course_lines(session: Session) -> list[CourseLine]:
    """All courses with what came of them, by title."""
    rows = session.execute(
        select(Course, Agency.name, func.count(Cohort.id.distinct()), *_COUNTS)
        .select_from(Course)
        .join(Agency)
        .outerjoin(Cohort)
        .outerjoin(Enrolment)
        .outerjoin(Certificate)
        .group_by(Course.id, Agency.name)
        .order_by(Course.title)
    )
    return [CourseLine(row[0], row[1], row[2], Counts(*row[3:])) for row in rows]


def course_of(session: Session, course_id: uuid.UUID) -> Course | None:
    """A course with its agency."""
    return session.get(Course, course_id, options=[joinedload(Course.agency)])


def cohort_lines(session: Session, course_id: uuid.UUID) -> list[CohortLine]:
    """The cohorts of a course, the newest first."""
    rows = session.execute(
        select(Cohort, *_COUNTS)
        .select_from(Cohort)
        .outerjoin(Enrolment)
        .outerjoin(Certificate)
        .where(Cohort.course_id == course_id)
        .group_by(Cohort.id)
        .order_by(Cohort.starts_on.desc(), Cohort.name)
    )
    return [CohortLine(row[0], Counts(*row[1:])) for row in rows]


def cohort_of(session: Session, cohort_id: uuid.UUID) -> Cohort | None:
    """A cohort with its course."""
    return session.get(Cohort, cohort_id, options=[joinedload(Cohort.course)])


def places(session: Session, cohort_id: uuid.UUID) -> list[Place]:
    """Everybody in a cohort, by name."""
    rows = session.execute(
        select(Enrolment, Participant, Certificate.number)
        .join(Participant)
        .outerjoin(Certificate)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Participant.name, Participant.id)
    )
    return [Place(*row) for row in rows]


def place_of(session: Session, enrolment_id: uuid.UUID) -> Enrolment | None:
    """One enrolment with its participant, cohort and course."""
    return session.get(
        Enrolment,
        enrolment_id,
        options=[
            joinedload(Enrolment.participant),
            joinedload(Enrolment.cohort).joinedload(Cohort.course),
        ],
    )


def participants_like(session: Session, words: str, not_in: uuid.UUID) -> Sequence[Participant]:
    """Up to 20 participants whose name holds `words`, who are not in the cohort `not_in`."""
    inside = select(Enrolment.participant_id).where(Enrolment.cohort_id == not_in)
    return session.scalars(
        select(Participant)
        .where(
            func.lower(Participant.name).contains(words.lower(), autoescape=True),
            Participant.id.not_in(inside),
        )
        .order_by(Participant.name)
        .limit(_FOUND_AT_MOST)
    ).all()


def participant_of(session: Session, participant_id: uuid.UUID) -> Participant | None:
    """One participant."""
    return session.get(Participant, participant_id)


def places_of(session: Session, participant_id: uuid.UUID) -> list[tuple[Enrolment, str | None]]:
    """A participant's enrolments with cohort and course, and each certificate's number."""
    rows = session.execute(
        select(Enrolment, Certificate.number)
        .join(Cohort)
        .outerjoin(Certificate)
        .where(Enrolment.participant_id == participant_id)
        .options(joinedload(Enrolment.cohort).joinedload(Cohort.course))
        .order_by(Cohort.starts_on)
    )
    return [(row[0], row[1]) for row in rows]


def proof_of(session: Session, number: str) -> Proof | None:
    """What the certificate with this number says."""
    row = session.execute(
        select(
            Certificate, Participant.name, Course, Cohort.name, Agency.name, Enrolment.finished_on
        )
        .join(Certificate.enrolment)
        .join(Enrolment.participant)
        .join(Enrolment.cohort)
        .join(Cohort.course)
        .join(Course.agency)
        .where(Certificate.number == number)
    ).first()
    if row is None:
        return None
    certificate, name, course, cohort, agency, finished_on = row
    return Proof(
        certificate.number, name, course, cohort, agency, finished_on, certificate.issued_on,
        certificate.revoked_at is not None,
    )  # fmt: skip
