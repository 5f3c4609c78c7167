"""Taking people into a cohort, and how it ends for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.lifecycle import move
from shop.core.money import Rupiah
from shop.core.regions import all_kelurahan
from shop.training.models import BaselineKind, Cohort, Enrolment, EnrolmentEvent, Participant
from shop.training.states import ENROLMENT, EnrolmentState


class UnknownKelurahan(ValueError):
    """No kelurahan of the city has this code."""


class HalfBaseline(ValueError):
    """Income before the course and how it is known belong together."""


class AlreadyEnrolled(ValueError):
    """This participant is in this cohort already."""


class NotThatDay(ValueError):
    """Nobody can have finished before the cohort began, or in the future."""


class NoReason(ValueError):
    """Leaving a course is written down with its reason."""


def add_participant(
    session: Session,
    *,
    name: str,
    kelurahan_code: str,
    phone: str | None = None,
    household_size: int | None = None,
    baseline_income: int | None = None,
    baseline_kind: BaselineKind | None = None,
    person_id: uuid.UUID | None = None,
) -> Participant:
    """Somebody who takes part in the programme; `baseline_income` is rupiah a month before it.

    Raises `UnknownKelurahan` and `HalfBaseline`.
    """
    if kelurahan_code not in all_kelurahan():
        raise UnknownKelurahan(kelurahan_code)
    if (baseline_income is None) != (baseline_kind is None):
        raise HalfBaseline(name)
    participant = Participant(
        name=name,
        kelurahan_code=kelurahan_code,
        phone=phone,
        household_size=household_size,
        baseline_income=None if baseline_income is None else Rupiah(baseline_income),
        baseline_kind=baseline_kind.value if baseline_kind else None,
        person_id=person_id,
    )
    session.add(participant)
    session.flush()
    return participant


def enrol(
    session: Session, cohort_id: uuid.UUID, participant_id: uuid.UUID, person_id: uuid.UUID | None
) -> Enrolment:
    """Take somebody into a cohort; who had left it comes back. Raises `AlreadyEnrolled`."""
    known = session.scalar(
        select(Enrolment).where(
            Enrolment.cohort_id == cohort_id, Enrolment.participant_id == participant_id
        )
    )
    if known is None:
        enrolment = Enrolment(cohort_id=cohort_id, participant_id=participant_id)
        session.add(enrolment)
        session.flush()
        return enrolment
    if known.state != EnrolmentState.DROPPED:
        raise AlreadyEnrolled(f"{participant_id} in {cohort_id}")
    _move(session, known.id, EnrolmentState.ENROLLED, person_id)
    session.refresh(known)
    return known


def finish(
    session: Session, enrolment_id: uuid.UUID, *, finished_on: date, person_id: uuid.UUID | None
) -> None:
    """Write down that somebody finished. Raises `NotThatDay` and `IllegalMove`."""
    starts_on = session.scalars(
        select(Cohort.starts_on).join(Enrolment).where(Enrolment.id == enrolment_id)
    ).one()
    if not starts_on <= finished_on <= clock.today():
        raise NotThatDay(str(finished_on))
    _move(
        session,
        enrolment_id,
        EnrolmentState.FINISHED,
        person_id,
        extra={"finished_on": finished_on},
    )


def drop(
    session: Session, enrolment_id: uuid.UUID, *, person_id: uuid.UUID | None, reason: str
) -> None:
    """Write down that somebody left the course, and why. Raises `NoReason` and `IllegalMove`."""
    if not reason.strip():
        raise NoReason(str(enrolment_id))
    _move(session, enrolment_id, EnrolmentState.DROPPED, person_id, reason=reason.strip())


def _move(
    session: Session,
    enrolment_id: uuid.UUID,
    target: EnrolmentState,
    person_id: uuid.UUID | None,
    *,
    reason: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> None:
    move(
        session,
        ENROLMENT,
        cast("Table", Enrolment.__table__),
        cast("Table", EnrolmentEvent.__table__),
        enrolment_id,
        target,
        actor="staff",
        person_id=person_id,
        reason=reason,
        extra=extra,
    )
    loaded = session.identity_map.get(session.identity_key(Enrolment, enrolment_id))
    if loaded is not None:
        session.expire(loaded)
