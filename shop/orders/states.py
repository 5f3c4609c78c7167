"""The life of each seller's part of an order.

The order itself has no state of its own: what is said of it is derived from its parts and payments.
"""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class SellerOrderState(StrEnum):
    """Where a seller's part stands. `unpaid` parts are not yet shown as work to do.

    `disputed`: the buyer reports a problem and the money waits for staff to decide; `returned`:
    the goods went back (or were no good) and nothing of it is earned.
    """

    UNPAID = "unpaid"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    READY = "ready"
    HANDED_OVER = "handed_over"
    COMPLETED = "completed"
    DECLINED = "declined"
    DISPUTED = "disputed"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S = SellerOrderState

SELLER_ORDER = LifeCycle(
    "seller order",
    S.UNPAID,
    moves(
        (S.UNPAID, S.UNPAID, "seller buyer"),  # a fee is named, then agreed to
        (S.UNPAID, S.WAITING, "payment"),
        (S.UNPAID, S.DECLINED, "seller"),  # she cannot bring it
        (S.UNPAID, S.CANCELLED, "buyer staff seller"),  # of a seller: with her own part
        (S.UNPAID, S.EXPIRED, "clock"),
        (S.EXPIRED, S.WAITING, "payment"),
        (S.WAITING, S.UNPAID, "payment"),  # it was somebody else's money
        (S.ACCEPTED, S.UNPAID, "payment"),
        (S.READY, S.UNPAID, "payment"),
        (S.WAITING, S.ACCEPTED, "seller"),
        (S.WAITING, S.DECLINED, "seller"),
        (S.WAITING, S.CANCELLED, "buyer staff clock"),
        (S.ACCEPTED, S.READY, "seller"),
        (S.ACCEPTED, S.DECLINED, "seller"),
        (S.ACCEPTED, S.CANCELLED, "staff"),
        (S.READY, S.CANCELLED, "staff"),
        (S.READY, S.HANDED_OVER, "seller"),
        (S.HANDED_OVER, S.COMPLETED, "buyer clock staff"),
        (S.HANDED_OVER, S.DISPUTED, "buyer staff"),
        (S.HANDED_OVER, S.RETURNED, "staff"),
        (S.DISPUTED, S.HANDED_OVER, "buyer"),
        (S.DISPUTED, S.COMPLETED, "staff"),
        (S.DISPUTED, S.RETURNED, "staff"),
    ),
)

OPEN = frozenset({S.UNPAID, S.WAITING, S.ACCEPTED, S.READY, S.HANDED_OVER, S.DISPUTED})
UNDONE = frozenset({S.DECLINED, S.CANCELLED, S.EXPIRED, S.RETURNED})
BEFORE_READY = frozenset({S.WAITING, S.ACCEPTED})
IN_THE_HOUSE = frozenset({S.WAITING, S.ACCEPTED, S.READY})


class DeliveryKind(StrEnum):
    """How goods reach the buyer.

    `pickup`: at the seller's; `point`: at a pick-up point; `delivery`: by the seller, for her
    zone's fee; `arranged`: brought for a fee that seller and buyer agree on afterwards.
    """

    PICKUP = "pickup"
    POINT = "point"
    DELIVERY = "delivery"
    ARRANGED = "arranged"


BROUGHT = frozenset({DeliveryKind.DELIVERY, DeliveryKind.ARRANGED})
"""The ways by which goods come to the buyer's door."""
