"""Moving a complaint through its life."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from shop.complaints.models import Complaint, ComplaintEvent
from shop.complaints.states import COMPLAINT, ComplaintState
from shop.core.lifecycle import move


def move_complaint(
    session: Session,
    complaint_id: uuid.UUID,
    target: ComplaintState,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str | None = None,
    **extra: Any,
) -> Complaint:
    """Bring a complaint to `target`; returns it as it is then. Raises `IllegalMove`."""
    move(
        session, COMPLAINT, cast("Table", Complaint.__table__),
        cast("Table", ComplaintEvent.__table__), complaint_id, target,
        actor=actor, person_id=person_id, reason=reason, extra=extra,
    )  # fmt: skip
    return session.get_one(Complaint, complaint_id, populate_existing=True)
