"""Pick-up points of the demo, who brings there, and fees that are agreed on afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select

from shop.catalog.models import Product, Variant
from shop.catalog.states import ProductState
from shop.core import clock
from shop.demo.buyers import Buyer
from shop.demo.cast import Seller
from shop.demo.memory import Memory
from shop.demo.source import zone_fees, zone_of_kelurahan
from shop.orders import arrange, checkout
from shop.orders.models import Order
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.sellers import deliver, keep_points
from shop.sellers.deliver import Terms

PER_KG = 2_000
"""Rupiah for each kilogram above the first five."""


@dataclass(frozen=True, slots=True)
class Place:
    """A pick-up point; its key is that of `pickup_places` in shop/data/regions.json."""

    key: str
    name: str
    kelurahan: str
    address: str
    hours: str
    hours_en: str
    consigns: bool


PLACES = (
    Place(
        "pelabuhan-sbp", "Pelabuhan Sri Bintan Pura", "21.72.03.1001",
        "Kios 7, dekat Tugu Proklamasi", "Setiap hari 07.00 sampai 17.00",
        "Every day 7 am to 5 pm",
        consigns=True,
    ),
    Place(
        "pelantar-kuning", "Pelantar Kuning", "21.72.03.1001",
        "Warung di pangkal dermaga pompong", "Setiap hari 06.30 sampai 18.00",
        "Every day 6.30 am to 6 pm",
        consigns=False,
    ),
    Place(
        "pasar-bintan-center", "Pasar Bintan Center", "21.72.02.1001",
        "Km 9, sebelah pos keamanan", "Senin sampai Sabtu 06.00 sampai 11.00",
        "Monday to Saturday 6 to 11 am",
        consigns=True,
    ),
    Place(
        "balai-adat-penyengat", "Balai Adat Melayu, Penyengat", "21.72.03.1004",
        "Meja penjaga, pintu depan", "Sabtu dan Minggu 08.00 sampai 16.00",
        "Saturday and Sunday 8 am to 4 pm",
        consigns=False,
    ),
)  # fmt: skip
_STATES = ("asked", "named", "agreed", "agreed")
"""How far each order with a fee to agree on has come."""


class Points:
    """The points, and the ways of each seller."""

    def __init__(self, stage: Memory) -> None:
        self.stage = stage
        self.ids: dict[str, uuid.UUID] = {}

    def open(self) -> None:
        """Staff write down the points and propose fees."""
        session, person = self.stage.session, self.stage.staff["facilitator"]
        for place in PLACES:
            point = keep_points.add(
                session, person, name=place.name, kelurahan_code=place.kelurahan,
                address=place.address, hours=place.hours, hours_en=place.hours_en, phone="",
                consigns=place.consigns,
            )  # fmt: skip
            self.ids[place.key] = point.id
        fees = {zone: Terms(fee, None, 5_000, PER_KG) for zone, fee in zone_fees().items()}
        deliver.propose(session, person, fees)

    def welcome(self, seller: Seller) -> None:
        """A new seller says how her goods reach buyers."""
        deliver.deliver(
            self.stage.session,
            self.stage.sellers[seller.slug],
            self.stage.keeper(seller.slug),
            terms={zone: Terms(fee, None, 5_000, PER_KG) for zone, fee in seller.zones},
            arranges=self._arranges(seller),
            point_ids=self.brings_to(seller.slug),
        )

    def brings_to(self, slug: str) -> list[uuid.UUID]:
        """Two of three sellers bring to a point."""
        number = self._number(slug)
        return [] if number % 3 == 2 else [list(self.ids.values())[number % len(PLACES)]]

    def agree_on_fees(self) -> None:
        """Orders of today from places without a fee, each at another stage of agreement."""
        now = self.stage.plan.now
        for state, (seller, buyer) in zip(_STATES, self._pairs(), strict=False):
            with clock.at(now - timedelta(hours=2)):
                order = self._ask(seller, buyer)
            if order is None or state == "asked":
                continue
            with clock.at(now - timedelta(hours=1)):
                part = order.parts[0]
                keeper = self.stage.keeper(seller.slug)
                arrange.name_fee(self.stage.session, part.id, 25_000, person_id=keeper)
                if state == "agreed":
                    arrange.agree(self.stage.session, order.id, total_seen=order.total + 25_000)

    def _ask(self, seller: Seller, buyer: Buyer) -> Order | None:
        session = self.stage.session
        variant = session.scalars(
            select(Variant)
            .join(Variant.product)
            .where(
                Variant.seller_id == self.stage.sellers[seller.slug],
                Product.state == ProductState.LIVE.value,
                or_(Variant.on_hand.is_(None), Variant.on_hand > Variant.reserved),
            )
            .order_by(Variant.id)
        ).first()
        if variant is None:
            return None
        lines = ((variant.id, 1, variant.price),)
        part = checkout.PartWanted(variant.seller_id, DeliveryKind.ARRANGED, "", lines)
        return checkout.place(
            session,
            checkout.PlaceOrder(
                key=f"demo-arranged-{seller.slug}", language="id", buyer_name=buyer.name,
                buyer_phone=buyer.phone, buyer_id=None, kelurahan_code=buyer.kelurahan,
                address=buyer.address, landmark="Dekat surau, pagar hijau",
                method=Method.TRANSFER, parts=(part,),
            ),
        )  # fmt: skip

    def _pairs(self) -> Iterator[tuple[Seller, Buyer]]:
        """Sellers who agree on fees, each with a buyer from where she has none."""
        plan, zones = self.stage.plan, zone_of_kelurahan()
        buyers: Mapping[str, Buyer] = {order.buyer.phone: order.buyer for order in plan.orders}
        for seller in plan.sellers:
            if self._arranges(seller) and not seller.waiting and seller.sells_until is None:
                own = {zone for zone, _ in seller.zones}
                far = (one for one in buyers.values() if zones[one.kelurahan] not in own)
                if buyer := next(far, None):
                    yield seller, buyer

    def _arranges(self, seller: Seller) -> bool:
        return self._number(seller.slug) % 2 == 0

    def _number(self, slug: str) -> int:
        return [seller.slug for seller in self.stage.plan.sellers].index(slug)
