"""What the demo sells is on the shelf, made by somebody who can, and never oversold."""

from __future__ import annotations

from collections import Counter, defaultdict

from shop.core.clock import local_day
from shop.demo.events import OrderPlaced, ProductPublished
from shop.demo.orders import Order
from shop.demo.plan import Plan
from shop.demo.shelf import products
from shop.demo.source import PICTURES
from shop.demo.stock import changes
from shop.demo.training import skills_of_cohorts


def test_every_product_belongs_to_one_seller(plan: Plan) -> None:
    assert len(products()) == 106
    assert Counter(one.slug for one in plan.listings) == Counter(products().keys())
    offered = [slug for seller in plan.sellers for slug in seller.products]
    assert Counter(offered) == Counter(products().keys())


def test_every_picture_belongs_to_a_product() -> None:
    pictured = Counter(path.stem.rsplit("-", 1)[0] for path in PICTURES.glob("*.jpg"))
    assert pictured.keys() == products().keys()


def test_every_product_is_made_by_somebody_trained_for_it(plan: Plan) -> None:
    finished = {cohort.key: cohort.sessions[-1] for cohort in plan.cohorts}
    skills = skills_of_cohorts()
    sellers = {seller.slug: seller for seller in plan.sellers}
    for listing in plan.listings:
        seller, skill = sellers[listing.seller], products()[listing.slug]["skill"]
        day = local_day(listing.published_at)
        assert day > seller.joined_on
        if seller.kind != "cooperative":
            certified = [m.cohort for m in seller.members if m.cohort and skill in skills[m.cohort]]
            assert any(finished[cohort] < day for cohort in certified), listing.slug


def test_orders_name_what_is_on_the_shelf(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        live: dict[str, ProductPublished] = {}
        for event in each.events():
            if isinstance(event, ProductPublished) and event.listing.approved:
                live[event.listing.slug] = event
            elif isinstance(event, OrderPlaced):
                _is_orderable(event.order, live)


def _is_orderable(order: Order, live: dict[str, ProductPublished]) -> None:
    assert len({part.seller for part in order.parts}) == len(order.parts)
    for part in order.parts:
        assert len(dict(part.items)) == len(part.items) >= 1
        for slug, pieces in part.items:
            listing = live[slug].listing
            assert listing.seller == part.seller
            assert 1 <= pieces <= listing.most_per_order


def test_stock_never_falls_below_zero(plan: Plan, other_plan: Plan) -> None:
    for each in (plan, other_plan):
        stock = _replay(each)
        made_ahead = {one.slug for one in each.listings if not one.made_to_order}
        assert {slug for slug, left in stock.items() if left == 0} == {
            s.slug for s in each.sold_out
        }
        assert stock.keys() == made_ahead
        assert 2 <= len(each.sold_out) <= 4
        assert all(sold.back_on > each.today for sold in each.sold_out)


def _replay(plan: Plan) -> dict[str, int]:
    """What is left of everything made ahead."""
    made_ahead = {one.slug for one in plan.listings if not one.made_to_order}
    moves = [(r.at, r.slug, r.pieces) for r in plan.restocks]
    moves += [(c.at, c.slug, c.pieces) for c in changes(plan.orders) if c.slug in made_ahead]
    stock: defaultdict[str, int] = defaultdict(int)
    for _, slug, pieces in sorted(moves, key=lambda move: move[0]):
        stock[slug] += pieces
        assert stock[slug] >= 0, slug
    return stock


def test_restocks_are_by_members_and_after_publication(plan: Plan) -> None:
    published = {one.slug: one for one in plan.listings}
    members = {s.slug: {m.name: m.joined_on for m in s.members} for s in plan.sellers}
    for restock in plan.restocks:
        listing = published[restock.slug]
        assert restock.at >= listing.published_at
        assert members[listing.seller][restock.by] <= local_day(restock.at)
        assert restock.pieces > 0


def test_prices_end_at_the_listed_ones(plan: Plan) -> None:
    prices = {one.slug: one.price for one in plan.listings}
    published = {one.slug: one.published_at for one in plan.listings}
    assert len(plan.price_changes) == 3
    for change in plan.price_changes:
        assert change.at > published[change.slug]
        assert change.price != prices[change.slug]
        prices[change.slug] = change.price
    assert prices == {slug: facts["price_idr"] for slug, facts in products().items()}
