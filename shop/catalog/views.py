"""What is for sale, as buyers see it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.catalog import facets, queries, queries_cards, queries_home, words
from shop.catalog.filters import Filters, read_filters
from shop.catalog.queries_list import listing
from shop.core.db import session
from shop.core.paging import page_number
from shop.core.regions import kelurahan_choices

bp = Blueprint("catalog", __name__)


@bp.get("/")
@permit(Permission.BUY_SHOP_USE)
def home() -> str:
    """The front page; `kel` puts what is made nearby first."""
    near = queries.kelurahan(request.args.get("kel"))
    return render_template(
        "catalog/home.html",
        home=queries_home.home(session(), near),
        makers=queries_home.makers_nearby(session(), near),
        near=near,
        places=kelurahan_choices(),
        words=words,
    )


@bp.get("/k/<slug>")
@permit(Permission.BUY_SHOP_USE)
def category(slug: str) -> str:
    """One shelf."""
    return _list(session(), read_filters(request.args, shelf=slug))


@bp.get("/cari")
@permit(Permission.BUY_SHOP_USE)
def search() -> str | Response:
    """What answers a question, or everything. An endless question is cut in the address, too."""
    filters = read_filters(request.args)
    if len(request.args.get("q", "")) > len(filters.q) + 100:
        return redirect(facets.url_of(filters), 302)
    return _list(session(), filters)


@bp.get("/penjual")
@permit(Permission.BUY_SHOP_USE)
def sellers() -> str:
    """All sellers."""
    page = queries_home.all_makers(session(), page_number(request.args.get("hal")))
    if not page.rows and page.number > 1:
        abort(404)
    return render_template("catalog/sellers.html", page=page, words=words)


@bp.get("/s/<slug>")
@permit(Permission.BUY_SHOP_USE)
def seller(slug: str) -> str:
    """One seller."""
    page = queries.seller_page(session(), slug, page_number(request.args.get("hal")))
    if page is None or (not page.cards.rows and page.cards.number > 1):
        abort(404)
    return render_template("catalog/seller.html", page=page, words=words)


@bp.get("/p/<slug>")
@permit(Permission.BUY_SHOP_USE)
def product(slug: str) -> str:
    """One product; `kel` says where it would be brought to."""
    near = queries.kelurahan(request.args.get("kel"))
    page = queries.product_page(session(), slug, near)
    if page is None:
        abort(404)
    return render_template(
        "catalog/product.html",
        page=page,
        product=page.product,
        seller=page.product.seller,
        words=words,
        places=kelurahan_choices(),
    )


def _list(session: Session, filters: Filters) -> str:
    shelves = queries_cards.aisles(session)
    shelf = next((s for s in shelves if s.slug == filters.shelf), None)
    if filters.shelf and shelf is None:
        shelf = queries.category(session, filters.shelf) or abort(404)
    found = listing(session, filters)
    choices = facets.facets(filters, found.counts, shelves)
    return render_template(
        "catalog/list.html",
        filters=filters,
        shelf=shelf,
        found=found,
        facets=choices,
        chips=facets.chips(choices),
        orders=facets.orders(filters),
        url_of=facets.url_of,
        categories=shelves,
    )
