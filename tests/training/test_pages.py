from __future__ import annotations

import re
import uuid
from datetime import date, datetime

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Role
from shop.sellers.models import SellerMember
from shop.training import enrol
from shop.training.models import Certificate, Cohort, Course, Enrolment, Participant
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import SEI_JANG, make_seller
from tests.factories.training import (
    make_agency,
    make_cohort,
    make_course,
    make_graduate,
    make_participant,
)

pytestmark = pytest.mark.both


@pytest.fixture
def facilitator(app: Flask, session: Session, noon: datetime) -> FlaskClient:
    """A facilitator's browser: may write down, not certify."""
    return signed_in(app, make_person(session, Role.FACILITATOR))


@pytest.fixture
def manager(app: Flask, session: Session, noon: datetime) -> FlaskClient:
    """A manager's browser."""
    return signed_in(app, make_person(session, Role.MANAGER))


def another_person() -> None:
    """Let somebody else act: all requests of a test share `g`, which holds who is signed in."""
    g.pop("_login_user", None)


def enrolled(session: Session, cohort: Cohort, *names: str) -> list[Enrolment]:
    places = [
        enrol.enrol(session, cohort.id, make_participant(session, name).id, None) for name in names
    ]
    session.commit()
    return places


def test_agency_course_and_cohort_are_written_down(
    session: Session, facilitator: FlaskClient
) -> None:
    answer = facilitator.post(
        "/staff/training/agencies/new", data={"name": "Dinas Kota", "kind": "government"}
    )
    assert answer.status_code == 303
    agency = make_agency(session)
    session.commit()
    course = {
        "title": "Kue Kering & Basah", "title_en": "Cakes", "agency": str(agency.id),
        "skill": "kue", "hours": "48",
    }  # fmt: skip
    answer = facilitator.post("/staff/training/courses/new", data=course)
    assert answer.status_code == 303
    assert session.scalars(select(Course)).one().slug == "kue-kering-basah"
    cohort = {"name": "Angkatan 1", "starts_on": "2026-03-02", "ends_on": "2026-04-10"}
    answer = facilitator.post(f"{answer.location}/cohorts/new", data=cohort)
    assert answer.status_code == 303
    page = facilitator.get(answer.location).get_data(as_text=True)
    assert "Angkatan 1: 0 dari 0 orang lulus" in page
    assert "1 kursus" in facilitator.get("/staff/training").get_data(as_text=True)


def test_course_that_ends_before_it_starts_keeps_what_was_typed(
    session: Session, facilitator: FlaskClient
) -> None:
    course = make_course(session)
    session.commit()
    answer = facilitator.post(
        f"/staff/training/courses/{course.id}/cohorts/new",
        data={"name": "Angkatan 1", "starts_on": "2026-03-02", "ends_on": "2026-03-01"},
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Hari terakhir tidak boleh sebelum hari pertama." in page
    assert 'value="Angkatan 1"' in page
    assert session.scalars(select(Cohort)).all() == []


def test_same_title_is_refused_beside_the_field(session: Session, facilitator: FlaskClient) -> None:
    agency = make_agency(session)
    session.commit()
    course = {"title": "Sulam", "title_en": "E", "agency": str(agency.id), "skill": "s"}
    for hours, status in (("48", 303), ("40", 422), ("0", 422), ("2001", 422)):
        answer = facilitator.post("/staff/training/courses/new", data=course | {"hours": hours})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("household_size", "0", "Isi angka dari 1 sampai 30."),
        ("baseline_income", "-5", "Isi angka dari Rp0"),
        ("baseline_income", "1000000000000", "Isi angka dari Rp0"),
        ("kelurahan", "99.99", "Pilih salah satu dari daftar."),
        ("kelurahan", "", "Bagian ini perlu diisi."),
        ("phone", "12", "Nomor HP belum benar."),
        ("name", "", "Bagian ini perlu diisi."),
        ("baseline_kind", "", "kosongkan keduanya"),
    ],
)
def test_bad_participant_is_told_beside_the_field(
    session: Session, facilitator: FlaskClient, field: str, value: str, fault: str
) -> None:
    cohort = make_cohort(session)
    session.commit()
    good = {
        "name": "Siti Aminah", "kelurahan": SEI_JANG, "household_size": "4",
        "baseline_income": "350.000", "baseline_kind": "measured",
    }  # fmt: skip
    address = f"/staff/training/cohorts/{cohort.id}/participants/new"
    answer = facilitator.post(address, data=good | {field: value})
    assert answer.status_code == 422
    assert fault in answer.get_data(as_text=True)
    assert session.scalars(select(Participant)).all() == []
    assert facilitator.post(address, data=good).status_code == 303
    added = session.scalars(select(Participant)).one()
    assert (added.baseline_income, added.baseline_kind) == (350_000, "measured")


