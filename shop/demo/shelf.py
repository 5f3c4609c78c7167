"""What each seller offers, from when, at what price and with which permits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from shop.demo.calendar import at
from shop.demo.cast import Seller
from shop.demo.source import read
from shop.demo.training import finish_days, skills_of_cohorts

_EARLIER_PRICES = {
    "kerupuk-tenggiri": (13_000, 96),
    "cabai-rawit": (16_000, 130),
    "nasi-lemak": (10_000, 310),
}
"""Rupiah at which a product came, and how many days ago it rose to what it costs now."""

_PERMIT_ENDS_THIS_YEAR = "belacan"
_FOOD_TYPES = {
    "keripik-pisang": "14",
    "keripik-ubi-pedas": "15",
    "kacang-telur": "15",
    "minyak-kelapa": "07",
    "madu-kelulut": "09",
    "serbuk-jahe": "13",
    "kopi-bubuk": "10",
    "fish_processing": "02",
    "sambal_spice": "11",
}
"""P-IRT's two digits by product or skill, in the order of BPOM's fifteen kinds of food."""

_FLOUR_PRODUCT = "06"
_MOST_TO_ORDER = {"kerajinan": 5, "jahitan": 6, "kue-kering": 20, "paket": 10, "jasa": 5}
_MOST = 40


@dataclass(frozen=True, slots=True)
class Listing:
    """A product as it comes to the shop; `price` in rupiah is the one it comes with.

    Made-to-order things have no stock but a cap: `most_per_order` pieces. `approved` is False for
    one that still waits for staff. Numbers of permits are invented; empty where there is none.
    """

    slug: str
    seller: str
    category: str
    price: int
    made_to_order: bool
    lead_days: int
    shelf_life_days: int | None
    most_per_order: int
    permit_kind: str
    permit_number: str
    halal_kind: str
    halal_number: str
    published_at: datetime
    approved: bool


@dataclass(frozen=True, slots=True)
class PriceChange:
    """From `at`, `slug` costs `price` rupiah."""

    at: datetime
    slug: str
    price: int


@cache
def products() -> dict[str, Any]:
    """The product facts by slug, as in `data/products.json`."""
    return {row["slug"]: row for row in read("products")}


def approved_at(seller: Seller) -> datetime | None:
    """When staff let the seller in: the day after joining. None while that waits."""
    return None if seller.waiting else at(seller.joined_on + timedelta(days=1), 10.5)


def listings(rng: Random, today: date, sellers: Iterable[Seller]) -> tuple[Listing, ...]:
    """Every product, at the seller that makes it; the second and later ones come by and by."""
    found: list[Listing] = []
    for number, seller in enumerate(sellers, 1):
        day = seller.joined_on + timedelta(days=1)
        for position, slug in enumerate(seller.products):
            if position:
                day += timedelta(days=rng.randint(1, 16))
            on = min(max(day, _skill_day(seller, slug, today)), today - timedelta(days=1))
            published = at(on, 11 + position / 4 + rng.random() / 5)
            found.append(_listing(rng, slug, seller, published, number, today))
    return tuple(found)


def price_changes(today: date, shelf: Iterable[Listing]) -> tuple[PriceChange, ...]:
    """The few prices that rose to what they are now."""
    changes = (
        PriceChange(at(today - timedelta(days=_EARLIER_PRICES[one.slug][1]), 8.0), one.slug, price)
        for one in shelf
        if one.price != (price := products()[one.slug]["price_idr"])
    )
    return tuple(sorted(changes, key=lambda change: change.at))


def price_on(listing: Listing, day: date, today: date) -> int:
    """What one piece costs on `day`, in rupiah."""
    earlier = _EARLIER_PRICES.get(listing.slug)
    if earlier and day < today - timedelta(days=earlier[1]):
        return earlier[0]
    price: int = products()[listing.slug]["price_idr"]
    return price


def _skill_day(seller: Seller, slug: str, today: date) -> date:
    """The first day on which a certified member can make it; the joining day if none is needed."""
    skill, finish, skills = products()[slug]["skill"], finish_days(today), skills_of_cohorts()
    days = [
        max(finish[member.cohort] + timedelta(days=3), member.joined_on)
        for member in seller.members
        if member.cohort and skill in skills[member.cohort]
    ]
    return min(days, default=seller.joined_on)


def _listing(
    rng: Random, slug: str, seller: Seller, published_at: datetime, number: int, today: date
) -> Listing:
    facts = products()[slug]
    to_order = facts["stock_kind"] == "made_to_order"
    halal = _halal(rng, facts)
    most = _MOST_TO_ORDER.get(facts["category"], _MOST) if to_order else _MOST
    return Listing(
        slug=slug,
        seller=seller.slug,
        category=facts["category"],
        price=_EARLIER_PRICES[slug][0] if slug in _EARLIER_PRICES else facts["price_idr"],
        made_to_order=to_order,
        lead_days=facts["lead_time_days"],
        shelf_life_days=facts["shelf_life_days"],
        most_per_order=1 if facts["price_idr"] > 1_000_000 else most,
        permit_kind=facts["permit_kind"],
        permit_number=_permit(facts, seller, number, published_at.year, today),
        halal_kind=halal,
        halal_number=f"ID2111{rng.randint(0, 10**9):013d}" if halal == "certified" else "",
        published_at=published_at,
        approved=not seller.waiting,
    )


def _permit(facts: Any, seller: Seller, number: int, year: int, today: date) -> str:
    """P-IRT is packaging, food type, 2172 for the city, nth product, business - year of expiry."""
    if facts["permit_kind"] == "bpom_md":
        return f"MD 2356{number:02d}000{seller.products.index(facts['slug']) + 1:03d}"
    if facts["permit_kind"] != "pirt":
        return ""
    nth = seller.products.index(facts["slug"]) + 1
    ends = today.year if facts["slug"] == _PERMIT_ENDS_THIS_YEAR else year + 5
    kind = _FOOD_TYPES.get(facts["slug"]) or _FOOD_TYPES.get(facts["skill"], _FLOUR_PRODUCT)
    return f"2{kind}2172{nth:02d}{number:04d}-{ends % 100:02d}"


def _halal(rng: Random, facts: Any) -> str:
    if not facts["needs_halal"]:
        return "not_food"
    return rng.choices(("certified", "in_process", "not_certified"), (62, 28, 10))[0]
