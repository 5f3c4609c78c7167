"""What a buyer wants, as plain values, and what stands against it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shop.core.money import Rupiah
from shop.orders.states import DeliveryKind
from shop.payments.states import Method

WantedLine = tuple[uuid.UUID, int, Rupiah]
"""Variant, how many, and the price of one that the buyer saw."""


@dataclass(frozen=True)
class PartWanted:
    """What is wanted of one seller. `fee_seen` is the delivery fee shown; None: not shown.

    `point_id` names the pick-up point where the way is one; `due_seen` is the day that was shown,
    `wanted_on` the first day on which the buyer wants it, however soon it could be made.
    """

    seller_id: uuid.UUID
    delivery_kind: DeliveryKind
    note: str
    lines: tuple[WantedLine, ...]
    fee_seen: int | None = None
    point_id: uuid.UUID | None = None
    due_seen: date | None = None
    wanted_on: date | None = None

    def merged(self) -> tuple[WantedLine, ...]:
        """Its lines, those of one variant added up.

        Where two of them saw different prices, the lower counts: at least one is not the price
        of now, and the difference must show.
        """
        quantity: dict[uuid.UUID, int] = defaultdict(int)
        price: dict[uuid.UUID, Rupiah] = {}
        for variant_id, pieces, seen in self.lines:
            quantity[variant_id] += pieces
            price[variant_id] = min(seen, price.get(variant_id, seen))
        return tuple((variant_id, quantity[variant_id], price[variant_id]) for variant_id in price)


@dataclass(frozen=True)
class PlaceOrder:
    """A filled-in checkout. `buyer_phone` is E.164; `key` is the form's own, drawn once.

    `total_seen` is the sum on the button, in rupiah; None: no sum was shown. `landmark` is what to
    look for, latitude and longitude the pin, in degrees (WGS 84), both or neither. `whatsapp_ok`:
    the buyer wants news by WhatsApp. `word` is a promotion's, as typed; `promotions_seen` are the
    promotions that were shown and what each took off, in rupiah; None: none were shown. `credit`
    rupiah are to be paid from the credit of who is signed in.
    """

    key: str
    language: str
    buyer_name: str
    buyer_phone: str
    buyer_id: uuid.UUID | None
    kelurahan_code: str | None
    address: str
    method: Method
    parts: tuple[PartWanted, ...]
    total_seen: int | None = None
    landmark: str = ""
    latitude: float | None = None
    longitude: float | None = None
    buyer_email: str | None = None
    whatsapp_ok: bool = False
    word: str = ""
    promotions_seen: tuple[tuple[uuid.UUID, int], ...] | None = None
    credit: int = 0

    @property
    def arranged(self) -> bool:
        """Whether some fee is to be agreed on before it is paid."""
        return any(part.delivery_kind is DeliveryKind.ARRANGED for part in self.parts)

    def content_hash(self) -> str:
        """Tells whether the same key came with the same content."""
        content = {name: value for name, value in vars(self).items() if name != "key"}
        return hashlib.sha256(json.dumps(content, default=_plain).encode()).hexdigest()

    def check(self) -> None:
        """Raise `ValueError` for what no form of ours sends."""
        sellers = [part.seller_id for part in self.parts]
        if not sellers or len(set(sellers)) != len(sellers):
            raise ValueError("one part for each seller, and at least one")
        if any(not part.lines or any(line[1] < 1 for line in part.lines) for part in self.parts):
            raise ValueError("every part needs lines of 1 piece or more")
        at_point = DeliveryKind.POINT
        if any((part.delivery_kind is at_point) != bool(part.point_id) for part in self.parts):
            raise ValueError("a pick-up point is named for this way, and for no other")
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("half a pin")
        if not (abs(self.latitude or 0) <= 90 and abs(self.longitude or 0) <= 180):
            raise ValueError("a pin beside the earth")
        if self.credit < 0 or (self.credit and self.buyer_id is None):
            raise ValueError("credit is somebody's, and not less than nothing")


def _plain(value: object) -> object:
    return vars(value) if isinstance(value, PartWanted) else str(value)


class ChangeKind(StrEnum):
    """What can be different from what the buyer saw."""

    GONE = "gone"
    SOLD_OUT = "sold_out"
    FEWER = "fewer"
    PRICE = "price"
    DELIVERY_FEE = "delivery_fee"
    NO_DELIVERY = "no_delivery"
    ARRANGE = "arrange"
    POINT_CLOSED = "point_closed"
    LATER = "later"
    MINIMUM = "minimum"
    TOTAL = "total"
    WAY = "way"
    PROMOTION = "promotion"
    CREDIT = "credit"


@dataclass(frozen=True)
class Change:
    """One difference. `before` and `now` are rupiah or pieces, as the kind says.

    FEWER: `now` pieces can be had. MINIMUM: the seller takes orders from `now` rupiah on. ARRANGE:
    she brings it there for a fee to agree on. POINT_CLOSED: she brings nothing to the point `name`
    (any more). LATER: ready from `day` on. DELIVERY_FEE: for `weight_g` grams, where that counts.
    WAY: the way to pay called `name` is not taken, by this seller or (without one) by nobody.
    PROMOTION: the one called `name` takes `now` rupiah off, 0 where it has ended; a `before` of 0:
    it was not there. CREDIT: `now` rupiah of it can be used.
    """

    kind: ChangeKind
    seller_id: uuid.UUID | None = None
    variant_id: uuid.UUID | None = None
    name: str = ""
    name_en: str = ""
    before: int = 0
    now: int = 0
    weight_g: int = 0
    day: date | None = None
