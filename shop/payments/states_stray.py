"""The life of money that fits no open payment as it came."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class StrayKind(StrEnum):
    """What is odd about the money.

    `double`: its payment had come already. `short`: less than was asked for. `over`: what came
    beyond the sum asked for. `wrong`: nobody knows yet for which order it is.
    """

    DOUBLE = "double"
    SHORT = "short"
    OVER = "over"
    WRONG = "wrong"


class StrayState(StrEnum):
    """What becomes of it.

    `open`: it waits for a person. `asked`: its buyer is asked for the rest. `due`: somebody
    decided that it goes back, somebody else is to send it. The others are ends: `refunded` (sent
    back), `topped_up` (the rest came), `fund` (the programme keeps it), `reopened` (it paid for
    an order that had run out), `matched` (it paid for an order that still waited), `credited`
    (it is the buyer's credit), `undone` (the bank's line turned out to be something else).
    """

    OPEN = "open"
    ASKED = "asked"
    DUE = "due"
    REFUNDED = "refunded"
    TOPPED_UP = "topped_up"
    FUND = "fund"
    REOPENED = "reopened"
    MATCHED = "matched"
    CREDITED = "credited"
    UNDONE = "undone"


S = StrayState
STRAY = LifeCycle(
    "stray money",
    S.OPEN,
    moves(
        (S.OPEN, S.ASKED, "staff"),
        (S.ASKED, S.OPEN, "clock buyer seller staff"),
        (S.ASKED, S.TOPPED_UP, "staff provider"),
        (S.OPEN, S.TOPPED_UP, "staff provider"),
        (S.OPEN, S.DUE, "staff"),
        (S.DUE, S.OPEN, "staff"),
        (S.DUE, S.REFUNDED, "staff"),
        (S.OPEN, S.FUND, "staff"),
        (S.OPEN, S.MATCHED, "staff"),
        (S.OPEN, S.REOPENED, "staff"),
        (S.OPEN, S.CREDITED, "staff"),
        (S.OPEN, S.UNDONE, "staff"),
        (S.MATCHED, S.UNDONE, "staff"),
        (S.REOPENED, S.UNDONE, "staff"),
        (S.TOPPED_UP, S.ASKED, "staff"),  # the rest was somebody else's money
    ),
)
STILL_THERE = (S.OPEN, S.ASKED, S.DUE)
"""In these states the money waits on the account `suspense`."""
