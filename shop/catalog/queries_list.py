"""A list of things for sale: filtered, counted, sorted, in pages."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from shop.catalog import search
from shop.catalog.filters import FACETS, Filters
from shop.catalog.models import Product
from shop.catalog.queries import CARDS_A_PAGE
from shop.catalog.queries_cards import MADE, Card, card, cards, for_sale, newest_first
from shop.core.paging import Page


@dataclass(frozen=True)
class Listing:
    """A page of cards; how many sellers they come from; for each facet its choices with counts.

    A count says how many there would be if that choice were made and the other facets stayed;
    `found` says how many there are without any choice. `partly`: nothing has all the words, so
    things with any of them are shown.
    """

    page: Page[Card]
    sellers: int = 0
    found: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    partly: bool = False

    @property
    def all_today(self) -> bool:
        """Whether nothing here has to be made first."""
        return not self.counts.get("ready", {}).get("made")


@dataclass
class _Tally:
    counts: dict[str, Counter[str]]
    sellers: set[uuid.UUID] = field(default_factory=set)
    found: int = 0
    total: int = 0


def listing(session: Session, filters: Filters) -> Listing:
    """What `filters` leave; a page number beyond the last gives the last."""
    for any_word in (False, True):
        goods = _goods(session, filters, any_word=any_word)
        if goods is None:
            break
        tally = _tally(session, goods, filters)
        if tally.found:
            return _shown(session, goods, filters, tally, partly=any_word)
        if not filters.q:
            break
    return Listing(Page([], 1, CARDS_A_PAGE, 0))


def _goods(session: Session, filters: Filters, *, any_word: bool) -> CTE | None:
    """What the words of the question leave; None for a question without meaning."""
    if not filters.q:
        found = for_sale(literal(0).label("rank"))
    else:
        hits = search.matches(session, filters.q, any_word=any_word)
        if hits is None:
            return None
        found = for_sale(hits.c.rank).join(hits, hits.c.product_id == Product.id)
    if filters.shelf and not filters.q:
        found = found.where(Product.category_slug == filters.shelf)
    return found.cte("goods")


def _shown(
    session: Session, goods: CTE, filters: Filters, tally: _Tally, *, partly: bool
) -> Listing:
    empty: Page[Card] = Page([], filters.page, CARDS_A_PAGE, tally.total)
    number = min(filters.page, empty.pages)
    left = select(goods).where(*_conditions(goods, filters)).subquery()
    rows = session.execute(
        cards(left)
        .order_by(*_order(session, left, filters.sort))
        .limit(CARDS_A_PAGE)
        .offset((number - 1) * CARDS_A_PAGE)
    )
    page = Page([card(row) for row in rows], number, CARDS_A_PAGE, tally.total)
    return Listing(page, len(tally.sellers), tally.found, tally.counts, partly)


def _order(session: Session, left: Any, sort: str) -> Sequence[ColumnElement[Any]]:
    newest = newest_first(session, left.c)
    return {
        "relevance": (left.c.rank, *newest),
        "newest": (left.c.gone, *newest),
        "cheapest": (left.c.gone, left.c.price, *newest),
        "dearest": (left.c.gone, left.c.price.desc(), *newest),
    }[sort]


def _conditions(goods: CTE, filters: Filters) -> list[ColumnElement[bool]]:
    return [goods.c[facet].in_(_meant(facet, value)) for facet, value in _chosen(filters).items()]


def _chosen(filters: Filters) -> dict[str, str]:
    return {facet: value for facet in FACETS if (value := getattr(filters, facet))}


def _meant(facet: str, value: str) -> Sequence[str]:
    return MADE if (facet, value) == ("ready", "made") else (value,)


def _tally(session: Session, goods: CTE, filters: Filters) -> _Tally:
    """Count everything in one pass over the goods, as many alike as there are being one row."""
    columns = [goods.c[facet] for facet in FACETS]
    alike = select(func.count(), goods.c.seller_id, *columns).group_by(goods.c.seller_id, *columns)
    wanted = {facet: _meant(facet, value) for facet, value in _chosen(filters).items()}
    tally = _Tally({facet: Counter() for facet in FACETS})
    for number, seller, *values in session.execute(alike):
        here = dict(zip(FACETS, values, strict=True))
        misses = [facet for facet, meant in wanted.items() if here[facet] not in meant]
        tally.found += number
        if not misses:
            tally.total += number
            tally.sellers.add(seller)
        for facet in misses if len(misses) == 1 else FACETS if not misses else ():
            tally.counts[facet][here[facet]] += number
    tally.counts["ready"]["made"] = sum(tally.counts["ready"][one] for one in MADE)
    return tally
