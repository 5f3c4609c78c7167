"""Money that fits no open payment, photos of transfer slips, and ways to pay switched off."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.payments.models import Payment
from shop.payments.states import Method
from shop.payments.states_stray import StrayKind, StrayState


class Stray(Base):
    """`amount` rupiah that came and fit no open payment as they came.

    `method` says where they lie: the bank's account or the acquirer's. `payment_id` is the payment
    they were meant for, as far as that is known; `rest_id` the one by which the buyer is asked
    for the rest, and which is whole only together with them. `from_id` is the money of which
    this is what was left over. `note` is what the bank's list says.
    """

    __tablename__ = "strays"
    __table_args__ = (
        one_of("kind", StrayKind),
        one_of("state", StrayState),
        CheckConstraint("method IN ('transfer', 'qris')", name="method_known"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("kind = 'wrong' OR payment_id IS NOT NULL", name="meant_for"),
        CheckConstraint(
            "state <> 'refunded' OR (sent_at IS NOT NULL AND reference <> '')",
            name="refunded_has_proof",
        ),
        CheckConstraint(
            "state NOT IN ('due', 'refunded') OR decided_at IS NOT NULL", name="somebody_decided"
        ),
        Index("ix_strays_state", "state", "came_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10), default=StrayState.OPEN.value)
    method: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Rupiah]
    payment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payments.id"), index=True)
    rest_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payments.id"), unique=True)
    from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("strays.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    came_at: Mapped[datetime] = mapped_column(default=clock.now)
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(String(60), default="")
    payment: Mapped[Payment | None] = relationship(foreign_keys=[payment_id])
    rest: Mapped[Payment | None] = relationship(foreign_keys=[rest_id])


class StrayEvent(MoveRow, Base):
    """A move in the life of stray money."""

    __tablename__ = "stray_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("strays.id"), index=True)


class PaymentSlip(Base):
    """A private photo of the slip by which a buyer says she paid."""

    __tablename__ = "payment_slips"
    __table_args__ = (UniqueConstraint("payment_id", "sha256"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"))
    sha256: Mapped[str] = mapped_column(ForeignKey("pictures.sha256"))
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)


_NOW_HERS = text("until IS NULL AND seller_id IS NOT NULL")
_NOW_OURS = text("until IS NULL AND seller_id IS NULL")


class WayOff(Base):
    """From `since` to `until` a way to pay was off, for one seller or for the whole programme.

    Without `until` it is off now. Who switched it off and on again stays here.
    """

    __tablename__ = "ways_off"
    __table_args__ = (
        one_of("method", Method),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after"),
        Index(
            "uq_ways_off_hers", "seller_id", "method", unique=True,
            sqlite_where=_NOW_HERS, postgresql_where=_NOW_HERS,
        ),
        Index(
            "uq_ways_off_ours", "method", unique=True,
            sqlite_where=_NOW_OURS, postgresql_where=_NOW_OURS,
        ),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    method: Mapped[str] = mapped_column(String(10))
    seller_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sellers.id"))
    since: Mapped[datetime] = mapped_column(default=clock.now)
    off_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    until: Mapped[datetime | None]
    on_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
