"""Orders, and each seller's part of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.orders.states import DeliveryKind, SellerOrderState
from shop.payments.states import Method
from shop.sellers.models import PickupPoint, Seller


class Order(Base):
    """What one buyer ordered at one time. `key` is the form's: pressing twice makes one order.

    `token` is in the secret link to its page; a new one makes the old link useless. Latitude and
    longitude are in degrees (WGS 84), where the buyer put a pin.
    """

    __tablename__ = "orders"
    __table_args__ = (
        one_of("method", Method),
        CheckConstraint("total = goods + delivery + unique_code", name="adds_up"),
        CheckConstraint("goods > 0 AND delivery >= 0", name="sums_sane"),
        CheckConstraint("unique_code BETWEEN 0 AND 999", name="unique_code_sane"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="pin_whole"),
        CheckConstraint(
            "latitude IS NULL OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
            name="pin_on_earth",
        ),
        CheckConstraint("buyer_phone LIKE '+%'", name="phone_e164"),
        Index("ix_orders_phone", "buyer_phone"),
        Index("ix_orders_placed", "placed_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    placed_at: Mapped[datetime] = mapped_column(default=clock.now)
    language: Mapped[str] = mapped_column(String(2))
    buyer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    buyer_name: Mapped[str] = mapped_column(String(80))
    buyer_phone: Mapped[str] = mapped_column(String(16))
    kelurahan_code: Mapped[str | None] = mapped_column(String(13))
    address: Mapped[str] = mapped_column(String(300), default="")
    landmark: Mapped[str] = mapped_column(String(160), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    buyer_email: Mapped[str | None] = mapped_column(String(254))
    whatsapp_ok_at: Mapped[datetime | None]
    method: Mapped[str] = mapped_column(String(10))
    goods: Mapped[Rupiah]
    delivery: Mapped[Rupiah]
    unique_code: Mapped[int] = mapped_column(default=0)
    total: Mapped[Rupiah]
    expires_at: Mapped[datetime | None]
    parts: Mapped[list[SellerOrder]] = relationship(
        back_populates="order", order_by="SellerOrder.position"
    )


class SellerOrder(Base):
    """One seller's part of an order: what she makes, hands over and is paid for.

    `arranged_at` and `agreed_at` tell when the seller named the fee of an `arranged` delivery
    (`arranged_fee`) and when the buyer agreed: from then on it is its `delivery`. `answer_by` is
    when an unanswered part is called off by the clock.

    `fee` is what the programme keeps of `goods`; delivery money is the seller's own. Of `delivery`
    `delivery_back` rupiah went back to the buyer, `delivery_borne` of these at the seller's cost.
    `goods` and `delivery` are what the buyer pays: a promotion took `delivery_discount` rupiah off
    the delivery, of which the programme bears `delivery_subsidy`.
    """

    __tablename__ = "seller_orders"
    __table_args__ = (
        UniqueConstraint("order_id", "seller_id"),
        one_of("state", SellerOrderState),
        one_of("delivery_kind", DeliveryKind),
        CheckConstraint("total = goods + delivery", name="adds_up"),
        CheckConstraint("goods > 0 AND delivery >= 0", name="sums_sane"),
        CheckConstraint("fee BETWEEN 0 AND goods", name="fee_within_goods"),
        CheckConstraint("delivery_back BETWEEN 0 AND delivery", name="delivery_back_within"),
        CheckConstraint("delivery_borne BETWEEN 0 AND delivery_back", name="borne_within_back"),
        CheckConstraint("(delivery_kind = 'point') = (point_id IS NOT NULL)", name="point_named"),
        CheckConstraint(
            "(delivery_promotion_id IS NOT NULL) = (delivery_discount > 0)"
            " AND delivery_subsidy BETWEEN 0 AND delivery_discount",
            name="delivery_discount_whole",
        ),
        CheckConstraint(
            "(arranged_fee IS NULL) = (arranged_at IS NULL)"
            " AND (agreed_at IS NULL OR delivery = arranged_fee)",
            name="arranged_whole",
        ),
        CheckConstraint("arranged_fee BETWEEN 0 AND 500000", name="arranged_fee_sane"),
        Index("ix_seller_orders_work", "seller_id", "state", "due_on"),
        Index("ix_seller_orders_past", "seller_id", "state", "placed_at"),
        Index("ix_seller_orders_newest", "state", "placed_at", "order_id"),
        Index("ix_seller_orders_state", "state", "handed_over_at"),
        Index("ix_seller_orders_promotion", "delivery_promotion_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"))
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=SellerOrderState.UNPAID.value)
    delivery_kind: Mapped[str] = mapped_column(String(10))
    point_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pickup_points.id"))
    goods: Mapped[Rupiah]
    delivery: Mapped[Rupiah]
    total: Mapped[Rupiah]
    fee: Mapped[Rupiah]
    delivery_back: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    delivery_borne: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    delivery_promotion_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("promotions.id"))
    delivery_discount: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    delivery_subsidy: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    note: Mapped[str] = mapped_column(String(300), default="")
    due_on: Mapped[date]
    placed_at: Mapped[datetime] = mapped_column(default=clock.now)
    arranged_fee: Mapped[Rupiah | None]
    arranged_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    order: Mapped[Order] = relationship(back_populates="parts")
    seller: Mapped[Seller] = relationship()
    point: Mapped[PickupPoint | None] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(
        back_populates="part", order_by="OrderLine.position"
    )

    @property
    def asked(self) -> Rupiah:
        """What the buyer pays for it, in rupiah: without what was called off before paying."""
        return Rupiah(self.total - sum(line.lowered for line in self.lines))


class SellerOrderEvent(MoveRow, Base):
    """A move in the life of a seller's part."""

    __tablename__ = "seller_order_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_orders.id"), index=True)


