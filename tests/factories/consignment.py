"""Goods left at points, for tests."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.consignment.leave import Left, leave
from shop.consignment.models import Consignment, ConsignmentCount
from shop.consignment.record import Counted, record
from shop.consignment.states import PaidBy
from shop.core import ids
from shop.sellers.models import PickupPoint

_numbers = itertools.count(1)


def make_point(session: Session, *, consigns: bool = True, **columns: Any) -> PickupPoint:
    """A place that takes goods for sale."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"Kedai Pak Long {number}",
        "kelurahan_code": "21.72.01.1001",
        "address": "Jl. Merdeka 5",
        "hours": "08.00–17.00",
        "consigns": consigns,
    }
    point = PickupPoint(**(values | columns))
    session.add(point)
    session.flush()
    return point


def consigned(
    session: Session,
    variant: Variant,
    pieces: int = 10,
    share: int = 1_000,
    point: PickupPoint | None = None,
) -> Consignment:
    """Pieces of one thing that lie at a point."""
    return leave(
        session,
        variant.seller_id,
        (point or make_point(session)).id,
        [Left(variant.id, pieces, share)],
        key=ids.new_token(),
        person_id=None,
    )


def counted_lost(session: Session, made: Consignment) -> ConsignmentCount:
    """One of its pieces was written down as lost."""
    key = ids.new_token()
    counted = [Counted(made.lines[0].id, lost=1)]
    record(session, made.id, counted, paid_by=PaidBy.POINT, key=key, person_id=None)
    mine = ConsignmentCount.key.contains(f":{key}:")
    return session.scalars(select(ConsignmentCount).where(mine)).one()
