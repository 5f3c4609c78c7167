"""The buyer leaves out one week, or takes it in again."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.lifecycle import IllegalMove
from shop.ledger.insert_once import insert_once
from shop.standing import days
from shop.standing.models import StandingOrder, StandingRun
from shop.standing.move import held
from shop.standing.states import STANDING, RunOutcome, StandingState
from shop.standing.wanted import wanted_of
from shop.standing.week import week

SHOWN = 4
"""So many of the next days are shown, and can be left out."""


def coming(session: Session, standing: StandingOrder, number: int = SHOWN) -> list[date]:
    """The next days for which an order will be made."""
    if standing.state == StandingState.ENDED:
        return []
    taken = set(
        session.scalars(
            select(StandingRun.due_on).where(
                StandingRun.standing_id == standing.id, StandingRun.due_on >= standing.next_on
            )
        )
    )
    found: list[date] = []
    day = standing.next_on
    while len(found) < number and (standing.ends_on is None or day <= standing.ends_on):
        if day not in taken:
            found.append(day)
        day += days.WEEK
    return found


def skip(session: Session, standing_id: uuid.UUID, day: date) -> None:
    """Make no order for this one of its coming days. Raises `IllegalMove` for any other day."""
    standing = held(session, standing_id)
    if standing.state != StandingState.ACTIVE or day not in coming(session, standing):
        raise IllegalMove(STANDING.name, "skipped")
    insert_once(
        session, StandingRun, id=ids.new_id(), standing_id=standing_id, due_on=day,
        outcome=RunOutcome.SKIPPED.value, at=clock.now(), reason="",
    )  # fmt: skip
    later = coming(session, standing, 1)
    standing.next_on = later[0] if later else day + days.WEEK
    session.flush()


def left_out(session: Session, standing: StandingOrder) -> list[date]:
    """The skipped days for which an order can still be made in good time."""
    if standing.state != StandingState.ACTIVE:
        return []
    found = session.scalars(
        select(StandingRun.due_on)
        .where(
            StandingRun.standing_id == standing.id,
            StandingRun.outcome == RunOutcome.SKIPPED.value,
            StandingRun.due_on > clock.today(),
        )
        .order_by(StandingRun.due_on)
    ).all()
    if not found:
        return []
    soonest = days.soonest(week(session, wanted_of(standing)).lead_days)
    last = standing.ends_on or date.max
    return [d for d in found if d.weekday() == standing.weekday and soonest <= d <= last]


def take_in(session: Session, standing_id: uuid.UUID, day: date) -> None:
    """Make an order for this skipped day after all. Raises `IllegalMove` for any other day."""
    standing = held(session, standing_id)
    if day not in left_out(session, standing):
        raise IllegalMove(STANDING.name, "taken in")
    session.execute(
        delete(StandingRun).where(
            StandingRun.standing_id == standing_id,
            StandingRun.due_on == day,
            StandingRun.outcome == RunOutcome.SKIPPED.value,
        )
    )
    standing.next_on = min(standing.next_on, day)
    session.flush()
    session.expire(standing, ["runs"])
