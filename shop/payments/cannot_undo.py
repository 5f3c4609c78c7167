"""Why what was matched cannot be undone."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What stands in the way."""

    HANDED_OVER = "handed_over"
    """The goods left the house, or the order was undone since."""
    GOES_BACK = "goes_back"
    """Some of the money goes back to its buyer, or went."""
    USED = "used"
    """The money paid for something else since, or its rest is asked for."""
    RETURNED = "returned"
    """The payout came back since."""
    NO_CODE = "no_code"
    """All sums by which the payment could be known are waited for."""


class CannotUndo(Exception):
    """The match stays; `why` says what has to be dealt with first."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
