"""An order as the plan tells it: what was wanted, and when each thing happened to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from shop.demo.buyers import Buyer

PayBy = Literal["cash", "transfer", "qris"]


class Fate(StrEnum):
    """Where an order stands when the plan ends."""

    COMPLETED = "completed"
    HANDED_OVER = "handed_over"
    READY = "ready"
    ACCEPTED = "accepted"
    WAITING_PAID = "waiting_paid"
    WAITING_CASH = "waiting_cash"
    CLAIMED = "claimed"
    UNPAID = "unpaid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    DECLINED_PAID = "declined_paid"
    COMPLAINED = "complained"


_UNDONE = frozenset({Fate.EXPIRED, Fate.CANCELLED, Fate.DECLINED, Fate.DECLINED_PAID})


@dataclass(frozen=True, slots=True)
class Problem:
    """What a buyer reports of a part, what its seller answers, and how it ends.

    `verdict` is empty while it waits; `solved` is the buyer's own word, the others are the staff's.
    """

    kind: str
    text: str
    answer: str = ""
    offer: str = "nothing"
    verdict: Literal["", "refuse", "all", "some", "solved"] = ""
    reason: str = ""
    reported_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one seller is asked for: (product, pieces), and when it moved; None: it has not."""

    seller: str
    items: tuple[tuple[str, int], ...]
    delivery: Literal["pickup", "delivery"]
    lead_days: int
    note: str = ""
    accepted_at: datetime | None = None
    ready_at: datetime | None = None
    handed_over_at: datetime | None = None
    completed_at: datetime | None = None
    declined_at: datetime | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One buyer's order. `number` counts from 1 by time.

    Cash is paid to each seller as she hands over, so `claimed_at` and `paid_at` are None for it.
    `closed_at` is when an unpaid order ran out or was called off by its buyer.
    """

    number: int
    placed_at: datetime
    buyer: Buyer
    method: PayBy
    parts: tuple[Part, ...]
    fate: Fate
    claimed_at: datetime | None = None
    paid_at: datetime | None = None
    closed_at: datetime | None = None

    def until(self, now: datetime) -> Order:
        """The order without what would happen after `now`, and with the fate it then has."""
        parts = tuple(_part_until(part, now) for part in self.parts)
        known = replace(
            self,
            parts=parts,
            claimed_at=_if_past(self.claimed_at, now),
            paid_at=_if_past(self.paid_at, now),
        )
        return replace(known, fate=_standing(known))


def _part_until(part: Part, now: datetime) -> Part:
    return replace(
        part,
        accepted_at=_if_past(part.accepted_at, now),
        ready_at=_if_past(part.ready_at, now),
        handed_over_at=_if_past(part.handed_over_at, now),
        completed_at=_if_past(part.completed_at, now),
    )


def _if_past(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment <= now else None


def _standing(order: Order) -> Fate:
    """The fate of an order that was not undone: that of the part that is furthest behind."""
    if order.fate in _UNDONE:
        return order.fate
    if order.method != "cash" and order.paid_at is None:
        return Fate.CLAIMED if order.claimed_at else Fate.UNPAID
    waiting = Fate.WAITING_CASH if order.method == "cash" else Fate.WAITING_PAID
    ladder = (waiting, Fate.ACCEPTED, Fate.READY, Fate.HANDED_OVER, Fate.COMPLETED)
    return ladder[min(_steps_taken(part) for part in order.parts)]


def _steps_taken(part: Part) -> int:
    moments = (part.accepted_at, part.ready_at, part.handed_over_at, part.completed_at)
    return sum(moment is not None for moment in moments)
