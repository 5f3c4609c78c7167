"""Which ways to pay are switched off now, for whom, and who did it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, Uuid, bindparam, select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.payments.models_stray import WayOff
from shop.payments.states import Method

Closed = Mapping[Method, Sequence[uuid.UUID | None]]
"""The ways that are off, and for which sellers; None: for the whole programme."""

_OFF = cast("Table", WayOff.__table__).c
# Built once: every checkout asks.
_CLOSED = select(_OFF.method, _OFF.seller_id).where(
    _OFF.until.is_(None),
    _OFF.seller_id.is_(None) | _OFF.seller_id.in_(bindparam("ids", expanding=True, type_=Uuid())),
)


@dataclass(frozen=True)
class Switch:
    """A way to pay, and since when and by whom it is off, if it is."""

    method: Method
    since: datetime | None = None
    off_by: str | None = None


def closed(session: Session, seller_ids: Collection[uuid.UUID]) -> Closed:
    """What is off for an order from these sellers, in one statement."""
    found: dict[Method, list[uuid.UUID | None]] = {}
    for method, seller_id in session.execute(_CLOSED, {"ids": list(seller_ids)}):
        found.setdefault(Method(method), []).append(seller_id)
    return found


def switches(
    session: Session, ways: Collection[Method], seller_id: uuid.UUID | None
) -> list[Switch]:
    """How each of these ways stands for this seller alone, or (None) for the programme."""
    whose = WayOff.seller_id.is_(None) if seller_id is None else WayOff.seller_id == seller_id
    rows = session.execute(
        select(WayOff.method, WayOff.since, Person.name)
        .outerjoin(Person, Person.id == WayOff.off_by)
        .where(whose, WayOff.until.is_(None))
    )
    off = {row.method: (row.since, row.name) for row in rows}
    return [Switch(method, *off.get(method, (None, None))) for method in ways]
