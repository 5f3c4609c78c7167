"""What is written down of who made what."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from shop.sharing.models import LineMaker


def made_before(
    session: Session, line_ids: Collection[uuid.UUID]
) -> Sequence[Row[uuid.UUID, uuid.UUID, int]]:
    """Line, member and pieces, as they stand for these lines."""
    return session.execute(
        select(LineMaker.line_id, LineMaker.member_id, LineMaker.pieces).where(
            LineMaker.line_id.in_(line_ids)
        )
    ).all()
