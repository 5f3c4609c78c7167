"""Payments and what providers told us about them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.payments.states import Method, PaymentState, RefundState
from shop.sellers.models_holder import CashHolder

_WAITED_FOR = "state IN ('pending', 'claimed') AND method IN ('transfer', 'qris')"
_OPEN = text(_WAITED_FOR)
_OPEN_OURS = text(f"{_WAITED_FOR} AND collector_id IS NULL")


class Payment(Base):
    """A sum a buyer owes or paid, for one or more sellers' parts of an order.

    `amount` rupiah includes `unique_code`, the 1 to 999 rupiah that tell one transfer from
    another: no two open transfers or QRIS payments to the same account have the same amount.
    `collector_id` is the seller who collects it by herself; without one it is the programme.
    `carrier_id` is the courier or the pick-up point that takes cash for the seller.
    `buyer_id` is who ordered, where she was signed in: `credit` rupiah of the parts are paid from
    her credit and not asked for, and her code becomes credit where `code_is_credit`.
    """

    __tablename__ = "payments"
    __table_args__ = (
        one_of("method", Method),
        one_of("state", PaymentState),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("unique_code BETWEEN 0 AND 999", name="unique_code_sane"),
        CheckConstraint(
            "(state IN ('settled', 'late')) = (settled_at IS NOT NULL)", name="settled_has_moment"
        ),
        CheckConstraint("carrier_id IS NULL OR method = 'cash'", name="only_cash_is_carried"),
        CheckConstraint("credit >= 0", name="credit_not_negative"),
        CheckConstraint(
            "buyer_id IS NOT NULL OR (credit = 0 AND NOT code_is_credit)",
            name="credit_is_somebodys",
        ),
        CheckConstraint(
            "(credit = 0 AND NOT code_is_credit) OR (collector_id IS NULL AND method <> 'cash')",
            name="credit_pays_the_programme",
        ),
        Index("ix_payments_carrier", "carrier_id"),
        Index("ix_payments_buyer", "buyer_id", "state"),
        Index(
            "uq_payments_open_amount",
            "amount",
            unique=True,
            sqlite_where=_OPEN_OURS,
            postgresql_where=_OPEN_OURS,
        ),
        Index(
            "uq_payments_open_collected",
            "collector_id",
            "amount",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_payments_state", "state", "created_at"),
        Index("ix_payments_order", "order_id"),
        Index("ix_payments_amount", "amount"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"))
    order_number: Mapped[str] = mapped_column(String(8))
    method: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=PaymentState.PENDING.value)
    amount: Mapped[Rupiah]
    unique_code: Mapped[int] = mapped_column(default=0)
    collector_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sellers.id"))
    carrier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cash_holders.id"))
    buyer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    credit: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    code_is_credit: Mapped[bool] = mapped_column(default=False)
    provider_reference: Mapped[str | None] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    evidence: Mapped[str] = mapped_column(String(200), default="")
    parts: Mapped[list[PaymentPart]] = relationship(back_populates="payment")
    carrier: Mapped[CashHolder | None] = relationship()


class PaymentPart(Base):
    """How much of a payment is for which seller's part of the order, in rupiah."""

    __tablename__ = "payment_parts"
    __table_args__ = (
        UniqueConstraint("payment_id", "seller_order_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    seller_order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_orders.id"), index=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    amount: Mapped[Rupiah]
    payment: Mapped[Payment] = relationship(back_populates="parts")


class PaymentEvent(MoveRow, Base):
    """A move in the life of a payment."""

    __tablename__ = "payment_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"), index=True)


class Refund(Base):
    """Money that goes back to a buyer, for one seller's part or for a whole late payment.

    It is due from the moment it is granted and paid once staff have sent it. Of `amount` rupiah
    the seller bears `seller_share`, the programme the rest; `delivery` is what of it is for
    bringing. What goes back of which line is in its lines.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        one_of("state", RefundState),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("seller_share BETWEEN 0 AND amount", name="seller_share_within"),
        CheckConstraint("delivery BETWEEN 0 AND amount", name="delivery_within"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_has_moment"),
        Index("ix_refunds_state", "state", "granted_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    seller_order_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seller_orders.id"))
    amount: Mapped[Rupiah]
    delivery: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    seller_share: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    state: Mapped[str] = mapped_column(String(10), default=RefundState.DUE.value)
    reason: Mapped[str] = mapped_column(String(300))
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)
    granted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    paid_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(String(60), default="")
    payment: Mapped[Payment] = relationship()


class RefundLine(Base):
    """What of a refund is for which line of the order: so many pieces, so many rupiah.

    Part of the price can go back without a piece (`quantity` 0).
    """

    __tablename__ = "refund_lines"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
    )

    refund_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("refunds.id"), primary_key=True)
    order_line_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("order_lines.id"), primary_key=True, index=True
    )
    quantity: Mapped[int]
    amount: Mapped[Rupiah]


class RefundEvent(MoveRow, Base):
    """A move in the life of a refund."""

    __tablename__ = "refund_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("refunds.id"), index=True)


class WebhookEvent(Base):
    """A provider's message, kept as it came, once by the provider's own id.

    `fault` says why it could not be matched to a payment, for a person to look at.
    """

    __tablename__ = "webhook_events"
    __table_args__ = (UniqueConstraint("provider", "provider_event_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    provider: Mapped[str] = mapped_column(String(20))
    provider_event_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    handled_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(200), default="")
