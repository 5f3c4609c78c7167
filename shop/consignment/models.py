"""Goods left at a point, and what was recorded of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, case
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalog.models import Variant
from shop.consignment.states import ConsignmentState, CountKind, PaidBy
from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.sellers.models import PickupPoint, Seller


class Consignment(Base):
    """What a seller left at a point on a day."""

    __tablename__ = "consignments"
    __table_args__ = (
        one_of("state", ConsignmentState),
        Index("ix_consignments_seller", "seller_id", "state"),
        Index("ix_consignments_point", "point_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    point_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pickup_points.id"))
    state: Mapped[str] = mapped_column(String(10), default=ConsignmentState.OPEN.value)
    left_on: Mapped[date] = mapped_column(default=clock.today)
    note: Mapped[str] = mapped_column(String(300), default="")
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seller: Mapped[Seller] = relationship()
    point: Mapped[PickupPoint] = relationship()
    lines: Mapped[list[ConsignmentLine]] = relationship(
        back_populates="consignment", order_by="ConsignmentLine.position"
    )


class ConsignmentLine(Base):
    """Pieces of one variant at a point, with name, price and fee as they were when left.

    What of `quantity` is neither sold, returned nor lost still lies there. `basis_points` is the
    programme's share of a sale in ten-thousandths, `point_share` the point's rupiah of each piece.
    """

    __tablename__ = "consignment_lines"
    __table_args__ = (
        UniqueConstraint("consignment_id", "variant_id"),
        CheckConstraint("quantity BETWEEN 1 AND 1000", name="quantity_sane"),
        CheckConstraint("unit_price > 0", name="price_positive"),
        CheckConstraint("point_share BETWEEN 0 AND unit_price", name="point_share_within"),
        CheckConstraint("sold >= 0 AND returned >= 0 AND lost >= 0", name="counts_not_negative"),
        CheckConstraint("sold + returned + lost <= quantity", name="counts_within"),
        CheckConstraint("basis_points BETWEEN 0 AND 5000", name="fee_sane"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    consignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consignments.id"))
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    variant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("variants.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(160))
    unit_price: Mapped[Rupiah]
    point_share: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    basis_points: Mapped[int]
    fee_rule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fee_rules.id"))
    share_rule_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("share_rules.id"))
    quantity: Mapped[int]
    sold: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    consignment: Mapped[Consignment] = relationship(back_populates="lines")
    variant: Mapped[Variant] = relationship()


class ConsignmentCount(Base):
    """Something recorded of a line, once: the key makes a repetition impossible.

    Of what was sold, `amount` is the seller's money in rupiah (the point's share is off) and
    `fee` what the programme keeps of it; `paid_by` tells who held it then. A record with
    `reverses_id` says the same again and takes that one back, for a `reason`.
    """

    __tablename__ = "consignment_counts"
    __table_args__ = (
        one_of("kind", CountKind),
        CheckConstraint(
            "paid_by IS NULL OR paid_by IN ('point', 'seller', 'programme')", name="paid_by_known"
        ),
        CheckConstraint("(kind = 'sold') = (paid_by IS NOT NULL)", name="sold_is_paid"),
        CheckConstraint("amount >= 0 AND fee BETWEEN 0 AND amount", name="amount_sane"),
        CheckConstraint("quantity > 0", name="counts_something"),
        CheckConstraint("(reverses_id IS NULL) = (reason = '')", name="undoing_has_reason"),
        Index("ix_consignment_counts_line", "line_id", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consignment_lines.id"))
    kind: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int]
    amount: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    fee: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    paid_by: Mapped[str | None] = mapped_column(String(10))
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("consignment_counts.id"), unique=True
    )
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


def standing(column: Any) -> Any:
    """What a count adds to a sum: its `column`, or that much less where it takes one back."""
    return case((ConsignmentCount.reverses_id.is_(None), column), else_=-column)


class ConsignmentPayment(Base):
    """Money for what was sold that a point handed on: to the seller, or to the programme."""

    __tablename__ = "consignment_payments"
    __table_args__ = (
        one_of("paid_to", PaidBy),
        CheckConstraint("amount > 0", name="pays_something"),
        CheckConstraint("paid_to <> 'point'", name="leaves_the_point"),
        Index("ix_consignment_payments_consignment", "consignment_id", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    consignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consignments.id"))
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    amount: Mapped[Rupiah]
    paid_to: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class ConsignmentEvent(MoveRow, Base):
    """A move in the life of a consignment."""

    __tablename__ = "consignment_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consignments.id"), index=True)
