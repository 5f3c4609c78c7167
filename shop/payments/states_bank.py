"""The life of a line of a bank statement."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class LineState(StrEnum):
    """Where a line stands: `new`, `matched` with what the books say, or `aside`: nothing of ours.

    What was matched by mistake waits again.
    """

    NEW = "new"
    MATCHED = "matched"
    ASIDE = "aside"


BANK_LINE = LifeCycle(
    "bank line",
    LineState.NEW,
    moves(
        (LineState.NEW, LineState.MATCHED, "staff"),
        (LineState.NEW, LineState.ASIDE, "staff"),
        (LineState.ASIDE, LineState.NEW, "staff"),
        (LineState.MATCHED, LineState.NEW, "system"),
    ),
)
