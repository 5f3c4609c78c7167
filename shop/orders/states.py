"""The life of each seller's part of an order.

The order itself has no state of its own: what is said of it is derived from its parts and payments.
"""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class SellerOrderState(StrEnum):
    """Where a seller's part stands. `unpaid` parts are not yet shown as work to do."""

    UNPAID = "unpaid"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    READY = "ready"
    HANDED_OVER = "handed_over"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S = SellerOrderState

SELLER_ORDER = LifeCycle(
    "seller order",
    S.UNPAID,
    moves(
        (S.UNPAID, S.WAITING, "payment"),
        (S.UNPAID, S.CANCELLED, "buyer staff"),
        (S.UNPAID, S.EXPIRED, "clock"),
        (S.EXPIRED, S.WAITING, "payment"),
        (S.WAITING, S.ACCEPTED, "seller"),
        (S.WAITING, S.DECLINED, "seller"),
        (S.WAITING, S.CANCELLED, "buyer staff"),
        (S.ACCEPTED, S.READY, "seller"),
        (S.READY, S.HANDED_OVER, "seller"),
        (S.HANDED_OVER, S.COMPLETED, "buyer clock staff"),
    ),
)

OPEN = frozenset({S.UNPAID, S.WAITING, S.ACCEPTED, S.READY, S.HANDED_OVER})
UNDONE = frozenset({S.DECLINED, S.CANCELLED, S.EXPIRED})


class DeliveryKind(StrEnum):
    """How goods reach the buyer."""

    PICKUP = "pickup"
    DELIVERY = "delivery"
