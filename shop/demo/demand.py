"""Who orders what on which day: growth as sellers join, weekdays, feasts, and some luck."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Literal

from shop.core.clock import local_day
from shop.demo.buyers import Buyer, Crowd
from shop.demo.calendar import at, liveliness, taste
from shop.demo.cast import Seller
from shop.demo.orders import Fate, Order, Part, PayBy
from shop.demo.shelf import Listing, price_on
from shop.demo.source import zone_of_kelurahan

_LIKING = {
    "jajanan-basah": 1.3,
    "siap-santap": 1.3,
    "camilan": 1.2,
    "hasil-tani": 1.0,
    "kue-kering": 0.9,
    "olahan-laut": 1.0,
    "paket": 0.8,
    "bumbu-sambal": 0.7,
    "minuman": 1.0,
    "jasa": 0.6,
    "kerajinan": 0.9,
    "jahitan": 0.8,
}
_HOURS = (1, 2, 5, 7, 8, 6, 5, 4, 4, 5, 6, 5, 5, 7, 8, 5)
"""How many of the orders come in each hour from 6 to 21 o'clock, in proportion."""

_FATES = (Fate.COMPLETED, Fate.EXPIRED, Fate.CANCELLED, Fate.DECLINED)
_FATE_SHARES = (93, 3, 2, 2)
_SERVICE = "jasa"
"""The category of work on what buyers bring themselves."""

_PLAIN_PRICE = 25_000
_BEGINNING = 0.5


@dataclass(frozen=True, slots=True)
class _Stall:
    """A listing with what decides how often it is bought."""

    listing: Listing
    seller: Seller
    first: date
    pull: float


class Market:
    """All that can be bought, day by day."""

    def __init__(
        self, rng: Random, today: date, sellers: Iterable[Seller], shelf: Iterable[Listing]
    ) -> None:
        self._rng = rng
        self._today = today
        self.crowd = Crowd(rng)
        self._sellers = {seller.slug: seller for seller in sellers}
        self._stalls = [self._stall(listing) for listing in shelf if listing.approved]
        self._open: dict[date, tuple[list[_Stall], list[float]]] = {}

    def days(self, first: date, last: date, count: int) -> list[date]:
        """The days of `count` orders between `first` and `last`, in order."""
        length = (last - first).days
        days = [first + timedelta(days=i) for i in range(length + 1)]
        weights = [
            (_BEGINNING + (1 - _BEGINNING) * i / length) * liveliness(day) * self._pull_of(day)
            for i, day in enumerate(days)
        ]
        return sorted(self._rng.choices(days, weights, k=count))

    def order(self, day: date) -> Order:
        """One order of `day`, with the end it is meant to have; its steps are still missing."""
        rng = self._rng
        buyer = self.crowd.anybody()
        stalls, weights = self._on(day)
        makers: dict[str, _Stall] = {}
        for _ in range(rng.choices((1, 2, 3), (82, 15, 3))[0]):
            stall = rng.choices(stalls, cum_weights=weights)[0]
            makers.setdefault(stall.seller.slug, stall)
        parts = tuple(self._part(day, buyer, stall) for stall in makers.values())
        total = sum(self._cost(part, day) for part in parts)
        method = self._method(total)
        hour = rng.choices(range(6, 22), _HOURS)[0] + rng.random()
        return Order(0, at(day, hour), buyer, method, parts, self._fate(method))

    def asked(
        self, buyer: Buyer, method: PayBy, fate: Fate, wanted: dict[str, int], note: str
    ) -> Order:
        """An order of today for just these products and pieces; its times are still missing."""
        by_slug = {stall.listing.slug: stall for stall in self._stalls}
        makers: dict[str, list[Listing]] = defaultdict(list)
        for slug in wanted:
            makers[by_slug[slug].seller.slug].append(by_slug[slug].listing)
        parts = tuple(
            Part(
                seller,
                tuple((one.slug, wanted[one.slug]) for one in bought),
                self._delivery(buyer, self._sellers[seller]),
                max(one.lead_days for one in bought),
                note,
            )
            for seller, bought in makers.items()
        )
        return Order(0, at(self._today, 0), buyer, method, parts, fate)

    def _stall(self, listing: Listing) -> _Stall:
        seller = self._sellers[listing.seller]
        cheapness = (_PLAIN_PRICE / listing.price) ** 0.5
        first = local_day(listing.published_at) + timedelta(days=1)
        return _Stall(listing, seller, first, seller.pull * _LIKING[listing.category] * cheapness)

    def _on(self, day: date) -> tuple[list[_Stall], list[float]]:
        """What can be bought on `day`, and its summed-up weights."""
        if day not in self._open:
            wanted = taste(day)
            stalls = [
                stall
                for stall in self._stalls
                if stall.first <= day
                and (stall.seller.sells_until is None or day <= stall.seller.sells_until)
            ]
            weights = accumulate(stall.pull * wanted[stall.listing.category] for stall in stalls)
            self._open[day] = stalls, list(weights)
        return self._open[day]

    def _pull_of(self, day: date) -> float:
        _, weights = self._on(day)
        return weights[-1] if weights else 0.0

    def _part(self, day: date, buyer: Buyer, chosen: _Stall) -> Part:
        """One to three products of the seller, among them the chosen one."""
        stalls, _ = self._on(day)
        others = [s for s in stalls if s.seller is chosen.seller and s is not chosen]
        more = min(self._rng.choices((0, 1, 2), (60, 28, 12))[0], len(others))
        bought = [chosen, *self._rng.sample(others, more)]
        items = tuple((s.listing.slug, self._pieces(s.listing)) for s in bought)
        lead = max(s.listing.lead_days for s in bought)
        brought = any(s.listing.category == _SERVICE for s in bought)
        delivery = "pickup" if brought else self._delivery(buyer, chosen.seller)
        return Part(chosen.seller.slug, items, delivery, lead)

    def _pieces(self, listing: Listing) -> int:
        """Few of what is dear; now and then many for a gathering."""
        rng = self._rng
        if listing.price < 50_000 and rng.random() < 0.07:
            return min(rng.randint(8, 24), listing.most_per_order)
        most = 4 if listing.price < 20_000 else 3 if listing.price < 60_000 else 1
        return min(rng.randint(1, most), listing.most_per_order)

    def _delivery(self, buyer: Buyer, seller: Seller) -> Literal["pickup", "delivery"]:
        offered = {zone for zone, _ in seller.zones}
        near = buyer.kelurahan == seller.kelurahan
        if zone_of_kelurahan()[buyer.kelurahan] not in offered:
            return "pickup"
        return "delivery" if self._rng.random() < (0.3 if near else 0.6) else "pickup"

    def _cost(self, part: Part, day: date) -> int:
        by_slug = {stall.listing.slug: stall.listing for stall in self._on(day)[0]}
        return sum(n * price_on(by_slug[slug], day, self._today) for slug, n in part.items)

    def _method(self, total: int) -> PayBy:
        """Dear orders are rarely paid in cash."""
        shares = (15, 50, 35) if total > 300_000 else (45, 22, 33)
        methods: tuple[PayBy, ...] = ("cash", "transfer", "qris")
        return self._rng.choices(methods, shares)[0]

    def _fate(self, method: PayBy) -> Fate:
        """Only what is to be paid before can run out; sellers decline what is paid in cash."""
        fate = self._rng.choices(_FATES, _FATE_SHARES)[0]
        fits = fate is not (Fate.EXPIRED if method == "cash" else Fate.DECLINED)
        return fate if fits else Fate.COMPLETED
