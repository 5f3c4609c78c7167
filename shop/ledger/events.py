"""What the books tell the rooms above."""

from __future__ import annotations

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class SaleEarned:
    """What a seller has earned of a sale is different now: just earned, or less than before.

    `sale_id` is the part of an order, or the record of pieces sold at a point (`consigned`).
    """

    seller_id: uuid.UUID
    sale_id: uuid.UUID
    consigned: bool = False
    person_id: uuid.UUID | None = None
