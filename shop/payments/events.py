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


@dataclass(frozen=True)
class PaymentCameLate:
    """Money came for an order that had expired lately: take it back, if its goods are still there.

    The handler raises `catalog.reserve.SoldOut` where they are not.
    """

    payment_id: uuid.UUID


@dataclass(frozen=True)
class PaymentReopened:
    """Staff let money that came late pay for its order: all of it is to be sold again.

    The handler raises `catalog.reserve.SoldOut` where its goods are gone, and
    `cannot_reopen.CannotReopen` where it did not run out.
    """

    payment_id: uuid.UUID


@dataclass(frozen=True)
class PaymentTakenBack:
    """The money that came was not for this payment: what it paid for waits for it again.

    `person_id` found it out. The handler raises `cannot_undo.CannotUndo` where that cannot be any
    more.
    """

    payment_id: uuid.UUID
    person_id: uuid.UUID | None


@dataclass(frozen=True)
class PaymentChanged:
    """How an order is paid, how much or until when is different now, as this payment says."""

    payment_id: uuid.UUID
