"""Ordering the same every week: a form without an account, and a page by secret link."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core import clock, ids
from shop.core.db import pause as forget
from shop.core.db import session
from shop.core.i18n import language
from shop.core.settings import load_settings
from shop.orders import words as order_words
from shop.orders.place_order import Change
from shop.payments.queries_ways import closed
from shop.payments.states import Method
from shop.payments.ways import offered
from shop.sellers.models import Seller
from shop.sellers.points import points_of
from shop.sellers.queries import seller_by_slug
from shop.standing import queries, start
from shop.standing.forms import StandingForm, standing_form
from shop.standing.queries import Before
from shop.standing.wanted import METHODS
from shop.standing.week import week

bp = Blueprint("standing", __name__)
Page = str | Response | tuple[str, int]


@bp.get("/langganan/baru")
@permit(Permission.BUY_SHOP_USE)
def new() -> Page:
    """The form, filled with what an order held, or with one piece of a thing."""
    before = _before()
    typed: dict[str, Any] = {"starts_on": clock.today(), "weekday": clock.today().weekday()}
    if before.order and before.part:
        at_point = f"point:{before.part.point_id}" if before.part.point_id else None
        typed |= {
            "buyer_name": before.order.buyer_name, "buyer_phone": before.order.buyer_phone,
            "buyer_email": before.order.buyer_email or "",
            "kelurahan": before.order.kelurahan_code or "", "address": before.order.address,
            "way": at_point or before.part.delivery_kind, "method": before.order.method,
            "note": before.part.note, "weekday": before.part.due_on.weekday(),
        }  # fmt: skip
    form = form_of(before.seller, before.pieces, formdata=None, key=ids.new_token(), **typed)
    return form_page(form)


@bp.post("/langganan/baru")
@permit(Permission.BUY_SHOP_USE)
def begin() -> Page:
    """Order it from now on, or say what is missing or has changed; everything typed is kept."""
    form = form_of(_before().seller)
    if "refresh" in request.form:
        return form_page(form)
    if not form.validate():
        return form_page(form, status=422)
    wanted = form.wanted(language=language(), buyer_id=current_actor().person_id)
    try:
        made = start.start(session(), wanted, key=form.own_key(), agreed=form.agreed_sum())
    except start.InThePast:
        form.starts_on.errors = [gettext("Hari itu sudah lewat.")]
        return form_page(form, status=422)
    except start.EndsTooSoon as told:
        return too_soon(form, told)
    except start.Impossible as told:
        forget()  # what the page shows now must be read anew
        return form_page(form_of(_before().seller), changes=told.changes, status=409)
    flash(gettext("Pesanan tetap sudah jalan. Simpan alamat halaman ini."))
    return redirect(url_for(".standing", token=made.token), 303)


def _before() -> Before:
    """Whose things the form is about; 404 where that is not known."""
    asked = request.args
    found: Before | None = None
    if "dari" in asked:
        found = queries.from_part(session(), asked["dari"], asked.get("bagian", ""))
    elif "barang" in asked:
        found = queries.from_product(session(), asked["barang"])
    elif seller := seller_by_slug(session(), asked.get("penjual", "")):
        found = Before(seller)
    if found is None:
        abort(404)
    return found


def form_of(
    seller: Seller, pieces: Mapping[uuid.UUID, int] | None = None, **kwargs: Any
) -> StandingForm:
    """The form for what this seller has, with the ways that this shop offers."""
    off = closed(session(), [seller.id])
    ways = offered(load_settings(session()), current_app.extensions["config"], off=off)
    methods = [method for method in METHODS if method in ways] or [Method.CASH]
    things = queries.shelf(session(), seller.id)
    points = points_of(session(), [seller.id]).get(seller.id, ())
    return standing_form(seller, things, points, methods, pieces, **kwargs)


def form_page(
    form: StandingForm, *, token: str = "", changes: Sequence[Change] = (), status: int = 200
) -> Page:
    """The page with this form and what a week costs."""
    found = None
    if form.lines():
        found = week(session(), form.wanted(language=language(), buyer_id=None))
    page = render_template(
        "standing/form.html",
        form=form,
        seller=form.seller,
        week=found,
        changes=changes or (found.changes if found else ()),
        token=token,
        order_words=order_words,
    )
    return page, status


def too_soon(form: StandingForm, told: start.EndsTooSoon, token: str = "") -> Page:
    """Say beside the last day for which day the first order would be."""
    form.ends_on.errors = [
        gettext("Pesanan pertama untuk %(day)s.", day=order_words.on_day(told.first))
    ]
    return form_page(form, token=token, status=422)
