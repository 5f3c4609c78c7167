"""The demo's story: what happens when, from the first seller until today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from shop.demo import live
from shop.demo.calendar import at
from shop.demo.cast import Seller, SignIn, sellers, sign_ins, trained
from shop.demo.complaints import with_trouble
from shop.demo.demand import Market
from shop.demo.events import (
    CohortRun,
    Event,
    OrderPlaced,
    PayoutBatch,
    PayoutPaid,
    ProductPublished,
    SellerApproved,
    SellerJoins,
    complaint_steps,
    steps,
)
from shop.demo.fates import live_through
from shop.demo.orders import Fate, Order
from shop.demo.shelf import Listing, PriceChange, approved_at, listings, price_changes
from shop.demo.stock import Larder, Restock, SoldOut
from shop.demo.training import Agency, Cohort, Course, agencies, cohorts, courses

ORDERS = 1_260
DAYS = 548
"""The shop has been open for eighteen months."""

_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that happens until `now`. Money is whole rupiah, moments are aware UTC."""

    today: date
    now: datetime
    agencies: tuple[Agency, ...]
    courses: tuple[Course, ...]
    cohorts: tuple[Cohort, ...]
    sign_ins: tuple[SignIn, ...]
    sellers: tuple[Seller, ...]
    listings: tuple[Listing, ...]
    price_changes: tuple[PriceChange, ...]
    restocks: tuple[Restock, ...]
    sold_out: tuple[SoldOut, ...]
    orders: tuple[Order, ...]
    payouts: tuple[PayoutBatch | PayoutPaid, ...]

    def events(self) -> list[Event]:
        """All that happens, by time; what comes at one moment keeps its natural order."""
        events: list[Event] = [CohortRun(at(c.sessions[-1], 17), c) for c in self.cohorts]
        for seller in self.sellers:
            events.append(SellerJoins(at(seller.joined_on, 9), seller))
            if approved := approved_at(seller):
                events.append(SellerApproved(approved, seller.slug))
        events += (ProductPublished(one.published_at, one) for one in self.listings)
        events += (*self.restocks, *self.price_changes)
        for order in self.orders:
            events.append(OrderPlaced(order.placed_at, order))
            events += steps(order)
            events += complaint_steps(order)
        events += (*self.sold_out, *self.payouts)
        return sorted(events, key=lambda event: event.at)


def build_plan(today: date, now: datetime, seed: int = 2172) -> Plan:
    """The plan that ends at `now` (aware), a moment of the Jakarta day `today`.

    The same arguments give an equal plan. Raises `ValueError` where `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    rng = Random(seed)
    cast = sellers(today)
    shelf = listings(rng, today, cast)
    people = cohorts(rng, today, trained(cast))
    orders = _orders(rng, today, now, cast, shelf)
    restocks, sold_out = Larder(rng, now, cast, shelf).fill(orders)
    return Plan(
        today=today,
        now=now,
        agencies=agencies(),
        courses=courses(),
        cohorts=people,
        sign_ins=sign_ins(),
        sellers=cast,
        listings=shelf,
        price_changes=price_changes(today, shelf),
        restocks=tuple(restocks),
        sold_out=tuple(sold_out),
        orders=orders,
        payouts=tuple(_payouts(rng, today, now)),
    )


def _orders(
    rng: Random, today: date, now: datetime, cast: tuple[Seller, ...], shelf: tuple[Listing, ...]
) -> tuple[Order, ...]:
    """Many by chance until four days ago, then the scenes of the last days."""
    market = Market(rng, today, cast, shelf)
    first, last = today - timedelta(days=DAYS), today - timedelta(days=4)
    drafts = [market.order(day) for day in market.days(first, last, ORDERS - live.COUNT)]
    refunded = max(i for i, order in enumerate(drafts[:-60]) if order.method == "transfer")
    drafts[refunded] = replace(drafts[refunded], fate=Fate.DECLINED_PAID)
    lived = [live_through(rng, draft, now) for draft in drafts]
    lived += live.last_days(rng, market, now)
    lived.sort(key=lambda order: order.placed_at)
    told = with_trouble(lived, now)
    return tuple(replace(order, number=i) for i, order in enumerate(told, 1))


def _payouts(rng: Random, today: date, now: datetime) -> Iterator[PayoutBatch | PayoutPaid]:
    """Every Friday at ten; paid in the afternoon, except the last, which is still open."""
    days = (today - timedelta(days=back) for back in reversed(range(DAYS - 7)))
    fridays = [day for day in days if day.weekday() == _FRIDAY and at(day, 10) <= now]
    for day in fridays:
        yield PayoutBatch(at(day, 10), day)
        if day != fridays[-1]:
            yield PayoutPaid(at(day, 14.5), day, f"TRF{day:%y%m%d}{rng.randint(1000, 9999)}")
