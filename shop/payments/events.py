"""What payments tell the rooms above."""

from __future__ import annotations

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class PaymentSettled:
    """The money of a payment is there."""

    payment_id: uuid.UUID


@dataclass(frozen=True)
class PaymentExpired:
    """Nobody paid in time."""

    payment_id: uuid.UUID
