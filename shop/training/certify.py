"""Issuing certificates."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.training.models import Certificate, CertificateSeries, Enrolment
from shop.training.states import EnrolmentState


class NotFinished(ValueError):
    """A certificate is only for somebody who finished the course."""


def issue(
    session: Session,
    enrolment_id: uuid.UUID,
    *,
    person_id: uuid.UUID | None,
    issued_on: date | None = None,
) -> Certificate:
    """The certificate of an enrolment: issued now, or the one that stands already.

    Raises `NotFinished`.
    """
    # The lock makes two who press at once take turns; the second finds the first one's certificate.
    state = session.scalars(
        select(Enrolment.state).where(Enrolment.id == enrolment_id).with_for_update()
    ).one()
    standing = session.scalar(select(Certificate).where(Certificate.enrolment_id == enrolment_id))
    if standing is not None:
        return standing
    if state != EnrolmentState.FINISHED:
        raise NotFinished(str(enrolment_id))
    day = issued_on or clock.today()
    certificate = Certificate(
        enrolment_id=enrolment_id,
        number=_next_number(session, day.year),
        issued_on=day,
        issued_by=person_id,
    )
    session.add(certificate)
    session.flush()
    audit.write(
        session, person_id, "certificate.issue", "certificate", certificate.id,
        number=certificate.number,
    )  # fmt: skip
    return certificate


def _next_number(session: Session, year: int) -> str:
    """`PLT-2026-00042-4F2K7MQ9`: counted within the year, then random signs with a check sign.

    The random part keeps strangers from listing all graduates by counting up.
    """
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgresql else sqlite.insert
    counted = session.scalars(
        insert(CertificateSeries)
        .values(year=year, last=1)
        .on_conflict_do_update(
            index_elements=[CertificateSeries.year], set_={"last": CertificateSeries.last + 1}
        )
        .returning(CertificateSeries.last)
    ).one()
    return f"PLT-{year}-{counted:05d}-{ids.new_number()}"
