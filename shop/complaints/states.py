"""The life of a complaint, and the words a buyer and a seller choose from."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class ComplaintState(StrEnum):
    """Where a complaint stands. While it is open or answered, the part's money waits."""

    OPEN = "open"
    ANSWERED = "answered"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


C = ComplaintState

COMPLAINT = LifeCycle(
    "complaint",
    C.OPEN,
    moves(
        (C.OPEN, C.ANSWERED, "seller"),
        (C.OPEN, C.GRANTED, "staff"),
        (C.OPEN, C.REFUSED, "staff"),
        (C.OPEN, C.WITHDRAWN, "buyer"),
        (C.ANSWERED, C.GRANTED, "staff"),
        (C.ANSWERED, C.REFUSED, "staff"),
        (C.ANSWERED, C.WITHDRAWN, "buyer"),
    ),
)

WAITING = frozenset({C.OPEN, C.ANSWERED})


class ComplaintKind(StrEnum):
    """What is wrong. `absent`: it is said to be handed over, and the buyer has nothing."""

    SPOILED = "spoiled"
    OTHER_GOODS = "other_goods"
    TOO_FEW = "too_few"
    ABSENT = "absent"
    OTHER = "other"


class Offer(StrEnum):
    """What the seller offers with her answer; staff decide all the same."""

    NOTHING = "nothing"
    MONEY_BACK = "money_back"
    AGAIN = "again"
