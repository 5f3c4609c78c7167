from __future__ import annotations

import re
import threading
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core.db import db
from shop.training import certify, enrol
from shop.training.models import Certificate
from tests.factories.training import make_cohort, make_graduate, make_participant

pytestmark = pytest.mark.both


def test_number_is_counted_within_the_year(session: Session, noon: datetime) -> None:
    cohort = make_cohort(session)
    numbers = [make_graduate(session, cohort)[1].number for _ in range(2)]
    other = make_graduate(session, cohort, date(2026, 1, 5))[1].number
    assert re.fullmatch(r"PLT-2025-00001-[2-9A-Z]{8}", numbers[0])
    assert numbers[1].startswith("PLT-2025-00002-")
    assert other.startswith("PLT-2026-00001-")


def test_only_who_finished_is_certified(session: Session) -> None:
    enrolment = enrol.enrol(session, make_cohort(session).id, make_participant(session).id, None)
    with pytest.raises(certify.NotFinished):
        certify.issue(session, enrolment.id, person_id=None)


def test_second_issue_returns_the_first(session: Session, noon: datetime) -> None:
    certificate = make_graduate(session, make_cohort(session))[1]
    again = certify.issue(session, certificate.enrolment_id, person_id=None)
    assert again.id == certificate.id
    assert session.scalar(select(func.count(Certificate.id))) == 1


def test_many_at_once_get_numbers_of_their_own(app: Flask, session: Session) -> None:
    cohort = make_cohort(session)
    wanted = []
    for number in range(4):
        participant = make_participant(session, f"Orang {number}")
        enrolment = enrol.enrol(session, cohort.id, participant.id, None)
        enrol.finish(session, enrolment.id, finished_on=date(2025, 4, 10), person_id=None)
        wanted += [enrolment.id, enrolment.id]
    session.commit()
    start, issued, faults = threading.Barrier(len(wanted)), [], []

    def issue(enrolment_id: object) -> None:
        with app.app_context():
            start.wait()
            try:
                number = certify.issue(db.session(), enrolment_id, person_id=None).number
                db.session.commit()
                issued.append(number)
            except Exception as fault:  # noqa: BLE001 - shown by the assertion below
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=issue, args=(enrolment_id,)) for enrolment_id in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(issued) == 8
    assert len(set(issued)) == 4
