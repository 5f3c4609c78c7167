"""The life of goods left at a point."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class ConsignmentState(StrEnum):
    """Whether pieces still lie at the point."""

    OPEN = "open"
    CLOSED = "closed"


CONSIGNMENT = LifeCycle(
    "consignment",
    ConsignmentState.OPEN,
    moves(
        (ConsignmentState.OPEN, ConsignmentState.CLOSED, "seller staff clock"),
        (ConsignmentState.CLOSED, ConsignmentState.OPEN, "seller staff"),  # a count was wrong
    ),
)


class CountKind(StrEnum):
    """What was recorded of pieces at a point: sold, taken back whole, or lost."""

    SOLD = "sold"
    RETURNED = "returned"
    LOST = "lost"


class PaidBy(StrEnum):
    """Who holds the money of what was sold: still the point, the seller, or the programme."""

    POINT = "point"
    SELLER = "seller"
    PROGRAMME = "programme"
