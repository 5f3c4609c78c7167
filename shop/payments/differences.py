"""Where books, orders, providers and bank say different things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class DifferenceKind(StrEnum):
    """What is different; `words_money` says it to people, with the next step."""

    BOOKS = "books"
    """Ledger and orders contradict themselves or each other: what `shop check` finds."""
    MESSAGE = "message"
    """A provider told of money that fits no payment."""
    GATEWAY_DAY = "gateway_day"
    GATEWAY_UNPAID = "gateway_unpaid"
    QRIS_DAY = "qris_day"
    QRIS_UNPAID = "qris_unpaid"
    QRIS_FEE = "qris_fee"
    """An acquirer's line whose three sums do not fit together."""
    LINE_WAITING = "line_waiting"
    """Money moved at the bank, and nobody has said for some days what it is."""
    NOT_AT_BANK = "not_at_bank"
    """The books say that money moved at the bank, and its statement does not."""
    CARRIED_LONG = "carried_long"
    """A courier or a point has not handed in cash for some days."""
    STRIPE = "stripe"
    """The books and Stripe's lists say different things of a sum."""
    STRIPE_SILENT = "stripe_silent"
    GAP = "gap"
    """The statements do not join: lines between them are missing."""


@dataclass(frozen=True)
class Difference:
    """One difference: `amount` rupiah, since `day`, about `what`; what is not known is empty."""

    kind: DifferenceKind
    what: str = ""
    day: date | None = None
    amount: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"day": self.day.isoformat() if self.day else None}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Difference:
        """From JSON."""
        return cls(
            DifferenceKind(data["kind"]),
            data["what"],
            date.fromisoformat(data["day"]) if data["day"] else None,
            data["amount"],
            data["more"],
        )
