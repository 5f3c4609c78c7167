"""What it costs to bring goods to a kelurahan, and when they can be there."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.money import Rupiah
from shop.core.regions import all_kelurahan
from shop.sellers.models import DeliveryZone

Zones = Mapping[str, DeliveryZone]
"""Where one seller delivers, by zone."""


def zones_of(session: Session, seller_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Zones]:
    """Where these sellers deliver."""
    found: dict[uuid.UUID, dict[str, DeliveryZone]] = defaultdict(dict)
    for zone in session.scalars(select(DeliveryZone).where(DeliveryZone.seller_id.in_(seller_ids))):
        found[zone.seller_id][zone.zone] = zone
    return found


def fee_to(zones: Zones, kelurahan_code: str | None, goods: int) -> Rupiah | None:
    """What a seller asks to bring `goods` rupiah of goods there; None: she does not go there."""
    kelurahan = all_kelurahan().get(kelurahan_code or "")
    zone = zones.get(kelurahan.zone) if kelurahan else None
    if zone is None:
        return None
    free = zone.free_over is not None and goods >= zone.free_over
    return Rupiah(0) if free else zone.fee


def due_day(lead_days: Iterable[int]) -> date:
    """The day on which everything that takes so many days to make can be handed over."""
    return clock.today() + timedelta(days=max(lead_days, default=0))
