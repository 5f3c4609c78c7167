"""The staff's pages about standing orders."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext

from shop.accounts.access import permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.core.paging import page_number
from shop.orders import words as order_words
from shop.standing import pause, queries, words
from shop.standing.forms import ReasonForm
from shop.standing.queries import StandingView
from shop.standing.views_one import Door, Page, one_page, stop

bp = Blueprint("standing_staff", __name__, url_prefix="/staff/standing")


@bp.get("")
@permit(P.STAFF_PAYMENT_VIEW)
def standing_orders() -> Page:
    """Everybody's."""
    return render_template(
        "standing/staff/standing_orders.html",
        page=queries.all_of(session(), page_number(request.args.get("page"))),
        words=words,
        order_words=order_words,
    )


@bp.get("/<uuid:standing_id>")
@permit(P.STAFF_PAYMENT_VIEW)
def standing(standing_id: uuid.UUID) -> Page:
    """One of them."""
    return one_page(Door.STAFF, _found(standing_id), ReasonForm(formdata=None))


@bp.post("/<uuid:standing_id>/end")
@permit(P.STAFF_ORDER_UNDO)
def end(standing_id: uuid.UUID) -> Page:
    """End it for buyer and seller."""
    said = gettext("Diakhiri. Pembeli dan penjual membaca alasannya.")
    return stop(Door.STAFF, _found(standing_id), pause.end, said)


def _found(standing_id: uuid.UUID) -> StandingView:
    view = queries.for_staff(session(), standing_id)
    if view is None:
        abort(404)
    return view
