"""The programme's side of the demo: settings, a sample QRIS picture, courses and cohorts."""

from __future__ import annotations

import uuid
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy.orm import Session

from shop.core.images import normalise
from shop.core.money import Rupiah
from shop.core.pictures import keep_picture
from shop.core.settings import default_settings
from shop.core.storage import Storage
from shop.demo.plan import Plan
from shop.demo.training import Cohort
from shop.ledger import fees
from shop.training import certify, enrol, teach
from shop.training.models import AgencyKind, BaselineKind, Participant

FEE_BASIS_POINTS = 300
_SAMPLE_CODE = "CONTOH, bukan kode bayar: PROGRAM PELANTAR, TANJUNGPINANG"
"""Not a QRIS on purpose: a paying app refuses it, so nobody can send money by mistake."""


def open_programme(session: Session, storage: Storage, admin: uuid.UUID) -> None:
    """The shop's settings, its fee, and a QRIS picture that says it is a sample."""
    picture = keep_picture(session, storage, normalise(_sample_picture()))
    settings = default_settings()
    settings.qris_sha256 = picture.sha256
    session.merge(settings)
    fees.set_rule(session, FEE_BASIS_POINTS, admin)


def _sample_picture() -> bytes:
    """A QR code with CONTOH across it."""
    code = BytesIO()
    segno.make(_SAMPLE_CODE, error="h").save(code, kind="png", scale=12, border=4)
    image = Image.open(code).convert("RGB")
    draw = ImageDraw.Draw(image)
    middle = (image.width // 2, image.height // 2)
    font = ImageFont.load_default(size=image.width // 8)
    box = draw.textbbox(middle, "CONTOH", font=font, anchor="mm")
    draw.rectangle((box[0] - 16, box[1] - 12, box[2] + 16, box[3] + 12), fill="white")
    draw.text(middle, "CONTOH", font=font, anchor="mm", fill="#97533c")
    png = BytesIO()
    image.save(png, "PNG")
    return png.getvalue()


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
