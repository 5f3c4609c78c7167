"""What it costs to bring goods to a kelurahan, and when they can be there."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Table, Uuid, bindparam, select
from sqlalchemy.orm import Session

from shop.catalog.order_day import order_day
from shop.core import clock
from shop.core.money import Rupiah
from shop.core.regions import all_kelurahan, all_zones
from shop.sellers.models import DeliveryZone


class ZoneFee(NamedTuple):
    """What a seller asks in one zone, as `DeliveryZone` says it; money in rupiah."""

    fee: Rupiah
    carries_g: int
    per_kg: Rupiah
    free_over: Rupiah | None


Zones = Mapping[str, ZoneFee]
"""Where one seller delivers, by zone."""

_ZONES = cast("Table", DeliveryZone.__table__).c
_ZONES_OF = select(
    _ZONES.seller_id, _ZONES.zone, _ZONES.fee, _ZONES.carries_g, _ZONES.per_kg, _ZONES.free_over
).where(_ZONES.seller_id.in_(bindparam("sellers", expanding=True, type_=Uuid())))


def zones_of(session: Session, seller_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Zones]:
    """Where these sellers deliver."""
    found: dict[uuid.UUID, dict[str, ZoneFee]] = defaultdict(dict)
    session.flush()  # a statement over bare tables sees only what is written
    for seller_id, zone, *fee in session.execute(_ZONES_OF, {"sellers": list(seller_ids)}):
        found[seller_id][zone] = ZoneFee(*fee)
    return found


def fee_to(
    zones: Zones, kelurahan_code: str | None, goods: int, weight_g: int = 0
) -> Rupiah | None:
    """What a seller asks to bring `goods` rupiah of goods there; None: she has no fee for it.

    The zone's fee carries so many grams; every further kilogram begun costs extra. What a product
    weighs is not always known: such pieces count as 0 grams, so a fee may be too low, never too
    high.
    """
    kelurahan = all_kelurahan().get(kelurahan_code or "")
    zone = zones.get(kelurahan.zone) if kelurahan else None
    if zone is None:
        return None
    if zone.free_over is not None and goods >= zone.free_over:
        return Rupiah(0)
    return Rupiah(zone.fee + zone.per_kg * _begun(weight_g - zone.carries_g))


def by_boat(kelurahan_code: str | None) -> bool:
    """Whether goods reach this kelurahan by pompong, the small boat."""
    kelurahan = all_kelurahan().get(kelurahan_code or "")
    return kelurahan is not None and all_zones()[kelurahan.zone].by_boat


def _begun(grams: int) -> int:
    return -(-max(grams, 0) // 1000)


def due_day(lead_days: Iterable[int]) -> date:
    """The day on which everything that takes so many days to make can be handed over."""
    return order_day(clock.now()) + timedelta(days=max(lead_days, default=0))
