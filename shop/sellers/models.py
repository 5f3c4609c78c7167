"""Sellers, the people who work for them, where they deliver, how a group shares."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.sellers.states import SellerState


class SellerKind(StrEnum):
    """A person alone, a business group (KUBE), or a cooperative."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    COOPERATIVE = "cooperative"


class MemberRole(StrEnum):
    """What somebody does for a seller. Owner, treasurer and manager run its studio."""

    OWNER = "owner"
    TREASURER = "treasurer"
    MANAGER = "manager"
    MEMBER = "member"


class PayoutEvery(StrEnum):
    """When a seller is paid out: each week, each month, or when she asks for it."""

    WEEK = "week"
    MONTH = "month"
    ASKED = "asked"


class Seller(Base):
    """Somebody who sells: a homemaker, a group, a cooperative.

    `arranges`: where she has no fee for a place, she agrees on one with the buyer afterwards.
    `collects`: buyers pay her directly, into her bank account or by her own QRIS, whose text is
    `qris_text`. `payout_every` and `payout_minimum` (rupiah; None: the shop's) say when she is paid
    out, `payout_way` how; `stripe_account` is her account there.
    """

    __tablename__ = "sellers"
    __table_args__ = (
        one_of("kind", SellerKind),
        one_of("state", SellerState),
        CheckConstraint("minimum_order >= 0", name="minimum_order_sane"),
        CheckConstraint("payout_minimum IS NULL OR payout_minimum >= 0", name="payout_sane"),
        CheckConstraint("payout_way IN ('bank', 'cash', 'stripe')", name="payout_way_known"),
        one_of("payout_every", PayoutEvery),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default=SellerState.APPLIED.value)
    phone: Mapped[str] = mapped_column(String(16))
    kelurahan_code: Mapped[str] = mapped_column(String(13))
    address: Mapped[str] = mapped_column(String(200), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    story_en: Mapped[str] = mapped_column(Text, default="")
    makes: Mapped[str] = mapped_column(String(120), default="")
    makes_en: Mapped[str] = mapped_column(String(120), default="")
    pickup_hours: Mapped[str] = mapped_column(String(80), default="")
    bank_name: Mapped[str] = mapped_column(String(40), default="")
    bank_account: Mapped[str] = mapped_column(String(30), default="")
    bank_holder: Mapped[str] = mapped_column(String(80), default="")
    minimum_order: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    arranges: Mapped[bool] = mapped_column(default=False)
    collects: Mapped[bool] = mapped_column(default=False)
    qris_sha256: Mapped[str | None] = mapped_column(ForeignKey("pictures.sha256"))
    qris_text: Mapped[str] = mapped_column(String(600), default="")
    payout_way: Mapped[str] = mapped_column(String(8), default="bank")
    payout_every: Mapped[str] = mapped_column(String(8), default=PayoutEvery.WEEK.value)
    payout_minimum: Mapped[Rupiah | None]
    stripe_account: Mapped[str | None] = mapped_column(String(60), unique=True)
    joined_on: Mapped[date] = mapped_column(default=clock.today)
    portrait_sha256: Mapped[str | None] = mapped_column(ForeignKey("pictures.sha256"))
    members: Mapped[list[SellerMember]] = relationship(back_populates="seller")
    zones: Mapped[list[DeliveryZone]] = relationship(back_populates="seller")
    points: Mapped[list[PickupPoint]] = relationship(
        secondary="seller_points", order_by="PickupPoint.position"
    )


class SellerEvent(MoveRow, Base):
    """A move in the life of a seller."""

    __tablename__ = "seller_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"), index=True)


class SellerMember(Base):
    """Somebody who works for a seller, with or without a way to sign in.

    A person may work for several sellers, and a seller may have several people.
    """

    __tablename__ = "seller_members"
    __table_args__ = (
        one_of("role", MemberRole),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="left_after_joined"),
        Index(
            "uq_seller_members_current",
            "seller_id",
            "person_id",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    participant_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("participants.id"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(10))
    joined_on: Mapped[date] = mapped_column(default=clock.today)
    left_on: Mapped[date | None]
    seller: Mapped[Seller] = relationship(back_populates="members")


class DeliveryZone(Base):
    """A zone of kelurahan that a seller delivers to, and for how much.

    `fee` rupiah carry `carries_g` grams; every further kilogram begun costs `per_kg` rupiah. From
    `free_over` rupiah of goods on, bringing costs nothing.
    """

    __tablename__ = "delivery_zones"
    __table_args__ = (
        UniqueConstraint("seller_id", "zone"),
        CheckConstraint("fee BETWEEN 0 AND 500000", name="fee_sane"),
        CheckConstraint("per_kg BETWEEN 0 AND 100000", name="per_kg_sane"),
        CheckConstraint("carries_g BETWEEN 1 AND 200000", name="carries_sane"),
        CheckConstraint("free_over IS NULL OR free_over > 0", name="free_over_sane"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    zone: Mapped[str] = mapped_column(String(12))
    fee: Mapped[Rupiah]
    carries_g: Mapped[int] = mapped_column(default=5000)
    per_kg: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    free_over: Mapped[Rupiah | None]
    seller: Mapped[Seller] = relationship(back_populates="zones")


class ZoneFee(Base):
    """What the programme proposes for a zone: where a new seller's table of fees begins."""

    __tablename__ = "zone_fees"
    __table_args__ = (
        CheckConstraint("fee BETWEEN 0 AND 500000", name="fee_sane"),
        CheckConstraint("per_kg BETWEEN 0 AND 100000", name="per_kg_sane"),
        CheckConstraint("carries_g BETWEEN 1 AND 200000", name="carries_sane"),
        CheckConstraint("free_over IS NULL OR free_over > 0", name="free_over_sane"),
    )

    zone: Mapped[str] = mapped_column(String(12), primary_key=True)
    fee: Mapped[Rupiah]
    carries_g: Mapped[int] = mapped_column(default=5000)
    per_kg: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    free_over: Mapped[Rupiah | None]


class PickupPoint(Base):
    """A place with hours where goods of several sellers can be fetched or lie for sale.

    `consigns`: it takes goods on consignment (titip jual). Closed ones stay for old orders.
    """

    __tablename__ = "pickup_points"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    kelurahan_code: Mapped[str] = mapped_column(String(13))
    address: Mapped[str] = mapped_column(String(200))
    hours: Mapped[str] = mapped_column(String(80))
    hours_en: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(16), default="")
    consigns: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]


class SellerPoint(Base):
    """A seller brings goods to a pick-up point."""

    __tablename__ = "seller_points"

    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"), primary_key=True)
    point_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pickup_points.id"), primary_key=True)


class ShareBasis(StrEnum):
    """What a group shares its proceeds by: equally, by agreed weights, by who made each line, or
    by the kilograms that each delivered.
    """

    EQUAL = "equal"
    WEIGHT = "weight"
    MADE = "made"
    KILOGRAMS = "kilograms"


class ShareRule(Base):
    """How a group shares what it earned, from a day on, as its members decided.

    `reserve_basis_points` ten-thousandths go to the group's own fund before the rest is shared.
    """

    __tablename__ = "share_rules"
    __table_args__ = (
        UniqueConstraint("seller_id", "valid_from"),
        one_of("basis", ShareBasis),
        CheckConstraint("reserve_basis_points BETWEEN 0 AND 10000", name="reserve_sane"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    valid_from: Mapped[date]
    basis: Mapped[str] = mapped_column(String(10))
    reserve_basis_points: Mapped[int]
    decided_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(String(200))
