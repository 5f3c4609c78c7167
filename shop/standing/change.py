"""The buyer changes a standing order: things, pieces, day, way, or how it is paid."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.core.money import Rupiah
from shop.standing import days
from shop.standing.models import StandingOrder, StandingRun
from shop.standing.move import held
from shop.standing.start import EndsTooSoon, agreed_week, columns, write_lines
from shop.standing.states import STANDING, RunOutcome, StandingState
from shop.standing.tell import CHANGED, tell_seller
from shop.standing.wanted import Wanted


def change(session: Session, standing_id: uuid.UUID, wanted: Wanted, *, agreed: int) -> None:
    """Let it be so from the next order on; what was ordered already stays as it is.

    `agreed` is the sum in rupiah that the buyer was shown for one week. Raises `IllegalMove` where
    it has ended, `Impossible`, `EndsTooSoon`, and `ValueError` for what no form of ours sends.
    """
    wanted.check()
    standing = held(session, standing_id)
    if standing.state == StandingState.ENDED or wanted.seller_id != standing.seller_id:
        raise IllegalMove(STANDING.name, "changed")
    found = agreed_week(session, wanted, agreed)
    next_on = next_day(session, standing, wanted.weekday, found.lead_days)
    if wanted.ends_on is not None and wanted.ends_on < next_on:
        raise EndsTooSoon(next_on)
    for name, value in columns(wanted).items():
        setattr(standing, name, value)
    if wanted.whatsapp_ok != (standing.whatsapp_ok_at is not None):
        standing.whatsapp_ok_at = clock.now() if wanted.whatsapp_ok else None
    standing.agreed, standing.next_on = Rupiah(found.total), next_on
    write_lines(session, standing, wanted)
    tell_seller(session, standing, CHANGED, event=f"changed:{uuid.uuid4().hex}")


def next_day(session: Session, standing: StandingOrder, weekday: int, lead_days: int) -> date:
    """The next such day that can be ordered for in good time.

    Never in a week, from Monday on, for which there is an order or which was skipped.
    """
    first = max(standing.starts_on, days.soonest(lead_days))
    last = session.scalar(
        select(func.max(StandingRun.due_on)).where(
            StandingRun.standing_id == standing.id, StandingRun.outcome != RunOutcome.FAILED.value
        )
    )
    if last is not None:
        first = max(first, days.week_after(last))
    return _free(session, standing, days.on_or_after(weekday, first))


def _free(session: Session, standing: StandingOrder, day: date) -> date:
    """This day, or the same one of a later week where something is written down for it."""
    taken = set(
        session.scalars(
            select(StandingRun.due_on).where(
                StandingRun.standing_id == standing.id, StandingRun.due_on >= day
            )
        )
    )
    while day in taken:
        day += days.WEEK
    return day
