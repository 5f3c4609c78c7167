"""What one week costs now, and how long before the seller must know."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from shop.catalog.models import Variant
from shop.core.money import Rupiah
from shop.orders.place_order import Change, ChangeKind
from shop.orders.quote import quote
from shop.standing.wanted import Wanted

_OF_TODAY = (ChangeKind.SOLD_OUT, ChangeKind.FEWER)


@dataclass(frozen=True)
class Week:
    """Sums in rupiah; `changes` tell why it cannot be ordered as it is wanted."""

    goods: int
    delivery: int
    lead_days: int
    prices: Mapping[uuid.UUID, Rupiah]
    changes: tuple[Change, ...]

    @property
    def total(self) -> int:
        """What the buyer pays, before the three digits that name a transfer."""
        return self.goods + self.delivery


def week(session: Session, wanted: Wanted) -> Week:
    """Look at everything anew. That a thing is sold out today says nothing of another week."""
    variants = {
        variant.id: variant
        for variant in session.scalars(
            select(Variant)
            .where(Variant.id.in_([variant_id for variant_id, _ in wanted.lines]))
            .options(joinedload(Variant.product))
            .execution_options(populate_existing=True)
        )
    }
    prices = {variant.id: variant.price for variant in variants.values()}
    quoted = quote(session, wanted.order(key="week", due_on=None, prices=prices))
    changes = [change for change in quoted.changes if change.kind not in _OF_TODAY]
    for variant_id, pieces in wanted.lines:
        variant = variants.get(variant_id)
        if variant is not None and pieces > (most := variant.product.most_per_order):
            product = variant.product
            changes.append(
                Change(
                    ChangeKind.FEWER,
                    wanted.seller_id,
                    variant_id,
                    product.name,
                    product.name_en,
                    before=pieces,
                    now=most,
                )
            )
    own = [v.product.lead_days for v in variants.values() if v.seller_id == wanted.seller_id]
    return Week(quoted.goods, quoted.delivery, max(own, default=0), prices, tuple(changes))
