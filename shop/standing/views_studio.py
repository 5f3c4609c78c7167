"""The studio's pages about who orders the same every week."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.core.paging import page_number
from shop.orders import words as order_words
from shop.standing import pause, queries, words
from shop.standing.forms import ReasonForm
from shop.standing.queries import StandingView
from shop.standing.views_one import Door, Page, one_page, stop

bp = Blueprint("standing_studio", __name__, url_prefix="/sell/standing")


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
    return one_page(Door.STUDIO, _own(standing_id), ReasonForm(formdata=None))


@bp.post("/<uuid:standing_id>/pause")
@permit(P.SELL_ORDER_HANDLE)
def pause_it(standing_id: uuid.UUID) -> Page:
    """She cannot make it for a while."""
    return stop(
        Door.STUDIO, _own(standing_id), pause.pause, gettext("Dijeda. Pembeli membaca alasannya.")
    )


@bp.post("/<uuid:standing_id>/end")
@permit(P.SELL_ORDER_HANDLE)
def end(standing_id: uuid.UUID) -> Page:
    """She does not make it any more."""
    return stop(
        Door.STUDIO, _own(standing_id), pause.end, gettext("Diakhiri. Pembeli membaca alasannya.")
    )


def _own(standing_id: uuid.UUID) -> StandingView:
    view = queries.own(session(), current_actor().seller, standing_id)
    if view is None:
        abort(404)
    return view
