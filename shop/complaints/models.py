"""What buyers report, with their photos."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.complaints.states import WAITING, ComplaintKind, ComplaintState, Offer
from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.models import Picture
from shop.core.moves import MoveRow
from shop.orders.models import SellerOrder
from shop.sellers.models import Seller

_WAITING = text(f"state IN ({', '.join(repr(state.value) for state in sorted(WAITING))})")


class Complaint(Base):
    """What is wrong with a part that was handed over; at most one at a time waits."""

    __tablename__ = "complaints"
    __table_args__ = (
        one_of("state", ComplaintState),
        one_of("kind", ComplaintKind),
        one_of("offer", Offer),
        CheckConstraint("length(text) > 0", name="says_something"),
        Index(
            "uq_complaints_waiting",
            "seller_order_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_complaints_state", "state", "opened_at"),
        Index("ix_complaints_seller", "seller_id", "opened_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    seller_order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_orders.id"), index=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    state: Mapped[str] = mapped_column(String(10), default=ComplaintState.OPEN.value)
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    offer: Mapped[str] = mapped_column(String(12), default=Offer.NOTHING.value)
    answered_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    part: Mapped[SellerOrder] = relationship()
    seller: Mapped[Seller] = relationship()
    photos: Mapped[list[ComplaintPhoto]] = relationship(order_by="ComplaintPhoto.position")


class ComplaintPhoto(Base):
    """A picture of what is wrong. Not public: only whoever may read the complaint sees it."""

    __tablename__ = "complaint_photos"

    complaint_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    picture_sha256: Mapped[str] = mapped_column(ForeignKey("pictures.sha256"), primary_key=True)
    position: Mapped[int]
    picture: Mapped[Picture] = relationship()


class ComplaintEvent(MoveRow, Base):
    """A move in the life of a complaint."""

    __tablename__ = "complaint_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("complaints.id"), index=True)
