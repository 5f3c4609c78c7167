"""A list of things for sale: filtered, counted, sorted, in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, ColumnElement, String, cast, func, literal, select, union_all
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

    A count says how many there would be if that choice were made and the other facets stayed.
    `partly`: nothing has all the words, so things with any of them are shown.
    """

    page: Page[Card]
    sellers: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    partly: bool = False

    @property
    def all_today(self) -> bool:
        """Whether nothing here has to be made first."""
        return "made" not in self.counts.get("ready", {})


def listing(session: Session, filters: Filters) -> Listing:
    """What `filters` leave; a page number beyond the last gives the last."""
    for any_word in (False, True):
        goods = _goods(session, filters, any_word=any_word)
        if goods is None:
            break
        counts = _counts(session, goods, filters)
        if counts.get("any"):
            return _shown(session, goods, filters, counts, partly=any_word)
        if not filters.q:
            break
    return Listing(Page([], 1, CARDS_A_PAGE, 0))


def _goods(session: Session, filters: Filters, *, any_word: bool) -> CTE | None:
    """What the words of the question leave; None for a question without meaning."""
    if not filters.q:
        found = for_sale(literal(0).label("rank"))
    else:
        matching = search.matches(session, filters.q, any_word=any_word)
        if matching is None:
            return None
        hits = matching.subquery()
        found = for_sale(hits.c.rank).join(hits, hits.c.product_id == Product.id)
    if filters.shelf and not filters.q:
        found = found.where(Product.category_slug == filters.shelf)
    return found.cte("goods")


def _shown(
    session: Session, goods: CTE, filters: Filters, counts: dict[str, dict[str, int]], *,
    partly: bool,
) -> Listing:
    total = counts.get("all", {}).get("", 0)
    empty: Page[Card] = Page([], filters.page, CARDS_A_PAGE, total)
    number = min(filters.page, empty.pages)
    left = select(goods).where(*_conditions(goods, filters)).subquery()
    rows = session.execute(
        cards(left)
        .order_by(*_order(session, left, filters.sort))
        .limit(CARDS_A_PAGE)
        .offset((number - 1) * CARDS_A_PAGE)
    )
    page = Page([card(row) for row in rows], number, CARDS_A_PAGE, total)
    return Listing(page, counts.get("sellers", {}).get("", 0), counts, partly)


def _order(session: Session, left: Any, sort: str) -> Sequence[ColumnElement[Any]]:
    newest = newest_first(session, left.c)
    return {
        "relevance": (left.c.rank, *newest),
        "newest": (left.c.gone, *newest),
        "cheapest": (left.c.gone, left.c.price, *newest),
        "dearest": (left.c.gone, left.c.price.desc(), *newest),
    }[sort]


def _conditions(goods: CTE, filters: Filters, but: str = "") -> list[ColumnElement[bool]]:
    chosen = ((facet, getattr(filters, facet)) for facet in FACETS if facet != but)
    return [
        goods.c.ready.in_(MADE) if (facet, value) == ("ready", "made") else goods.c[facet] == value
        for facet, value in chosen
        if value
    ]


def _counts(session: Session, goods: CTE, filters: Filters) -> dict[str, dict[str, int]]:
    """All counts of all facets in one statement."""
    whole = literal("", String)
    parts = [
        select(literal("any", String), whole, func.count()).select_from(goods),
        select(literal("all", String), whole, func.count())
        .select_from(goods).where(*_conditions(goods, filters)),
        select(literal("sellers", String), whole, func.count(goods.c.seller_id.distinct()))
        .where(*_conditions(goods, filters)),
    ]  # fmt: skip
    parts += [
        select(literal(facet, String), cast(goods.c[facet], String), func.count())
        .where(*_conditions(goods, filters, but=facet))
        .group_by(goods.c[facet])
        for facet in FACETS
    ]
    counts: dict[str, dict[str, int]] = {}
    for facet, choice, number in session.execute(union_all(*parts)):
        if number:
            counts.setdefault(facet, {})[choice] = number
    if made := sum(counts.get("ready", {}).get(one, 0) for one in MADE):
        counts["ready"]["made"] = made
    return counts
