from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core.lifecycle import IllegalMove
from shop.training import enrol
from shop.training.models import BaselineKind, EnrolmentEvent
from tests.factories.people import make_person
from tests.factories.sellers import SEI_JANG
from tests.factories.training import make_cohort, make_participant

pytestmark = pytest.mark.both
DAY = date(2025, 4, 10)


def test_finishing_writes_day_and_event(session: Session, noon: datetime) -> None:
    staff = make_person(session)
    enrolment = enrol.enrol(
        session, make_cohort(session).id, make_participant(session).id, staff.id
    )
    enrol.finish(session, enrolment.id, finished_on=DAY, person_id=staff.id)
    assert (enrolment.state, enrolment.finished_on) == ("finished", DAY)
    event = session.scalars(select(EnrolmentEvent)).one()
    assert (event.source, event.target, event.person_id) == ("enrolled", "finished", staff.id)


def test_nobody_is_enrolled_twice(session: Session) -> None:
    cohort, participant = make_cohort(session), make_participant(session)
    enrol.enrol(session, cohort.id, participant.id, None)
    with pytest.raises(enrol.AlreadyEnrolled):
        enrol.enrol(session, cohort.id, participant.id, None)


def test_who_left_can_come_back(session: Session, noon: datetime) -> None:
    cohort, participant = make_cohort(session), make_participant(session)
    enrolment = enrol.enrol(session, cohort.id, participant.id, None)
    enrol.drop(session, enrolment.id, person_id=None, reason="Menjaga anak")
    again = enrol.enrol(session, cohort.id, participant.id, None)
    assert (again.id, again.state) == (enrolment.id, "enrolled")


def test_who_left_cannot_finish(session: Session, noon: datetime) -> None:
    enrolment = enrol.enrol(session, make_cohort(session).id, make_participant(session).id, None)
    enrol.drop(session, enrolment.id, person_id=None, reason="Pindah rumah")
    with pytest.raises(IllegalMove):
        enrol.finish(session, enrolment.id, finished_on=DAY, person_id=None)


def test_finishing_twice_is_refused(session: Session, noon: datetime) -> None:
    enrolment = enrol.enrol(session, make_cohort(session).id, make_participant(session).id, None)
    enrol.finish(session, enrolment.id, finished_on=DAY, person_id=None)
    with pytest.raises(IllegalMove):
        enrol.finish(session, enrolment.id, finished_on=DAY, person_id=None)


@pytest.mark.parametrize("day", [date(2025, 3, 1), date(2026, 11, 26)])
def test_day_before_the_start_or_in_the_future(session: Session, noon: datetime, day: date) -> None:
    enrolment = enrol.enrol(session, make_cohort(session).id, make_participant(session).id, None)
    with pytest.raises(enrol.NotThatDay):
        enrol.finish(session, enrolment.id, finished_on=day, person_id=None)


def test_leaving_needs_a_reason(session: Session) -> None:
    enrolment = enrol.enrol(session, make_cohort(session).id, make_participant(session).id, None)
    with pytest.raises(enrol.NoReason):
        enrol.drop(session, enrolment.id, person_id=None, reason="  ")


def test_baseline_is_whole_or_absent(session: Session) -> None:
    with pytest.raises(enrol.HalfBaseline):
        enrol.add_participant(
            session, name="A", kelurahan_code=SEI_JANG, baseline_kind=BaselineKind.MEASURED
        )


def test_kelurahan_must_be_of_this_city(session: Session) -> None:
    with pytest.raises(enrol.UnknownKelurahan):
        enrol.add_participant(session, name="A", kelurahan_code="99.99")
