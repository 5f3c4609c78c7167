"""Standing orders, their lines, and what became of each day."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalog.models import Variant
from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.orders.models import Order
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.sellers.models import PickupPoint, Seller
from shop.standing.states import RunOutcome, StandingState


class StandingOrder(Base):
    """What one buyer wants from one seller on the same weekday (0 is Monday) of every week.

    `next_on` is the day for which the next order will be made; `token` is in its secret link.
    `agreed` is the sum in rupiah, goods and delivery, that she agreed to pay for one week: no
    order is made for more. `buyer_email` and `whatsapp_ok_at` are her consent to news of orders.
    """

    __tablename__ = "standing_orders"
    __table_args__ = (
        one_of("state", StandingState),
        one_of("method", Method),
        one_of("delivery_kind", DeliveryKind),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("agreed > 0", name="agreed_sane"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("buyer_phone LIKE '+%'", name="phone_e164"),
        CheckConstraint("(delivery_kind = 'point') = (point_id IS NOT NULL)", name="point_named"),
        Index("ix_standing_orders_next", "state", "next_on"),
        Index("ix_standing_orders_seller", "seller_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    state: Mapped[str] = mapped_column(String(10), default=StandingState.ACTIVE.value)
    language: Mapped[str] = mapped_column(String(2))
    buyer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    buyer_name: Mapped[str] = mapped_column(String(80))
    buyer_phone: Mapped[str] = mapped_column(String(16))
    buyer_email: Mapped[str | None] = mapped_column(String(254))
    whatsapp_ok_at: Mapped[datetime | None]
    kelurahan_code: Mapped[str | None] = mapped_column(String(13))
    address: Mapped[str] = mapped_column(String(300), default="")
    landmark: Mapped[str] = mapped_column(String(160), default="")
    delivery_kind: Mapped[str] = mapped_column(String(10))
    point_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pickup_points.id"))
    method: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")
    weekday: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    next_on: Mapped[date]
    agreed: Mapped[Rupiah]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seller: Mapped[Seller] = relationship()
    point: Mapped[PickupPoint | None] = relationship()
    lines: Mapped[list[StandingLine]] = relationship(
        back_populates="standing", order_by="StandingLine.position", cascade="all, delete-orphan"
    )
    runs: Mapped[list[StandingRun]] = relationship(
        back_populates="standing", order_by="StandingRun.due_on"
    )


class StandingLine(Base):
    """A variant and how many of it every week."""

    __tablename__ = "standing_lines"
    __table_args__ = (CheckConstraint("quantity BETWEEN 1 AND 1000", name="quantity_sane"),)

    standing_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("standing_orders.id"), primary_key=True
    )
    variant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    quantity: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    standing: Mapped[StandingOrder] = relationship(back_populates="lines")
    variant: Mapped[Variant] = relationship()


class StandingRun(Base):
    """One day of a standing order: the order it became, that it was skipped, or why it failed."""

    __tablename__ = "standing_runs"
    __table_args__ = (
        UniqueConstraint("standing_id", "due_on"),
        one_of("outcome", RunOutcome),
        CheckConstraint("(outcome = 'placed') = (order_id IS NOT NULL)", name="placed_has_order"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    standing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("standing_orders.id"))
    due_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(10))
    order_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    standing: Mapped[StandingOrder] = relationship(back_populates="runs")
    order: Mapped[Order | None] = relationship()


class StandingEvent(MoveRow, Base):
    """A move in the life of a standing order."""

    __tablename__ = "standing_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("standing_orders.id"), index=True)
