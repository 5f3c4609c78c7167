"""The life of a standing order, and how each of its days went."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class StandingState(StrEnum):
    """Whether orders are made from it."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


STANDING = LifeCycle(
    "standing order",
    StandingState.ACTIVE,
    moves(
        (StandingState.ACTIVE, StandingState.PAUSED, "buyer seller staff"),
        (StandingState.PAUSED, StandingState.ACTIVE, "buyer staff"),
        (StandingState.ACTIVE, StandingState.ENDED, "buyer seller staff clock"),
        (StandingState.PAUSED, StandingState.ENDED, "buyer seller staff clock"),
    ),
)


class RunOutcome(StrEnum):
    """What became of one day of a standing order."""

    PLACED = "placed"
    SKIPPED = "skipped"
    FAILED = "failed"
