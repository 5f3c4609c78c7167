"""Credit of buyers: what the programme owes them towards their next orders."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.payments.models import Payment


class CreditKind(StrEnum):
    """Why a buyer's credit changed.

    `code`: the unique code of what she paid. `stray`: what she paid too much. `used`: it paid for
    an order. `undone`: what was booked was not hers after all.
    """

    CODE = "code"
    STRAY = "stray"
    USED = "used"
    UNDONE = "undone"


class CreditLine(Base):
    """`amount` rupiah more (or less) credit of a person, by an entry of the books. Append-only.

    `payment_id` names the payment that it came from, or that it paid for.
    """

    __tablename__ = "credit_lines"
    __table_args__ = (
        one_of("kind", CreditKind),
        CheckConstraint(
            "amount <> 0 AND (kind <> 'used' OR amount < 0)"
            " AND (kind NOT IN ('code', 'stray') OR amount > 0)",
            name="amount_fits",
        ),
        UniqueConstraint("entry_id", "kind"),
        Index("ix_credit_lines_person", "person_id", "happened_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entries.id"))
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"))
    kind: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int] = mapped_column(BigInteger)
    happened_at: Mapped[datetime] = mapped_column(default=clock.now)
    payment: Mapped[Payment] = relationship()
