"""The kinds of things that happen in the plan, each at a moment (aware UTC)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shop.demo.cast import Seller
from shop.demo.orders import Fate, Order, Problem
from shop.demo.shelf import Listing, PriceChange
from shop.demo.stock import Restock, SoldOut
from shop.demo.training import Cohort


@dataclass(frozen=True, slots=True)
class CohortRun:
    """A cohort has finished: it can be entered whole, with its past sessions."""

    at: datetime
    cohort: Cohort


@dataclass(frozen=True, slots=True)
class SellerJoins:
    """Somebody applies to sell."""

    at: datetime
    seller: Seller


@dataclass(frozen=True, slots=True)
class SellerApproved:
    """Staff let a seller in."""

    at: datetime
    seller: str


@dataclass(frozen=True, slots=True)
class ProductPublished:
    """A product is handed in, and goes live unless `listing.approved` is False."""

    at: datetime
    listing: Listing


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """A buyer orders."""

    at: datetime
    order: Order


StepKind = Literal[
    "claimed",
    "paid",
    "accepted",
    "ready",
    "handed_over",
    "completed",
    "declined",
    "expired",
    "cancelled",
]


@dataclass(frozen=True, slots=True)
class OrderStep:
    """Something happens to an order, or, where `seller` is named, to that seller's part of it.

    `claimed` is the buyer saying that it was paid, `paid` staff having seen the money. Handing
    over an order in cash includes taking the money.
    """

    at: datetime
    number: int
    kind: StepKind
    seller: str | None


ComplaintMove = Literal["reported", "answered", "ended"]


@dataclass(frozen=True, slots=True)
class ComplaintStep:
    """Something happens to the complaint about a seller's part of an order.

    `slug` is the first thing in it.
    """

    at: datetime
    number: int
    kind: ComplaintMove
    seller: str
    slug: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class PayoutBatch:
    """Friday's payouts are made."""

    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class PayoutPaid:
    """The bank has paid the payouts of `day`, under `reference`."""

    at: datetime
    day: date
    reference: str


Event = (
    CohortRun
    | SellerJoins
    | SellerApproved
    | ProductPublished
    | Restock
    | PriceChange
    | SoldOut
    | OrderPlaced
    | OrderStep
    | ComplaintStep
    | PayoutBatch
    | PayoutPaid
)


def steps(order: Order) -> Iterator[OrderStep]:
    """What happened to `order` after it was placed, in order for each part."""
    if order.claimed_at:
        yield OrderStep(order.claimed_at, order.number, "claimed", None)
    if order.paid_at:
        yield OrderStep(order.paid_at, order.number, "paid", None)
    if order.closed_at:
        ended: StepKind = "expired" if order.fate is Fate.EXPIRED else "cancelled"
        yield OrderStep(order.closed_at, order.number, ended, None)
    for part in order.parts:
        moments: tuple[tuple[datetime | None, StepKind], ...] = (
            (part.declined_at, "declined"),
            (part.accepted_at, "accepted"),
            (part.ready_at, "ready"),
            (part.handed_over_at, "handed_over"),
            (part.completed_at, "completed"),
        )
        for moment, kind in moments:
            if moment:
                yield OrderStep(moment, order.number, kind, part.seller)


def complaint_steps(order: Order) -> Iterator[ComplaintStep]:
    """What was reported of `order`, answered and decided."""
    for part in order.parts:
        if problem := part.problem:
            moments: tuple[
                tuple[datetime | None, Literal["reported", "answered", "ended"]], ...
            ] = (
                (problem.reported_at, "reported"),
                (problem.answered_at, "answered"),
                (problem.ended_at, "ended"),
            )
            for moment, kind in moments:
                if moment:
                    slug = part.items[0][0]
                    yield ComplaintStep(moment, order.number, kind, part.seller, slug, problem)
