"""The studio's addresses for products."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import abort, render_template, request
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission as P
from shop.catalog import edit, publish
from shop.catalog import queries_studio as queries
from shop.catalog.forms import FactsForm, NewProductForm, PriceForm, StockForm
from shop.catalog.put_up import put_up
from shop.catalog.queries import categories
from shop.catalog.state_words import STATE_NAMES, known_state, state_chips
from shop.catalog.stock import StockBelowReserved
from shop.catalog.studio_pages import (
    Page,
    back_to,
    bp,
    new_page,
    own_product,
    photos_sent,
    product_page,
    said_of,
)
from shop.core.db import session
from shop.core.http import takes_photos
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number

__all__ = ["bp"]


@bp.get("")
@permit(P.SELL_PRODUCT_EDIT)
def products() -> Page:
    """What the seller has, by state."""
    seller_id = current_actor().seller
    state = known_state(request.args.get("state"))
    return render_template(
        "catalog/studio/products.html",
        page=queries.products_of(
            session(), seller_id, state, page_number(request.args.get("page"))
        ),
        tabs=state_chips(".products", queries.counts_by_state(session(), seller_id), state),
        names=STATE_NAMES,
        state=state,
    )


@bp.get("/new")
@permit(P.SELL_PRODUCT_EDIT)
def new() -> Page:
    """Camera first, then name and price."""
    return new_page(NewProductForm())


@bp.post("/new")
@permit(P.SELL_PRODUCT_EDIT)
@takes_photos
def create() -> Page | Response:
    """Put it up; on any fault all that was typed and every good photo is kept."""
    actor, sent, form = current_actor(), photos_sent(), NewProductForm()
    form.offer(categories(session()))
    now = "later" not in request.form
    faults = list(sent.faults)
    if now and not sent.kept and not faults:
        faults.append(gettext("Ambil paling sedikit satu foto. Tanpa foto, barang tidak dilirik."))
    if not form.validate() or faults:
        return new_page(form, sent.kept, faults, 422)
    thing = form.thing(sent.kept)
    try:
        product = put_up(session(), actor.seller, thing, person_id=actor.person, now=now)
    except PermissionError:
        abort(404)
    return back_to(product.id, said_of(product.state))


@bp.get("/<uuid:product_id>")
@permit(P.SELL_PRODUCT_EDIT)
def product(product_id: uuid.UUID) -> Page:
    """One product: all of it can be changed here."""
    return product_page(own_product(product_id))


@bp.post("/<uuid:product_id>")
@permit(P.SELL_PRODUCT_EDIT)
def describe(product_id: uuid.UUID) -> Page | Response:
    """Change what is said about it."""
    thing, form = own_product(product_id), FactsForm()
    form.offer(categories(session()))
    if not form.validate():
        return product_page(thing, facts=form, status=422)
    edit.describe(
        session(), product_id, person_id=current_actor().person, name=form.name.data or "",
        category_slug=form.category_slug.data, **form.facts(),
    )  # fmt: skip
    return back_to(product_id, gettext("Tersimpan."))


@bp.post("/<uuid:product_id>/price")
@permit(P.SELL_PRODUCT_EDIT)
def price(product_id: uuid.UUID) -> Page | Response:
    """Change the price."""
    thing, form = own_product(product_id), PriceForm()
    if not form.validate():
        return product_page(thing, price=form, status=422)
    variant = thing.variants[0]
    edit.set_price(session(), variant.id, form.price.data or 0, current_actor().person)
    return back_to(product_id, gettext("Harga baru tersimpan. Pesanan yang sudah masuk tetap."))


@bp.post("/<uuid:product_id>/stock")
@permit(P.SELL_PRODUCT_EDIT)
def stock(product_id: uuid.UUID) -> Page | Response:
    """Count what is there, or say how long it takes to make."""
    thing, form = own_product(product_id), StockForm()
    if form.validate():
        try:
            edit.set_stock(
                session(), product_id, form.counted, lead_days=form.lead_days.data or 0,
                most_per_order=form.most_per_order.data or 1,
                key=f"count-{form.drawn_key.hex}", person_id=current_actor().person,
            )  # fmt: skip
        except StockBelowReserved as fault:
            form.on_hand.errors = [_promised(fault.reserved)]
        else:
            return back_to(product_id, gettext("Stok tersimpan."))
    return product_page(thing, stock=form, status=422)


@bp.post("/<uuid:product_id>/publish")
@permit(P.SELL_PRODUCT_EDIT)
def publish_product(product_id: uuid.UUID) -> Page | Response:
    """Put it on the shelf."""
    try:
        return _move(product_id, publish.publish)
    except publish.NoPhoto:
        return product_page(
            own_product(product_id), faults=[gettext("Ambil fotonya dulu.")], status=422
        )


@bp.post("/<uuid:product_id>/take-back")
@permit(P.SELL_PRODUCT_EDIT)
def take_back(product_id: uuid.UUID) -> Response:
    """Take it back from staff."""
    return _move(product_id, publish.take_back)


@bp.post("/<uuid:product_id>/hide")
@permit(P.SELL_PRODUCT_EDIT)
def hide(product_id: uuid.UUID) -> Response:
    """Take it off the shelf."""
    return _move(product_id, publish.hide)


@bp.post("/<uuid:product_id>/show")
@permit(P.SELL_PRODUCT_EDIT)
def show(product_id: uuid.UUID) -> Response:
    """Put it back on the shelf."""
    return _move(product_id, publish.show)


def _move(
    product_id: uuid.UUID, verb: Callable[[Session, uuid.UUID, uuid.UUID | None], object]
) -> Response:
    thing = own_product(product_id)
    try:
        verb(session(), product_id, current_actor().person)
    except IllegalMove:
        abort(409)
    return back_to(product_id, said_of(thing.state))


def _promised(reserved: int) -> str:
    return str(
        ngettext(
            "%(num)d buah sudah dipesan. Tulis paling sedikit %(num)d.",
            "%(num)d buah sudah dipesan. Tulis paling sedikit %(num)d.",
            reserved,
        )
    )
