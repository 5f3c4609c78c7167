"""The audit trail: acts that others must be able to look up later."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine


def write(
    session: Session,
    person_id: uuid.UUID | None,
    action: str,
    thing_kind: str,
    thing_id: uuid.UUID | str | None,
    **detail: Any,
) -> None:
    """Write down that `person_id` (None: the program) did `action` (`seller.approve`) to a thing.

    `detail` holds plain JSON values; no passwords, no bank numbers, no photographs.
    """
    session.add(
        AuditLine(
            person_id=person_id,
            action=action,
            thing_kind=thing_kind,
            thing_id=None if thing_id is None else str(thing_id),
            detail=detail,
        )
    )
