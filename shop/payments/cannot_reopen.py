"""Why the order of late money cannot be opened again."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What stands in the way."""

    SENT = "sent"
    """The money went back to its buyer, or is on its way to her."""
    GOODS_GONE = "goods_gone"
    """What was ordered is not there any more."""
    NOT_EXPIRED = "not_expired"
    """The order did not run out: it was called off, or lives and is paid otherwise."""
    USED = "used"
    """Credit, or money that came before, was to pay some of it and is used otherwise."""


class CannotReopen(Exception):
    """The money stays late; `why` says what stands in the way."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
