"""The programme's side of the demo: settings, a sample QRIS picture, courses and cohorts."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.core.images import normalise
from shop.core.money import Rupiah
from shop.core.pictures import keep_picture
from shop.core.settings import default_settings
from shop.core.storage import Storage
from shop.demo.plan import Plan
from shop.demo.training import Cohort
from shop.ledger import fees
from shop.payments.qris import picture_png, read
from shop.training import certify, enrol, teach
from shop.training.models import AgencyKind, BaselineKind, Participant

FEE_BASIS_POINTS = 300
_SAMPLE_CODE = (
    "00020101021126680016ID.CO.CONTOH.WWW011893600000000000001202150000000000000120303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10000000000010303UMI5204549953033605802ID"
    "5916PROGRAM PELANTAR6013TANJUNGPINANG61052911462070703A01630491E0"
)
"""Its acquirer's number is nobody's: no paying app routes it, so no money goes by mistake."""


def open_programme(session: Session, storage: Storage, admin: uuid.UUID) -> None:
    """The shop's settings, its fee, and a QRIS picture that says it is a sample."""
    picture = keep_picture(session, storage, normalise(picture_png(_SAMPLE_CODE, 640)))
    settings = default_settings()
    settings.qris_sha256 = picture.sha256
    settings.qris_holder = read(_SAMPLE_CODE).name
    settings.qris_text = _SAMPLE_CODE
    session.merge(settings)
    fees.set_rule(session, FEE_BASIS_POINTS, admin)


class School:
    """Agencies, courses and cohorts, and who among the participants is who."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self.session = session
        self.plan = plan
        self.participants: dict[str, uuid.UUID] = {}
        self._courses: dict[str, uuid.UUID] = {}
        self._manager: uuid.UUID

    def open(self, manager: uuid.UUID) -> None:
        """Who teaches, and what."""
        self._manager = manager
        agencies = {
            a.key: teach.add_agency(self.session, name=a.name, kind=AgencyKind(a.kind)).id
            for a in self.plan.agencies
        }
        for course in self.plan.courses:
            row = teach.add_course(
                self.session,
                slug=course.key,
                title=course.title,
                title_en=course.title_en,
                skill=course.title.split(" dan ")[0],
                hours=course.hours,
                agency_id=agencies[course.agency],
            )
            self._courses[course.key] = row.id

    def teach(self, cohort: Cohort) -> None:
        """A cohort with everybody in it: who finished gets the certificate, who left says why."""
        row = teach.add_cohort(
            self.session,
            course_id=self._courses[cohort.course],
            name=f"Angkatan {cohort.batch}",
            starts_on=cohort.sessions[0],
            ends_on=cohort.sessions[-1],
            place="Balai warga",
        )
        for one in cohort.participants:
            participant = enrol.add_participant(
                self.session,
                name=one.name,
                kelurahan_code=one.kelurahan,
                phone=one.phone,
                household_size=one.household_size,
                baseline_income=(
                    None if one.baseline_income is None else Rupiah(one.baseline_income)
                ),
                baseline_kind=BaselineKind(one.baseline_kind) if one.baseline_kind else None,
            )
            self.participants[one.name] = participant.id
            enrolment = enrol.enrol(self.session, row.id, participant.id, self._manager)
            self.session.flush()  # the moves below need the enrolment to stand
            if one.finished_on:
                enrol.finish(
                    self.session, enrolment.id, finished_on=one.finished_on, person_id=self._manager
                )
                certify.issue(
                    self.session, enrolment.id, person_id=self._manager, issued_on=one.finished_on
                )
            else:
                enrol.drop(
                    self.session,
                    enrolment.id,
                    person_id=self._manager,
                    reason=one.left_because or "",
                )

    def link(self, name: str, person_id: uuid.UUID) -> None:
        """Tie somebody's account to what they learnt."""
        if participant_id := self.participants.get(name):
            self.session.get_one(Participant, participant_id).person_id = person_id