class OrderLine(Base):
    """A variant in a seller's part, with name, price and rules as they were at the sale.

    Quantities ordered, cancelled and refunded are kept apart: `cancelled` pieces never leave the
    house, of `refunded` ones the money went back. Of `total` rupiah `lowered` are not asked for any
    more, `given_back` went back to the buyer, and `borne` of these at the seller's cost.
    `discount` is what a promotion took off before, `subsidy` what of it the programme bears.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("seller_order_id", "variant_id"),
        CheckConstraint("quantity BETWEEN 1 AND 1000", name="quantity_sane"),
        CheckConstraint("cancelled >= 0 AND refunded >= 0", name="undone_not_negative"),
        CheckConstraint("cancelled + refunded <= quantity", name="undone_within_ordered"),
        CheckConstraint("lowered >= 0 AND given_back >= 0", name="back_not_negative"),
        CheckConstraint("lowered + given_back <= total", name="no_more_back_than_paid"),
        CheckConstraint("borne BETWEEN 0 AND given_back", name="borne_within_back"),
        CheckConstraint("unit_price > 0", name="price_positive"),
        CheckConstraint(
            "total = unit_price * quantity - discount AND total > 0", name="multiplies"
        ),
        CheckConstraint(
            "(promotion_id IS NOT NULL) = (discount > 0) AND subsidy BETWEEN 0 AND discount",
            name="discount_whole",
        ),
        CheckConstraint("fee BETWEEN 0 AND total", name="fee_within_total"),
        Index("ix_order_lines_seller", "seller_id"),
        Index("ix_order_lines_promotion", "promotion_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    seller_order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_orders.id"), index=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"))
    variant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("variants.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    variant_name: Mapped[str] = mapped_column(String(60), default="")
    unit: Mapped[str] = mapped_column(String(30), default="")
    unit_price: Mapped[Rupiah]
    quantity: Mapped[int]
    cancelled: Mapped[int] = mapped_column(default=0)
    refunded: Mapped[int] = mapped_column(default=0)
    lowered: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    given_back: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    borne: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    promotion_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("promotions.id"))
    discount: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    subsidy: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    total: Mapped[Rupiah]
    fee: Mapped[Rupiah]
    fee_rule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fee_rules.id"))
    share_rule_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("share_rules.id"))
    part: Mapped[SellerOrder] = relationship(back_populates="lines")

    @property
    def gross(self) -> Rupiah:
        """What it costs without a promotion, in rupiah."""
        return Rupiah(self.total + self.discount)


class OrderLookup(Base):
    """A try at finding an order by number and phone, kept to slow down guessing.

    `address` is the visitor's network address, `number` what was typed, tidied.
    """

    __tablename__ = "order_lookups"
    __table_args__ = (
        Index("ix_order_lookups_address", "address", "at"),
        Index("ix_order_lookups_number", "number", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    address: Mapped[str] = mapped_column(String(45))
    number: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    found: Mapped[bool]
