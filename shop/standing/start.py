"""A buyer orders the same every week from now on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.ledger.insert_once import insert_once
from shop.orders.place_order import Change, ChangeKind
from shop.standing import days
from shop.standing.models import StandingLine, StandingOrder
from shop.standing.states import StandingState
from shop.standing.tell import NEW, tell_seller
from shop.standing.wanted import LONGEST_KEY, Wanted
from shop.standing.week import Week, week

FURTHEST = timedelta(days=366)
"""So far off the first day may be."""


class Impossible(Exception):
    """It cannot be ordered so, or not for the sum that was shown."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(", ".join(change.kind for change in changes))
        self.changes = changes


class InThePast(Exception):
    """The first day is over."""


class EndsTooSoon(Exception):
    """The last day is before the first order, which would be for `first`."""

    def __init__(self, first: date) -> None:
        super().__init__(first.isoformat())
        self.first = first


def start(session: Session, wanted: Wanted, *, key: str, agreed: int) -> StandingOrder:
    """Write it down; `agreed` is the sum in rupiah that the buyer was shown for one week.

    The same `key` gives what it made before. Raises `Impossible`, `InThePast`, `EndsTooSoon`, and
    `ValueError` for what no form of ours sends.
    """
    wanted.check()
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError("a key of 1 to 40 signs")
    known = _known(session, key)
    if known is not None:
        return known
    if wanted.starts_on > clock.today() + FURTHEST:
        raise ValueError("the first day is further off than a year")
    found = agreed_week(session, wanted, agreed)
    if wanted.starts_on < clock.today():
        raise InThePast
    next_on = days.on_or_after(wanted.weekday, max(wanted.starts_on, days.soonest(found.lead_days)))
    if wanted.ends_on is not None and wanted.ends_on < next_on:
        raise EndsTooSoon(next_on)
    standing_id = ids.new_id()
    made = insert_once(
        session, StandingOrder, id=standing_id, token=ids.new_token(), key=key,
        seller_id=wanted.seller_id, state=StandingState.ACTIVE.value, language=wanted.language,
        buyer_id=wanted.buyer_id, created_at=clock.now(), next_on=next_on, agreed=found.total,
        starts_on=wanted.starts_on,
        whatsapp_ok_at=clock.now() if wanted.whatsapp_ok else None, **columns(wanted),
    )  # fmt: skip
    standing = _known(session, key)
    if standing is None:
        raise LookupError("written and not there")
    if made:
        write_lines(session, standing, wanted)
        tell_seller(session, standing, NEW, event="new")
    return standing


def agreed_week(session: Session, wanted: Wanted, agreed: int) -> Week:
    """What it costs now, if that is what the buyer was shown. Raises `Impossible`."""
    found = week(session, wanted)
    if found.changes:
        raise Impossible(found.changes)
    if found.total != agreed:
        raise Impossible([Change(ChangeKind.TOTAL, before=agreed, now=found.total)])
    return found


def columns(wanted: Wanted) -> dict[str, object]:
    """What can be changed later, as columns."""
    return {
        "buyer_name": wanted.buyer_name,
        "buyer_phone": wanted.buyer_phone,
        "buyer_email": wanted.buyer_email,
        "kelurahan_code": wanted.kelurahan_code,
        "address": wanted.address,
        "landmark": wanted.landmark,
        "delivery_kind": wanted.delivery_kind.value,
        "point_id": wanted.point_id,
        "method": wanted.method.value,
        "note": wanted.note,
        "weekday": wanted.weekday,
        "ends_on": wanted.ends_on,
    }


def write_lines(session: Session, standing: StandingOrder, wanted: Wanted) -> None:
    """Let it want these things, and no others."""
    standing.lines.clear()
    session.flush()
    standing.lines = [
        StandingLine(variant_id=variant_id, quantity=pieces, position=position)
        for position, (variant_id, pieces) in enumerate(wanted.lines)
    ]
    session.flush()


def _known(session: Session, key: str) -> StandingOrder | None:
    return session.scalars(select(StandingOrder).where(StandingOrder.key == key)).first()
