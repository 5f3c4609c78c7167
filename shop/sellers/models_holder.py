"""People and places that take a buyer's cash for a seller: couriers and pick-up points."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.core import clock, ids
from shop.core.db import Base, one_of


class HolderKind(StrEnum):
    """Who carries cash that is not her own."""

    COURIER = "courier"
    POINT = "point"


class CashHolder(Base):
    """A courier, or a pick-up point that takes cash; what it carries is in its account.

    `person_id` is the courier's own sign-in, where there is one. One that left (`left_at`) stays
    for what it carried.
    """

    __tablename__ = "cash_holders"
    __table_args__ = (
        one_of("kind", HolderKind),
        CheckConstraint("(kind = 'point') = (point_id IS NOT NULL)", name="point_named"),
        CheckConstraint("phone = '' OR phone LIKE '+%'", name="phone_e164"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(16), default="")
    point_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pickup_points.id"), unique=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    left_at: Mapped[datetime | None]
