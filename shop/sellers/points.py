"""Pick-up points: places with hours where goods of several sellers are fetched."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.sellers.models import PickupPoint, SellerPoint

_IN_ORDER = (PickupPoint.position, PickupPoint.name)


def open_points(session: Session) -> Sequence[PickupPoint]:
    """Those that are open, in the order staff gave them."""
    return session.scalars(
        select(PickupPoint).where(PickupPoint.closed_at.is_(None)).order_by(*_IN_ORDER)
    ).all()


def points_of(
    session: Session, seller_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[PickupPoint]]:
    """The open points to which each of these sellers brings goods; a seller without is left out."""
    rows = session.execute(
        select(SellerPoint.seller_id, PickupPoint)
        .join(PickupPoint, SellerPoint.point_id == PickupPoint.id)
        .where(SellerPoint.seller_id.in_(seller_ids), PickupPoint.closed_at.is_(None))
        .order_by(*_IN_ORDER)
    )
    found: dict[uuid.UUID, list[PickupPoint]] = defaultdict(list)
    for seller_id, point in rows:
        found[seller_id].append(point)
    return found
