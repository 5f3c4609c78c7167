"""What Stripe knows of our money: refunds it was asked for, disputes, sellers' accounts there."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.payments.models import Payment
from shop.payments.states import AskedBack
from shop.payments.states_stripe import DisputeState


class CardRefund(Base):
    """A refund that Stripe was asked for, under the refund's own id as its key.

    `reference` is Stripe's id of it, once known; `said` why Stripe refused.
    """

    __tablename__ = "card_refunds"
    __table_args__ = (one_of("state", AskedBack),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    refund_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("refunds.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=AskedBack.ASKED.value)
    reference: Mapped[str] = mapped_column(String(60), default="")
    said: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class CardRefundEvent(MoveRow, Base):
    """A move in the life of a refund through Stripe."""

    __tablename__ = "card_refund_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("card_refunds.id"), index=True)


class Dispute(Base):
    """A buyer's bank takes a card payment back, or asks about it; `amount` rupiah of it.

    `provider_id` is Stripe's. `withdrawn_at` and `reinstated_at` are when we heard that the money
    went and came back. `fee` rupiah are what Stripe took for it so far, by the first `moves` moves
    of its balance that it told of.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        one_of("state", DisputeState),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(
            "reinstated_at IS NULL OR withdrawn_at IS NOT NULL", name="back_after_away"
        ),
        CheckConstraint("(state = 'borne') = (borne_at IS NOT NULL)", name="borne_has_moment"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    provider_id: Mapped[str] = mapped_column(String(80), unique=True)
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    amount: Mapped[Rupiah]
    reason: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(10), default=DisputeState.INQUIRY.value)
    evidence_by: Mapped[datetime | None]
    heard_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    reinstated_at: Mapped[datetime | None]
    fee: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    moves: Mapped[int] = mapped_column(default=0)
    borne_at: Mapped[datetime | None]
    borne_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    payment: Mapped[Payment] = relationship()


class DisputeEvent(MoveRow, Base):
    """A move in the life of a dispute."""

    __tablename__ = "dispute_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("disputes.id"), index=True)


class ConnectedAccount(Base):
    """How a seller's account at Stripe stands: whether money can be sent there.

    `transfers` is Stripe's word (`active`, `pending`, `inactive`), `missing` what it still asks of
    the seller in its own names, parted by spaces; `told_at` is when it said so.
    """

    __tablename__ = "connected_accounts"

    account: Mapped[str] = mapped_column(String(60), primary_key=True)
    transfers: Mapped[str] = mapped_column(String(20))
    missing: Mapped[str] = mapped_column(String(500), default="")
    why: Mapped[str] = mapped_column(String(80), default="")
    told_at: Mapped[datetime]
