"""Ordering the same every week: a form without an account, and a page by secret link."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
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
from shop.core.lifecycle import IllegalMove
from shop.core.settings import load_settings
from shop.orders import words as order_words
from shop.orders.place_order import Change
from shop.payments.states import Method
from shop.payments.ways import offered
from shop.sellers.models import Seller
from shop.sellers.points import points_of
from shop.sellers.queries import seller_by_slug
from shop.standing import change as changing
from shop.standing import pause, queries, run, skip, start, words
from shop.standing.forms import DayForm, StandingForm, standing_form, typed_before
from shop.standing.queries import Before, StandingView
from shop.standing.wanted import METHODS, wanted_of
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
            "kelurahan": before.order.kelurahan_code or "", "address": before.order.address,
            "way": at_point or before.part.delivery_kind, "method": before.order.method,
            "note": before.part.note, "weekday": before.part.due_on.weekday(),
        }  # fmt: skip
    form = _form(before.seller, before.pieces, formdata=None, key=ids.new_token(), **typed)
    return _form_page(form)


@bp.post("/langganan/baru")
@permit(Permission.BUY_SHOP_USE)
def begin() -> Page:
    """Order it from now on, or say what is missing or has changed; everything typed is kept."""
    form = _form(_before().seller)
    if "refresh" in request.form:
        return _form_page(form)
    if not form.validate():
        return _form_page(form, status=422)
    wanted = form.wanted(language=language(), buyer_id=current_actor().person_id)
    try:
        made = start.start(session(), wanted, key=form.own_key(), agreed=form.agreed_sum())
    except start.InThePast:
        form.starts_on.errors = [gettext("Hari itu sudah lewat.")]
        return _form_page(form, status=422)
    except start.EndsTooSoon as told:
        return _too_soon(form, told)
    except start.Impossible as told:
        forget()  # what the page shows now must be read anew
        return _form_page(_form(_before().seller), changes=told.changes, status=409)
    flash(gettext("Pesanan tetap sudah jalan. Simpan alamat halaman ini."))
    return redirect(url_for(".standing", token=made.token), 303)


@bp.get("/l/<token>")
@permit(Permission.BUY_SHOP_USE)
def standing(token: str) -> Response:
    """Its coming days, what became of the others, and all that can be changed."""
    view = _view(token)
    page = make_response(
        render_template(
            "standing/standing.html",
            view=view,
            standing=view.standing,
            week=week(session(), wanted_of(view.standing)),
            orders=queries.orders_of(session(), view.standing),
            words=words,
            order_words=order_words,
        )
    )
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page


@bp.get("/l/<token>/change")
@permit(Permission.BUY_SHOP_USE)
def change_page(token: str) -> Page:
    """The form with what it says now."""
    found = _view(token).standing
    pieces = {line.variant_id: line.quantity for line in found.lines}
    form = _form(found.seller, pieces, formdata=None, **typed_before(found))
    return _form_page(form, token=token)


@bp.post("/l/<token>/change")
@permit(Permission.BUY_SHOP_USE)
def change(token: str) -> Page:
    """Let it be so from the next order on."""
    found = _view(token).standing
    form = _form(found.seller)
    if "refresh" in request.form:
        return _form_page(form, token=token)
    if not form.validate():
        return _form_page(form, token=token, status=422)
    wanted = form.wanted(language=found.language, buyer_id=found.buyer_id)
    try:
        changing.change(session(), found.id, wanted, agreed=form.agreed_sum())
    except start.EndsTooSoon as told:
        return _too_soon(form, told, token=token)
    except start.Impossible as told:
        forget()
        form = _form(_view(token).standing.seller)
        return _form_page(form, token=token, changes=told.changes, status=409)
    except IllegalMove:
        return _too_late(token)
    flash(gettext("Perubahan tersimpan, mulai pesanan berikutnya."))
    return _back(token)


@bp.post("/l/<token>/pause")
@permit(Permission.BUY_SHOP_USE)
def pause_it(token: str) -> Response:
    """No order for a while."""
    found = _view(token).standing
    return _try(
        token,
        lambda: pause.pause(session(), found.id, actor="buyer", person_id=None),
        gettext("Dijeda. Tidak ada pesanan baru sampai Anda lanjutkan."),
    )


@bp.post("/l/<token>/resume")
@permit(Permission.BUY_SHOP_USE)
def resume(token: str) -> Response:
    """Go on."""
    found = _view(token).standing
    return _try(
        token,
        lambda: pause.resume(session(), found.id, actor="buyer", person_id=None),
        gettext("Dilanjutkan."),
    )


@bp.post("/l/<token>/end")
@permit(Permission.BUY_SHOP_USE)
def end(token: str) -> Response:
    """No more orders."""
    found = _view(token).standing
    return _try(
        token,
        lambda: pause.end(session(), found.id, actor="buyer", person_id=None),
        gettext("Diakhiri. Pesanan yang sudah dibuat tetap berlaku."),
    )


@bp.post("/l/<token>/skip")
@permit(Permission.BUY_SHOP_USE)
def skip_day(token: str) -> Response:
    """Leave out one of the coming days."""
    found, form = _view(token).standing, DayForm()
    day = form.day.data if form.validate() else None
    if day is None:
        return _too_late(token)
    return _try(token, lambda: skip.skip(session(), found.id, day), gettext("Minggu itu dilewati."))


@bp.post("/l/<token>/agree")
@permit(Permission.BUY_SHOP_USE)
def agree(token: str) -> Response:
    """The price of now is fine."""
    found, typed = _view(token).standing, request.form.get("total", "")
    total = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 11 else 0
    try:
        made = run.agree(session(), found.id, total)
    except (IllegalMove, start.Impossible):
        return _too_late(token)
    flash(gettext("Setuju dengan harga baru."))
    if made:
        flash(gettext("Pesanan minggu ini dibuat juga."))
    return _back(token)


def _view(token: str) -> StandingView:
    view = queries.by_token(session(), token)
    if view is None:
        abort(404)
    return view


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


def _form(
    seller: Seller, pieces: Mapping[uuid.UUID, int] | None = None, **kwargs: Any
) -> StandingForm:
    ways = offered(load_settings(session()), current_app.extensions["config"])
    methods = [method for method in METHODS if method in ways] or [Method.CASH]
    things = queries.shelf(session(), seller.id)
    points = points_of(session(), [seller.id]).get(seller.id, ())
    return standing_form(seller, things, points, methods, pieces, **kwargs)


def _form_page(
    form: StandingForm, *, token: str = "", changes: Sequence[Change] = (), status: int = 200
) -> Page:
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


def _too_soon(form: StandingForm, told: start.EndsTooSoon, token: str = "") -> Page:
    form.ends_on.errors = [
        gettext("Pesanan pertama untuk %(day)s.", day=order_words.on_day(told.first))
    ]
    return _form_page(form, token=token, status=422)


def _try(token: str, act: Callable[[], None], said: str) -> Response:
    try:
        act()
    except IllegalMove:
        return _too_late(token)
    flash(said)
    return _back(token)


def _too_late(token: str) -> Response:
    forget()
    flash(gettext("Itu tidak bisa lagi: keadaannya sudah berubah. Lihat di bawah."), "wait")
    return _back(token)


def _back(token: str) -> Response:
    return redirect(url_for(".standing", token=token), 303)
