"""A standing order's own page, for whoever holds its secret link."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import pause as forget
from shop.core.db import session
from shop.core.lifecycle import IllegalMove
from shop.orders import words as order_words
from shop.standing import change as changing
from shop.standing import pause, queries, run, skip, start, words
from shop.standing.forms import DayForm, typed_before
from shop.standing.queries import StandingView
from shop.standing.states import StandingState
from shop.standing.views import Page, bp, form_of, form_page, too_soon
from shop.standing.wanted import wanted_of
from shop.standing.week import week


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
    if found.state == StandingState.ENDED:
        return _too_late(token)
    pieces = {line.variant_id: line.quantity for line in found.lines}
    form = form_of(found.seller, pieces, formdata=None, **typed_before(found))
    return form_page(form, token=token)


@bp.post("/l/<token>/change")
@permit(Permission.BUY_SHOP_USE)
def change(token: str) -> Page:
    """Let it be so from the next order on."""
    found = _view(token).standing
    form = form_of(found.seller)
    if "refresh" in request.form:
        return form_page(form, token=token)
    if not form.validate():
        return form_page(form, token=token, status=422)
    wanted = form.wanted(language=found.language, buyer_id=found.buyer_id)
    try:
        changing.change(session(), found.id, wanted, agreed=form.agreed_sum())
    except start.EndsTooSoon as told:
        return too_soon(form, told, token=token)
    except start.Impossible as told:
        forget()
        form = form_of(_view(token).standing.seller)
        return form_page(form, token=token, changes=told.changes, status=409)
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


@bp.post("/l/<token>/take-in")
@permit(Permission.BUY_SHOP_USE)
def take_day_in(token: str) -> Response:
    """Order for a day that was left out after all."""
    found, form = _view(token).standing, DayForm()
    day = form.day.data if form.validate() else None
    if day is None:
        return _too_late(token)
    return _try(
        token,
        lambda: skip.take_in(session(), found.id, day),
        gettext("Minggu itu dipesan lagi."),
    )


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
