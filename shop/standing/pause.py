"""Pausing a standing order, going on with it, and ending it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import ids
from shop.standing.change import next_day
from shop.standing.move import held, move_standing
from shop.standing.states import StandingState
from shop.standing.tell import ENDED, PAUSED, RESUMED, tell_buyer, tell_seller
from shop.standing.wanted import wanted_of
from shop.standing.week import week


def pause(
    session: Session,
    standing_id: uuid.UUID,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str = "",
) -> None:
    """No order is made of it until the buyer goes on. Raises `IllegalMove`."""
    _stop(session, standing_id, StandingState.PAUSED, actor, person_id, reason)


def end(
    session: Session,
    standing_id: uuid.UUID,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str = "",
) -> None:
    """No order is made of it any more; what was ordered already stays. Raises `IllegalMove`."""
    _stop(session, standing_id, StandingState.ENDED, actor, person_id, reason)


def resume(
    session: Session, standing_id: uuid.UUID, *, actor: str, person_id: uuid.UUID | None
) -> None:
    """Go on, from the next day that can be ordered for in good time. Raises `IllegalMove`."""
    standing = held(session, standing_id)
    move_standing(session, standing_id, StandingState.ACTIVE, actor=actor, person_id=person_id)
    lead_days = week(session, wanted_of(standing)).lead_days
    standing.next_on = next_day(session, standing, standing.weekday, lead_days)
    session.flush()
    tell_seller(session, standing, RESUMED, event=f"resumed:{ids.new_id().hex}")


def _stop(
    session: Session,
    standing_id: uuid.UUID,
    target: StandingState,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str,
) -> None:
    standing = held(session, standing_id)
    move_standing(
        session, standing_id, target, actor=actor, person_id=person_id, reason=reason or None
    )
    kind = PAUSED if target is StandingState.PAUSED else ENDED
    event = f"{target.value}:{ids.new_id().hex}"
    if actor != "seller":
        tell_seller(session, standing, kind, event=event, reason=reason)
    if actor != "buyer":
        tell_buyer(session, standing, kind, event=event, reason=reason)
    if actor == "staff":
        audit.write(
            session, person_id, f"standing.{target.value}", "standing_order", standing_id,
            reason=reason,
        )  # fmt: skip
