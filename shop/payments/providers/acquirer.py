"""What a gateway is to this shop: it makes QRIS codes, says how they stand, gives money back.

A further gateway is one module with a class like this (`docs/gateways.md`). No other module knows
a gateway's words, units or times. None of these calls may be made inside a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class GatewayUnreachable(Exception):
    """No answer came that could be understood; what was asked may have been done."""


class GatewayRefused(Exception):
    """The gateway said no, and did nothing; the message is its own code for why."""


class BadNotification(ValueError):
    """A message does not come from the gateway, or not as it was sent."""


class Standing(StrEnum):
    """How a code stands, as its gateway last said.

    `unknown`: it never heard of it, or was not asked yet. `ended`: not to be paid any more.
    `returned`: it was paid, and some or all of the money went back.
    """

    UNKNOWN = "unknown"
    PENDING = "pending"
    PAID = "paid"
    ENDED = "ended"
    RETURNED = "returned"


@dataclass(frozen=True)
class Code:
    """A code for one payment: its text, its name at the gateway, until when it can be paid."""

    text: str
    transaction_id: str
    expires_at: datetime | None


@dataclass(frozen=True)
class Status:
    """What a gateway says of a code when it is asked.

    `amount` in rupiah, None where it is in another currency or not whole. `said` is the gateway's
    own word. `refunds` are the keys of those of our refunds that it carried out.
    """

    standing: Standing
    reference: str = ""
    transaction_id: str = ""
    amount: int | None = None
    said: str = ""
    refunds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Notification:
    """A gateway's message, which is only ever a hint to ask. `identity` tells it from others."""

    identity: str
    kind: str
    reference: str
    payload: dict[str, Any]


class Acquirer(Protocol):
    """A gateway."""

    @property
    def name(self) -> str:
        """By which codes and messages are kept; the last word of its webhook's address."""

    def make(self, reference: str, amount: int, minutes: int, words: str) -> Code:
        """A code for `amount` rupiah that lives so many minutes; a reference is used once.

        Raises `GatewayRefused`, `GatewayUnreachable`.
        """

    def status(self, reference: str) -> Status:
        """How a code stands. Raises `GatewayRefused`, `GatewayUnreachable`."""

    def end(self, reference: str, *, ran_out: bool) -> None:
        """Let nobody pay it any more. Raises `GatewayRefused`, `GatewayUnreachable`."""

    def refund(self, reference: str, key: str, amount: int, reason: str) -> None:
        """Send `amount` rupiah back to who paid, once for each key.

        Raises `GatewayRefused`, `GatewayUnreachable`.
        """

    def read(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """The message in a webhook's body, if the gateway signed it. Raises `BadNotification`."""
