"""Staff keep the list of pick-up points: add, change, close, open again, put in order."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TypedDict, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.core.regions import all_kelurahan
from shop.sellers.models import PickupPoint
from shop.sellers.onboard import UnknownKelurahan


class PointFacts(TypedDict):
    """What is said of a point. `hours` has an English twin; `phone` is E.164 or empty."""

    name: str
    kelurahan_code: str
    address: str
    hours: str
    hours_en: str
    phone: str
    consigns: bool


class NameTaken(Exception):
    """Another point has this name."""


def add(session: Session, person_id: uuid.UUID | None, **facts: Unpack[PointFacts]) -> PickupPoint:
    """A new point, last in the list. Raises `NameTaken`, `UnknownKelurahan`."""
    _check(session, facts, None)
    last = session.scalar(select(func.max(PickupPoint.position)))
    point = PickupPoint(id=ids.new_id(), position=0 if last is None else last + 1, **facts)
    session.add(point)
    session.flush()
    audit.write(session, person_id, "point.add", "pickup_point", point.id, name=point.name)
    return point


def edit(
    session: Session, point_id: uuid.UUID, person_id: uuid.UUID, **facts: Unpack[PointFacts]
) -> None:
    """Change what is said of it. Raises `NameTaken`, `UnknownKelurahan`."""
    _check(session, facts, point_id)
    point = session.get_one(PickupPoint, point_id)
    changed = [name for name, value in facts.items() if getattr(point, name) != value]
    for name in changed:
        setattr(point, name, facts[name])  # type: ignore[literal-required]
    session.flush()
    if changed:
        audit.write(session, person_id, "point.edit", "pickup_point", point_id, fields=changed)


def close(session: Session, point_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Take no more orders for it; those that are in stay. A second time changes nothing."""
    point = session.get_one(PickupPoint, point_id, with_for_update=True)
    if point.closed_at is None:
        point.closed_at = clock.now()
        audit.write(session, person_id, "point.close", "pickup_point", point_id, name=point.name)


def reopen(session: Session, point_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Take orders for it again, from the sellers who brought there."""
    point = session.get_one(PickupPoint, point_id, with_for_update=True)
    if point.closed_at is not None:
        point.closed_at = None
        audit.write(session, person_id, "point.open", "pickup_point", point_id, name=point.name)


def raise_up(session: Session, point_id: uuid.UUID) -> None:
    """Put it one place higher in the list; the first stays first."""
    points = list(all_points(session))
    place = next(place for place, point in enumerate(points) if point.id == point_id)
    if place:
        points[place - 1], points[place] = points[place], points[place - 1]
    for position, point in enumerate(points):
        point.position = position
    session.flush()


def all_points(session: Session) -> Sequence[PickupPoint]:
    """The closed ones, too, in the order of the list."""
    return session.scalars(
        select(PickupPoint).order_by(PickupPoint.position, PickupPoint.name)
    ).all()


def _check(session: Session, facts: PointFacts, own_id: uuid.UUID | None) -> None:
    if facts["kelurahan_code"] not in all_kelurahan():
        raise UnknownKelurahan(facts["kelurahan_code"])
    same = session.scalar(select(PickupPoint.id).where(PickupPoint.name == facts["name"]))
    if same not in (None, own_id):
        raise NameTaken
