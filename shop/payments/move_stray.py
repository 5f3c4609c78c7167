"""Moving stray money through its life."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.core.lifecycle import move
from shop.payments.models_stray import Stray, StrayEvent
from shop.payments.states_stray import STRAY, StrayState


def move_stray(
    session: Session,
    stray_id: uuid.UUID,
    target: StrayState,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    **extra: Any,
) -> None:
    """Bring stray money to `target`. Raises `IllegalMove`."""
    move(
        session, STRAY, cast("Table", Stray.__table__), cast("Table", StrayEvent.__table__),
        stray_id, target, actor=actor, person_id=person_id, extra=extra,
    )  # fmt: skip


def fresh_stray(session: Session, stray_id: uuid.UUID) -> Stray:
    """The money as it is now, held against others until this transaction ends.

    Raises `NoResultFound`.
    """
    return session.get_one(Stray, stray_id, populate_existing=True, with_for_update=True)


def came_before(session: Session, payment_id: uuid.UUID) -> Stray | None:
    """The money that this payment asks the rest of, held until this transaction ends."""
    return session.scalars(
        select(Stray)
        .where(Stray.rest_id == payment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def rest_ended(
    session: Session, payment_id: uuid.UUID, *, actor: str, person_id: uuid.UUID | None
) -> None:
    """Nobody will pay the rest any more: the money that came before waits for a person again."""
    before = came_before(session, payment_id)
    if before is not None and before.state == StrayState.ASKED:
        move_stray(session, before.id, StrayState.OPEN, actor=actor, person_id=person_id)
