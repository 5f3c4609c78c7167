"""Codes made by a gateway, refunds through it, and what it paid into the bank."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.payments.providers.acquirer import Standing
from shop.payments.states import AskedBack


class GatewayCode(Base):
    """One attempt to pay: a code for `amount` rupiah, written down before the gateway is asked.

    `reference` names it at the gateway, `text` is empty until the code came. `standing` and `said`
    are what the gateway last told when it was asked; it is asked again at `ask_at`, if at all.
    """

    __tablename__ = "gateway_codes"
    __table_args__ = (
        one_of("standing", Standing),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_gateway_codes_ask", "ask_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    provider: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(50), unique=True)
    amount: Mapped[Rupiah]
    text: Mapped[str] = mapped_column(String(600), default="")
    transaction_id: Mapped[str] = mapped_column(String(80), default="")
    standing: Mapped[str] = mapped_column(String(10), default=Standing.UNKNOWN.value)
    said: Mapped[str] = mapped_column(String(80), default="")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    ask_at: Mapped[datetime | None]


class GatewayRefund(Base):
    """A refund that a gateway was asked for, under the refund's own id as its key."""

    __tablename__ = "gateway_refunds"
    __table_args__ = (one_of("state", AskedBack),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    refund_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("refunds.id"), unique=True)
    code_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gateway_codes.id"))
    state: Mapped[str] = mapped_column(String(10), default=AskedBack.ASKED.value)
    said: Mapped[str] = mapped_column(String(80), default="")
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class GatewayRefundEvent(MoveRow, Base):
    """A move in the life of a refund through a gateway."""

    __tablename__ = "gateway_refund_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gateway_refunds.id"), index=True)


class Acquired(Base):
    """What a gateway paid into the bank for one day of sales: `gross` less its `fee` (MDR).

    `reference` is the bank's, by which the line is found in its statement.
    """

    __tablename__ = "acquired"
    __table_args__ = (
        UniqueConstraint("provider", "day", "reference"),
        CheckConstraint("gross > 0", name="gross_positive"),
        CheckConstraint("fee BETWEEN 0 AND gross", name="fee_within"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    provider: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    reference: Mapped[str] = mapped_column(String(60))
    gross: Mapped[Rupiah]
    fee: Mapped[Rupiah]
    booked_at: Mapped[datetime] = mapped_column(default=clock.now)
    booked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
