"""What a buyer wants every week, as plain values, and the order it becomes for one day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shop.core.money import Rupiah
from shop.orders.place_order import PartWanted, PlaceOrder
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.standing.models import StandingOrder

METHODS = (Method.TRANSFER, Method.QRIS, Method.CASH)
"""Ways to pay that need nobody at the moment the order is made."""
WAYS = (DeliveryKind.PICKUP, DeliveryKind.POINT, DeliveryKind.DELIVERY)
"""Ways to come to the buyer whose fee is known beforehand."""
MOST_LINES = 40
LONGEST_KEY = 40


@dataclass(frozen=True)
class Wanted:
    """A filled-in form. `lines` are variants and how many; `weekday` 0 is Monday.

    `buyer_email` and `whatsapp_ok` are where she agrees to get news of each order.
    """

    seller_id: uuid.UUID
    lines: tuple[tuple[uuid.UUID, int], ...]
    weekday: int
    starts_on: date
    ends_on: date | None
    delivery_kind: DeliveryKind
    method: Method
    buyer_name: str
    buyer_phone: str
    buyer_id: uuid.UUID | None = None
    language: str = "id"
    point_id: uuid.UUID | None = None
    kelurahan_code: str | None = None
    address: str = ""
    landmark: str = ""
    note: str = ""
    buyer_email: str | None = None
    whatsapp_ok: bool = False

    def check(self) -> None:
        """Raise `ValueError` for what no form of ours sends."""
        variants = [variant_id for variant_id, _ in self.lines]
        if not 0 < len(variants) <= MOST_LINES or len(set(variants)) != len(variants):
            raise ValueError("each thing once, and at least one")
        if any(not 1 <= pieces <= 1000 for _, pieces in self.lines):
            raise ValueError("pieces out of range")
        if self.delivery_kind not in WAYS or self.method not in METHODS:
            raise ValueError("a way that needs the buyer every time")
        if not 0 <= self.weekday <= 6:
            raise ValueError("no day of the week")

    def order(
        self, *, key: str, due_on: date | None, prices: Mapping[uuid.UUID, Rupiah]
    ) -> PlaceOrder:
        """The checkout of one day, at these prices; what is not among them costs nothing known."""
        return PlaceOrder(
            key=key,
            language=self.language,
            buyer_name=self.buyer_name,
            buyer_phone=self.buyer_phone,
            buyer_id=self.buyer_id,
            buyer_email=self.buyer_email,
            whatsapp_ok=self.whatsapp_ok,
            kelurahan_code=self.kelurahan_code,
            address=self.address,
            landmark=self.landmark,
            method=self.method,
            parts=(
                PartWanted(
                    seller_id=self.seller_id,
                    delivery_kind=self.delivery_kind,
                    note=self.note,
                    lines=tuple((v, n, prices.get(v, Rupiah(0))) for v, n in self.lines),
                    point_id=self.point_id,
                    wanted_on=due_on,
                ),
            ),
        )


def wanted_of(standing: StandingOrder) -> Wanted:
    """What a standing order says now."""
    return Wanted(
        seller_id=standing.seller_id,
        lines=tuple((line.variant_id, line.quantity) for line in standing.lines),
        weekday=standing.weekday,
        starts_on=standing.starts_on,
        ends_on=standing.ends_on,
        delivery_kind=DeliveryKind(standing.delivery_kind),
        method=Method(standing.method),
        buyer_name=standing.buyer_name,
        buyer_phone=standing.buyer_phone,
        buyer_id=standing.buyer_id,
        language=standing.language,
        point_id=standing.point_id,
        kelurahan_code=standing.kelurahan_code,
        address=standing.address,
        landmark=standing.landmark,
        note=standing.note,
        buyer_email=standing.buyer_email,
        whatsapp_ok=standing.whatsapp_ok_at is not None,
    )
