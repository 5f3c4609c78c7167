"""What every row of a move in a life cycle has; `shop.core.lifecycle.move` writes them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shop.core import ids


class MoveRow:
    """Who moved a thing from which state to which, when, why and from which device.

    `thing_id` is the table's own; `device` is what the browser says of itself, empty for the clock.
    """

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    happened_at: Mapped[datetime]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    actor: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    device: Mapped[str] = mapped_column(String(120), default="")
