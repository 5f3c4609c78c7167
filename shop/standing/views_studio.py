"""The studio's pages about who orders the same every week."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import pause as forget
from shop.core.db import session
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.orders import words as order_words
from shop.standing import pause, queries, words
from shop.standing.forms import ReasonForm
from shop.standing.queries import StandingView

bp = Blueprint("standing_studio", __name__, url_prefix="/sell/standing")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(P.SELL_ORDER_HANDLE)
def standing_orders() -> Page:
    """All of them."""
    number = page_number(request.args.get("page"))
    return render_template(
        "standing/studio/standing_orders.html",
        page=queries.of_seller(session(), current_actor().seller, number),
        words=words,
        order_words=order_words,
    )


@bp.get("/<uuid:standing_id>")
@permit(P.SELL_ORDER_HANDLE)
def standing(standing_id: uuid.UUID) -> Page:
    """One of them, its coming days and what became of the others."""
    return _page(_own(standing_id), ReasonForm(formdata=None))


@bp.post("/<uuid:standing_id>/pause")
@permit(P.SELL_ORDER_HANDLE)
def pause_it(standing_id: uuid.UUID) -> Page:
    """She cannot make it for a while."""
    return _stop(standing_id, pause.pause, gettext("Dijeda. Pembeli membaca alasannya."))


@bp.post("/<uuid:standing_id>/end")
@permit(P.SELL_ORDER_HANDLE)
def end(standing_id: uuid.UUID) -> Page:
    """She does not make it any more."""
    return _stop(standing_id, pause.end, gettext("Diakhiri. Pembeli membaca alasannya."))


def _stop(standing_id: uuid.UUID, act: Callable[..., None], said: str) -> Page:
    view, form = _own(standing_id), ReasonForm()
    if not form.validate():
        return _page(view, form, 422)
    try:
        act(
            session(), standing_id, actor="seller", person_id=current_actor().person,
            reason=form.reason.data,
        )  # fmt: skip
    except IllegalMove:
        forget()
        flash(gettext("Itu sudah dilakukan, atau keadaannya sudah berubah."), "wait")
    else:
        flash(said)
    return redirect(url_for(".standing", standing_id=standing_id), 303)


def _own(standing_id: uuid.UUID) -> StandingView:
    view = queries.own(session(), current_actor().seller, standing_id)
    if view is None:
        abort(404)
    return view


def _page(view: StandingView, form: ReasonForm, status: int = 200) -> Page:
    page = render_template(
        "standing/studio/standing.html",
        view=view,
        standing=view.standing,
        orders=queries.orders_of(session(), view.standing),
        form=form,
        words=words,
        order_words=order_words,
    )
    return page, status
