"""What promotions took off an order, for the pages and papers that tell of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from shop.orders.models import SellerOrder
from shop.orders.models_promotion import Promotion


@dataclass(frozen=True)
class Promoted:
    """A promotion with what it took off, in rupiah, and what of that the programme bears."""

    promotion: Promotion
    discount: int
    subsidy: int

    @property
    def by_seller(self) -> int:
        """What of it sellers bear, in rupiah."""
        return self.discount - self.subsidy


def promoted(parts: Iterable[SellerOrder]) -> list[Promoted]:
    """All that promotions took off these loaded parts, each once, by name."""
    sums: dict[uuid.UUID, tuple[int, int]] = {}
    found = list(parts)
    for which, discount, subsidy in [
        *((p.delivery_promotion_id, p.delivery_discount, p.delivery_subsidy) for p in found),
        *((one.promotion_id, one.discount, one.subsidy) for p in found for one in p.lines),
    ]:
        if which is not None:
            before = sums.get(which, (0, 0))
            sums[which] = (before[0] + discount, before[1] + subsidy)
    session = object_session(found[0]) if sums else None
    return [Promoted(one, *sums[one.id]) for one in _named(session, sums)] if session else []


def _named(session: Session, ids: Iterable[uuid.UUID]) -> Iterable[Promotion]:
    return session.scalars(
        select(Promotion).where(Promotion.id.in_(list(ids))).order_by(Promotion.name, Promotion.id)
    )
