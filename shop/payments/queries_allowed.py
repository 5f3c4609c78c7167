"""Who answers for what may need an agreement of the programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Person
from shop.core.models import ShopSettings
from shop.payments.allow import Risk, on


@dataclass(frozen=True)
class Allowed:
    """When it was switched on last, and by whom (None: a person who is not known any more)."""

    at: datetime
    by: str | None


def allowed(session: Session, settings: ShopSettings, risk: Risk) -> Allowed | None:
    """Since when this is on; None where it is off, or was on before that was written down."""
    if not getattr(settings, risk.value):
        return None
    row = session.execute(
        select(AuditLine.at, Person.name)
        .outerjoin(Person, Person.id == AuditLine.person_id)
        .where(AuditLine.thing_kind == "shop_settings", AuditLine.action == on(risk))
        .order_by(AuditLine.at.desc(), AuditLine.id.desc())
        .limit(1)
    ).first()
    return Allowed(row.at, row.name) if row else None
