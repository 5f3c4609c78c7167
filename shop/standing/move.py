"""Holding a standing order and moving it through its life."""

from __future__ import annotations

import uuid
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.core.lifecycle import move
from shop.standing.models import StandingEvent, StandingOrder
from shop.standing.states import STANDING, StandingState


def held(session: Session, standing_id: uuid.UUID) -> StandingOrder:
    """The standing order as it is now; nobody else changes it until this transaction ends.

    Raises `NoResultFound`. SQLite needs no lock: it has one writer at a time.
    """
    return session.scalars(
        select(StandingOrder)
        .where(StandingOrder.id == standing_id)
        .with_for_update(of=StandingOrder)
        .execution_options(populate_existing=True)
    ).one()


def move_standing(
    session: Session,
    standing_id: uuid.UUID,
    target: StandingState,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str | None = None,
) -> None:
    """Bring it to `target`. Raises `IllegalMove`."""
    standing = session.get_one(StandingOrder, standing_id)
    session.flush()
    move(
        session, STANDING, cast("Table", StandingOrder.__table__),
        cast("Table", StandingEvent.__table__), standing_id, target,
        actor=actor, person_id=person_id, reason=reason,
    )  # fmt: skip
    session.expire(standing, ["state"])
