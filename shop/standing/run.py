"""Making the orders of standing orders: by the clock, early enough, and never twice for a day."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.lifecycle import IllegalMove
from shop.core.money import Rupiah
from shop.orders import checkout
from shop.orders.delivery import due_day
from shop.orders.models import Order
from shop.orders.place_order import Change, ChangeKind
from shop.payments.start import NoFreeCode
from shop.standing import days
from shop.standing.models import StandingOrder, StandingRun
from shop.standing.move import held, move_standing
from shop.standing.start import Impossible
from shop.standing.states import STANDING, RunOutcome, StandingState
from shop.standing.tell import FAILED, PLACED, tell_buyer, tell_seller
from shop.standing.wanted import wanted_of
from shop.standing.week import Week, week

LONGEST_LEAD = 120
"""The most days a thing takes to make (`catalog.models.Product`)."""
MISSED, LATE, PRICE = "missed", "late", "price"
log = structlog.get_logger()


@dataclass(frozen=True)
class Failed:
    """Why there is no order: a word, and what it is about, joined by `:` (`standing.words`)."""

    reason: str


def run_due(session: Session) -> int:
    """Make every order whose time has come; returns how many were made.

    One standing order that cannot be worked out keeps no other from its turn.
    """
    latest = clock.today() + timedelta(days=LONGEST_LEAD + days.AHEAD_DAYS)
    due = session.scalars(
        select(StandingOrder.id)
        .where(StandingOrder.state == StandingState.ACTIVE.value, StandingOrder.next_on <= latest)
        .order_by(StandingOrder.next_on, StandingOrder.id)
    ).all()
    made = 0
    for standing_id in due:
        try:
            with session.begin_nested():
                made += run(session, standing_id)
        except Exception as fault:  # noqa: BLE001 - the others must run all the same
            log.error("standing order", standing=str(standing_id), error=type(fault).__name__)
    return made


def run(session: Session, standing_id: uuid.UUID) -> int:
    """Make the orders of one standing order that are due; returns how many were made.

    Days that went by without an order are written down as missed, not made up.
    """
    standing = held(session, standing_id)
    made = 0
    while standing.state == StandingState.ACTIVE:
        day = standing.next_on
        if standing.ends_on is not None and day > standing.ends_on:
            move_standing(session, standing_id, StandingState.ENDED, actor="clock", person_id=None)
            break
        lead_days = week(session, wanted_of(standing)).lead_days
        if days.order_by(day, lead_days) > clock.today():
            break
        if not _written(session, standing, day):
            outcome = _order(session, standing, day)
            if outcome is None:
                break  # every code of this sum is in use: at the next turn, perhaps
            _write(session, standing, day, outcome)
            made += isinstance(outcome, Order)
        standing.next_on = day + days.WEEK
        session.flush()
    return made


def agree(session: Session, standing_id: uuid.UUID, total: int) -> Order | None:
    """The buyer agrees to `total` rupiah a week; the day that failed for its price is tried again.

    Returns the order that came of it. Raises `IllegalMove` where it has ended, and `Impossible`
    where the week costs another sum by now or cannot be ordered.
    """
    standing = held(session, standing_id)
    if standing.state == StandingState.ENDED:
        raise IllegalMove(STANDING.name, "agreed")
    found = week(session, wanted_of(standing))
    if found.changes:
        raise Impossible(found.changes)
    if found.total != total:
        raise Impossible([Change(ChangeKind.TOTAL, before=total, now=found.total)])
    standing.agreed = Rupiah(total)
    session.flush()
    failed = session.scalars(
        select(StandingRun)
        .where(
            StandingRun.standing_id == standing_id,
            StandingRun.outcome == RunOutcome.FAILED.value,
            StandingRun.reason.startswith(f"{PRICE}:"),
            StandingRun.due_on > clock.today(),
        )
        .order_by(StandingRun.due_on.desc())
    ).first()
    if failed is None or standing.state != StandingState.ACTIVE:
        return None
    outcome = _order(session, standing, failed.due_on)
    if not isinstance(outcome, Order):
        return None
    failed.outcome, failed.order_id, failed.reason = RunOutcome.PLACED.value, outcome.id, ""
    session.flush()
    return outcome


def _written(session: Session, standing: StandingOrder, day: date) -> bool:
    known = select(StandingRun.id).where(
        StandingRun.standing_id == standing.id, StandingRun.due_on == day
    )
    return session.scalar(known) is not None


def _order(session: Session, standing: StandingOrder, day: date) -> Order | Failed | None:
    """The order for this day, why there is none, or None where it may be tried again."""
    wanted = wanted_of(standing)
    found = week(session, wanted)
    hindrance = _hindrance(standing, day, found)
    if hindrance:
        return Failed(hindrance)
    key = f"standing:{standing.id.hex}:{day}"
    try:
        with session.begin_nested():
            return checkout.place(session, wanted.order(key=key, due_on=day, prices=found.prices))
    except checkout.Changed as changed:
        return Failed(_reason(changed.changes[0]))
    except checkout.KeyReused as known:
        return known.order
    except NoFreeCode:
        return None


def _hindrance(standing: StandingOrder, day: date, found: Week) -> str:
    """Why no order is made for this day; empty where nothing is in the way."""
    if day < clock.today():
        return MISSED
    if due_day([found.lead_days]) > day:
        return LATE
    if found.changes:
        return _reason(found.changes[0])
    if found.total > standing.agreed:
        return f"{PRICE}:{standing.agreed}:{found.total}"
    return ""


def _reason(change: Change) -> str:
    return f"{change.kind.value}:{change.now}:{change.name}"


def _write(session: Session, standing: StandingOrder, day: date, outcome: Order | Failed) -> None:
    failed = isinstance(outcome, Failed)
    session.add(
        StandingRun(
            id=ids.new_id(),
            standing_id=standing.id,
            due_on=day,
            outcome=(RunOutcome.FAILED if failed else RunOutcome.PLACED).value,
            order_id=None if isinstance(outcome, Failed) else outcome.id,
            reason=outcome.reason if isinstance(outcome, Failed) else "",
        )
    )
    session.flush()
    event = f"{day}"
    if isinstance(outcome, Failed):
        tell_seller(session, standing, FAILED, event=event, day=event)
        tell_buyer(session, standing, FAILED, event=event, day=event)
    else:
        link = f"/o/{outcome.token}"
        tell_buyer(session, standing, PLACED, event=event, link=link, day=event)
