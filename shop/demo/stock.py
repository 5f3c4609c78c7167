"""What was made when, so that nothing is sold that is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from shop.core.clock import local_day
from shop.demo.calendar import wake_shift
from shop.demo.cast import Seller
from shop.demo.orders import Order
from shop.demo.shelf import Listing, products

_PERISHABLE_DAYS = 7
_LOW = 3
_SOLD_OUT = ("kerupuk-gonggong", "kerupuk-ikan-mentah", "jamur-tiram", "gantungan-gonggong")


@dataclass(frozen=True, slots=True)
class Restock:
    """`pieces` more of `slug`, made or brought by the member of that name."""

    at: datetime
    slug: str
    pieces: int
    by: str


@dataclass(frozen=True, slots=True)
class SoldOut:
    """The last piece of `slug` went at `at`; the seller says when there is more."""

    at: datetime
    slug: str
    back_on: date


@dataclass(frozen=True, slots=True)
class Change:
    """A number of pieces taken (negative) by an order, or given back by one that came to nothing.

    Stock is taken when an order is placed, as the shop reserves it then.
    """

    at: datetime
    slug: str
    pieces: int


def changes(orders: Iterable[Order]) -> Iterator[Change]:
    """What the orders take from the stock and give back."""
    for order in orders:
        for part in order.parts:
            returned = order.closed_at or part.declined_at
            for slug, pieces in part.items:
                yield Change(order.placed_at, slug, -pieces)
                if returned:
                    yield Change(returned, slug, pieces)


class Larder:
    """Stock of everything that is made ahead, and the restocking that it needs."""

    def __init__(
        self, rng: Random, now: datetime, sellers: Iterable[Seller], shelf: Iterable[Listing]
    ) -> None:
        self._rng = rng
        self._now = now
        self._sellers = {seller.slug: seller for seller in sellers}
        self._shelf = {one.slug: one for one in shelf if not one.made_to_order}

    def fill(self, orders: Iterable[Order]) -> tuple[list[Restock], list[SoldOut]]:
        """The restocking for these orders, and what is sold out now."""
        by_slug: dict[str, list[Change]] = defaultdict(list)
        for change in sorted(changes(orders), key=lambda c: c.at):
            by_slug[change.slug].append(change)
        restocks: list[Restock] = []
        gone: list[SoldOut] = []
        for listing in self._shelf.values():
            taken = by_slug[listing.slug]
            made, left, spare = self._follow(listing, taken)
            if listing.slug in _SOLD_OUT and left and left == spare < made[-1].pieces:
                made[-1] = replace(made[-1], pieces=made[-1].pieces - left)
                gone.append(self._sold_out(taken))
            elif left < _LOW or self._perishable(listing):
                made.append(self._fresh(listing))
            restocks += made
        return restocks, gone

    def _follow(self, listing: Listing, taken: list[Change]) -> tuple[list[Restock], int, int]:
        """Restocks, what is left, and the least there ever was since the last restock."""
        made = [self._restock(listing, listing.published_at, self._batch(listing))]
        left = spare = made[0].pieces
        for change in taken:
            if left + change.pieces < 0:
                batch = max(self._batch(listing), -change.pieces)
                earlier = wake_shift(change.at, -self._rng.uniform(0.5, 9))
                made.append(self._restock(listing, max(earlier, made[-1].at), batch))
                left += batch
                spare = left
            left += change.pieces
            spare = min(spare, left)
        return made, left, spare

    def _restock(self, listing: Listing, moment: datetime, pieces: int) -> Restock:
        """By a member who was there by then: everybody who founds a group is."""
        day = local_day(moment)
        there = [m.name for m in self._sellers[listing.seller].members if m.joined_on <= day]
        return Restock(moment, listing.slug, pieces, self._rng.choice(there))

    def _fresh(self, listing: Listing) -> Restock:
        moment = wake_shift(self._now, -self._rng.uniform(1, 8))
        return self._restock(listing, max(moment, listing.published_at), self._batch(listing))

    def _batch(self, listing: Listing) -> int:
        """How many are made at once: few of what is dear."""
        price = products()[listing.slug]["price_idr"]
        size = 30 if price < 20_000 else 18 if price < 50_000 else 7
        return self._rng.randint(size * 2 // 3, size * 4 // 3)

    def _perishable(self, listing: Listing) -> bool:
        return listing.shelf_life_days is not None and listing.shelf_life_days <= _PERISHABLE_DAYS

    def _sold_out(self, taken: list[Change]) -> SoldOut:
        back_on = local_day(self._now) + timedelta(days=self._rng.randint(2, 5))
        return SoldOut(taken[-1].at, taken[-1].slug, back_on)
