"""Pick-up points for tests."""

from __future__ import annotations

import itertools

from sqlalchemy.orm import Session

from shop.sellers.models import PickupPoint, Seller

_numbers = itertools.count(1)


def make_point(
    session: Session, *sellers: Seller, name: str = "Pasar Bintan Center", consigns: bool = False
) -> PickupPoint:
    """A point in Sei Jang, open in the morning, to which these sellers bring goods."""
    point = PickupPoint(
        name=f"{name} {next(_numbers)}",
        kelurahan_code="21.72.04.1004",
        address="Km 9, sebelah pos keamanan",
        hours="Setiap hari 07.00 sampai 11.00",
        hours_en="Every day 7 to 11 am",
        consigns=consigns,
    )
    session.add(point)
    session.flush()
    for seller in sellers:
        seller.points.append(point)
    session.flush()
    return point