def test_somebody_known_is_found_and_taken_in(session: Session, facilitator: FlaskClient) -> None:
    cohort = make_cohort(session)
    known = make_participant(session, "Nurhayati")
    session.commit()
    address = f"/staff/training/cohorts/{cohort.id}/participants"
    page = facilitator.get(f"{address}/new?q=nurha").get_data(as_text=True)
    session.rollback()
    assert f"{address}/{known.id}" in page
    for _press in range(2):
        assert facilitator.post(f"{address}/{known.id}").status_code == 303
    assert session.scalars(select(Enrolment)).one().participant_id == known.id
    assert facilitator.post(f"{address}/{uuid.uuid4()}").status_code == 404


def test_ticked_finish_and_get_certificates(
    session: Session, facilitator: FlaskClient, manager: FlaskClient
) -> None:
    cohort = make_cohort(session)
    siti, ani, _lina = enrolled(session, cohort, "Siti", "Ani", "Lina")
    address = f"/staff/training/cohorts/{cohort.id}"
    ticked = {"enrolment": [str(siti.id), str(ani.id)], "finished_on": "2025-04-10"}
    assert facilitator.post(f"{address}/finish", data=ticked).status_code == 303
    session.expire_all()
    assert {siti.state, ani.state} == {"finished"}
    assert siti.finished_on == date(2025, 4, 10)
    assert facilitator.post(f"{address}/certificates").status_code == 403
    another_person()
    one = {"enrolment": str(siti.id)}
    assert manager.post(f"{address}/certificates", data=one).status_code == 303
    assert len(session.scalars(select(Certificate)).all()) == 1
    for _press in range(2):
        assert manager.post(f"{address}/certificates").status_code == 303
    numbers = session.scalars(select(Certificate.number)).all()
    assert len(numbers) == 2
    page = manager.get(f"/staff/training/certificates/{numbers[0]}").get_data(as_text=True)
    assert numbers[0] in page
    assert len(session.scalars(select(AuditLine)).all()) == 2


