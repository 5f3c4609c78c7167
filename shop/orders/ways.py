"""How one seller's part can come to its buyer, and which way was chosen in the form."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from shop.core.forms import tidy
from shop.core.money import Rupiah
from shop.core.regions import all_kelurahan
from shop.orders.basket import BasketPart
from shop.orders.delivery import Zones, due_day, fee_to
from shop.orders.forms import LONGEST_NOTE
from shop.orders.states import DeliveryKind
from shop.sellers.models import PickupPoint

_WAY = re.compile(r"(pickup|delivery|arranged|point:([0-9a-f]{32}))")
Typed = MultiDict[str, str]


class Way(NamedTuple):
    """How a part comes, and at which point it is fetched where the way is one."""

    kind: DeliveryKind
    point_id: uuid.UUID | None = None


BROUGHT = Way(DeliveryKind.DELIVERY)
FETCHED = Way(DeliveryKind.PICKUP)


@dataclass(frozen=True)
class TillPart:
    """One seller's part: how it comes to the buyer, for how much, and when.

    `fee` is None where the seller has no fee for the chosen kelurahan, or none is chosen yet.
    `forced`: the buyer wants it brought, and only the kelurahan makes it a pick-up.
    """

    basket: BasketPart
    zones: Zones
    points: Sequence[PickupPoint]
    way: Way
    fee: Rupiah | None
    note: str
    forced: bool

    @property
    def key(self) -> str:
        """What tells its fields from those of the other parts."""
        return self.basket.seller.id.hex

    @property
    def brings(self) -> bool:
        """Whether the seller brings anything anywhere."""
        return bool(self.zones) or self.basket.seller.arranges

    @property
    def delivered(self) -> bool:
        """Whether the seller is to bring it for a fee she has named before."""
        return self.way.kind is DeliveryKind.DELIVERY

    @property
    def arranged(self) -> bool:
        """Whether she is to bring it for a fee to agree on."""
        return self.way.kind is DeliveryKind.ARRANGED

    @property
    def brought(self) -> bool:
        """Whether it comes to the buyer's door."""
        return self.delivered or self.arranged

    @property
    def point(self) -> PickupPoint | None:
        """Where it is fetched, if at a pick-up point."""
        return next((point for point in self.points if point.id == self.way.point_id), None)

    @property
    def weight_g(self) -> int:
        """What it weighs, where fees depend on that; things of unknown weight count as nothing."""
        return weight_of(self.basket) if any(zone.per_kg for zone in self.zones.values()) else 0

    @property
    def due_on(self) -> date:
        """When all of it can be ready."""
        return due_day(line.product.lead_days for line in self.basket.lines)


def part_of(
    basket: BasketPart,
    zones: Zones,
    points: Sequence[PickupPoint],
    kelurahan_code: str | None,
    typed: Typed,
) -> TillPart:
    """A part with what was chosen for it so far, else brought where that can be."""
    seller = basket.seller
    fee = fee_to(zones, kelurahan_code, basket.goods, weight_of(basket))
    arranged = fee is None and seller.arranges and kelurahan_code in all_kelurahan()
    brings = bool(zones) or seller.arranges
    can_bring = fee is not None or arranged or (brings and not kelurahan_code)
    wish = _wish(typed, seller.id, kelurahan_code, points)
    if wish is not None and wish.kind in (DeliveryKind.PICKUP, DeliveryKind.POINT):
        way = wish
    elif can_bring:
        way = Way(DeliveryKind.ARRANGED) if arranged else BROUGHT
    else:
        way = FETCHED
    forced = brings and not can_bring and way is FETCHED and wish is not FETCHED
    return TillPart(basket, zones, points, way, fee, note_of(typed, seller.id), forced)


def chosen(typed: Typed, seller_id: uuid.UUID, kelurahan_code: str | None) -> Way | None:
    """What was chosen. A pick-up forced by one kelurahan is no choice once there is another."""
    forced_by = typed.get(f"forced-{seller_id.hex}")
    if forced_by and forced_by != kelurahan_code:
        return BROUGHT
    found = _WAY.fullmatch(typed.get(f"way-{seller_id.hex}", ""))
    if found is None:
        return None
    if found[2]:
        return Way(DeliveryKind.POINT, uuid.UUID(found[2]))
    return FETCHED if found[1] == FETCHED.kind else Way(DeliveryKind(found[1]))


def note_of(typed: Typed, seller_id: uuid.UUID) -> str:
    """What the buyer wants to tell this seller."""
    return tidy(typed.get(f"note-{seller_id.hex}"))[:LONGEST_NOTE]


def weight_of(basket: BasketPart) -> int:
    """Grams; things of unknown weight count as nothing."""
    return sum((line.product.weight_g or 0) * line.can for line in basket.lines)


def _wish(
    typed: Typed, seller_id: uuid.UUID, kelurahan_code: str | None, points: Sequence[PickupPoint]
) -> Way | None:
    """What was chosen and can still be had; all at one point where that button was pressed."""
    known = {point.id.hex: point.id for point in points}
    gathered = known.get(typed.get("gather", ""))
    if gathered:
        return Way(DeliveryKind.POINT, gathered)
    if typed.get(f"forced-{seller_id.hex}"):
        return None
    way = chosen(typed, seller_id, kelurahan_code)
    gone = way is not None and way.point_id is not None and way.point_id.hex not in known
    return None if gone else way
