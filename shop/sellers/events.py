"""What sellers tell the rooms above."""

from __future__ import annotations

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class SellerDescribed:
    """A seller's name, place or story is not what it was."""

    seller_id: uuid.UUID