@pytest.mark.parametrize("day", ["2025-03-01", "2026-11-26", "kemarin", ""])
def test_nobody_finishes_on_an_impossible_day(
    session: Session, facilitator: FlaskClient, day: str
) -> None:
    cohort = make_cohort(session)
    (siti,) = enrolled(session, cohort, "Siti")
    answer = facilitator.post(
        f"/staff/training/cohorts/{cohort.id}/finish",
        data={"enrolment": str(siti.id), "finished_on": day},
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'value="{siti.id}" checked' in page
    session.expire_all()
    assert siti.state == "enrolled"


def test_nobody_ticked_is_said(session: Session, facilitator: FlaskClient) -> None:
    cohort = make_cohort(session)
    enrolled(session, cohort, "Siti")
    stranger = enrolled(session, make_cohort(session), "Orang lain")[0]
    answer = facilitator.post(
        f"/staff/training/cohorts/{cohort.id}/finish",
        data={"enrolment": str(stranger.id), "finished_on": "2025-04-10"},
    )
    assert answer.status_code == 422
    assert "Centang dulu siapa yang lulus." in answer.get_data(as_text=True)


def test_leaving_and_coming_back(session: Session, facilitator: FlaskClient) -> None:
    cohort = make_cohort(session)
    (siti,) = enrolled(session, cohort, "Siti")
    address = f"/staff/training/enrolments/{siti.id}/drop"
    assert facilitator.post(address, data={"reason": " "}).status_code == 422
    assert facilitator.post(address, data={"reason": "Menjaga anak"}).status_code == 303
    assert facilitator.post(address, data={"reason": "Menjaga anak"}).status_code == 409
    back = f"/staff/training/cohorts/{cohort.id}/participants/{siti.participant_id}"
    assert facilitator.post(back).status_code == 303
    session.expire_all()
    assert siti.state == "enrolled"


def test_participant_is_linked_to_a_member_and_unlinked(
    session: Session, facilitator: FlaskClient
) -> None:
    participant = make_participant(session, "Siti Aminah", baseline=150_000)
    make_seller(session, "Siti Aminah")
    member = session.scalars(select(SellerMember)).one()
    session.commit()
    page = f"/staff/participants/{participant.id}"
    assert "Rp150.000" in facilitator.get(page).get_data(as_text=True)
    for _press in range(2):
        assert facilitator.post(f"{page}/members/{member.id}").status_code == 303
    session.expire_all()
    assert member.participant_id == participant.id
    other = make_participant(session, "Siti Aminah")
    session.commit()
    taken = f"/staff/participants/{other.id}/members/{member.id}"
    assert facilitator.post(taken).status_code == 409
    assert facilitator.post(f"{taken}/undo").status_code == 404
    assert facilitator.post(f"{page}/members/{uuid.uuid4()}").status_code == 404
    assert facilitator.post(f"{page}/members/{member.id}/undo").status_code == 303
    session.expire_all()
    assert member.participant_id is None


def test_anybody_can_check_a_certificate(session: Session, client: FlaskClient) -> None:
    certificate = make_graduate(session, make_cohort(session), baseline=123_456)[1]
    session.commit()
    found = client.get(f"/pelatihan/sertifikat?nomor= {certificate.number.lower()}")
    answer = client.get(found.location)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Sertifikat ini benar" in page
    assert "Siti Aminah" in page
    assert not re.search("123.456|Sei Jang", page)
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get("/pelatihan/sertifikat/PLT-2025-00001-AAAAAAAA").status_code == 404
    assert client.get("/pelatihan/sertifikat").status_code == 303


def test_withdrawn_certificate_shows_no_name(
    session: Session, client: FlaskClient, noon: datetime
) -> None:
    certificate = make_graduate(session, make_cohort(session))[1]
    certificate.revoked_at = noon
    session.commit()
    page = client.get(f"/pelatihan/sertifikat/{certificate.number}").get_data(as_text=True)
    assert "Sertifikat ini sudah ditarik" in page
    assert "Siti Aminah" not in page


def test_anybody_sees_courses_and_how_many_finished(session: Session, client: FlaskClient) -> None:
    cohort = make_cohort(session)
    make_graduate(session, cohort)
    enrolled(session, cohort, "Ani")
    page = client.get("/pelatihan").get_data(as_text=True)
    assert "1 orang lulus" in page
    assert "Siti" not in page


def test_training_is_not_for_strangers_or_sellers(app: Flask, session: Session) -> None:
    cohort = make_cohort(session)
    participant = make_participant(session)
    session.commit()
    pages = (
        "/staff/training", f"/staff/training/cohorts/{cohort.id}",
        f"/staff/participants/{participant.id}",
    )  # fmt: skip
    seller = signed_in(app, make_person(session))
    auditor = signed_in(app, make_person(session, Role.AUDITOR))
    for page in pages:
        for browser, status in ((app.test_client(), 303), (seller, 403), (auditor, 200)):
            another_person()
            assert browser.get(page).status_code == status
    assert auditor.get("/staff/training/agencies/new").status_code == 403
    assert auditor.post(f"{pages[1]}/finish").status_code == 403
