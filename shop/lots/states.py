"""The life of a delivery note and of a lot, and what is written down beside them."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class NoteState(StrEnum):
    """Where a delivery note stands: written, confirmed by its member, or withdrawn."""

    TOLD = "told"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


DELIVERY_NOTE = LifeCycle(
    "delivery note",
    NoteState.TOLD,
    moves(
        # A witness is somebody else of the cooperative, where the member has no way to sign in.
        (NoteState.TOLD, NoteState.CONFIRMED, "member witness"),
        (NoteState.TOLD, NoteState.WITHDRAWN, "keeper"),
        (NoteState.CONFIRMED, NoteState.WITHDRAWN, "keeper"),
    ),
)


class LotState(StrEnum):
    """Where a lot stands: goods still come in, or its money is shared."""

    OPEN = "open"
    SETTLED = "settled"


LOT = LifeCycle("lot", LotState.OPEN, moves((LotState.OPEN, LotState.SETTLED, "treasurer")))


class RecordKind(StrEnum):
    """What is written down of a lot: sold `elsewhere` than in the shop, what `transport`,
    `packing` or something `other` cost, and kilograms that were lost (`shrink`).
    """

    ELSEWHERE = "elsewhere"
    TRANSPORT = "transport"
    PACKING = "packing"
    OTHER = "other"
    SHRINK = "shrink"


COSTS = (RecordKind.TRANSPORT, RecordKind.PACKING, RecordKind.OTHER)
WEIGHED = (RecordKind.ELSEWHERE, RecordKind.SHRINK)


class Grade(StrEnum):
    """How good a delivery is, by the cooperative's own eye."""

    A = "A"
    B = "B"
    C = "C"
