"""The staff's pages about standing orders."""

from __future__ import annotations

import uuid

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

bp = Blueprint("standing_staff", __name__, url_prefix="/staff/standing")
Page = str | Response | tuple[str, int]


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
    return _page(_found(standing_id), ReasonForm(formdata=None))


@bp.post("/<uuid:standing_id>/end")
@permit(P.STAFF_ORDER_UNDO)
def end(standing_id: uuid.UUID) -> Page:
    """End it for buyer and seller."""
    view, form = _found(standing_id), ReasonForm()
    if not form.validate():
        return _page(view, form, 422)
    try:
        pause.end(
            session(), standing_id, actor="staff", person_id=current_actor().person,
            reason=form.reason.data,
        )  # fmt: skip
    except IllegalMove:
        forget()
        flash(gettext("Itu sudah dilakukan, atau keadaannya sudah berubah."), "wait")
    else:
        flash(gettext("Diakhiri. Pembeli dan penjual membaca alasannya."))
    return redirect(url_for(".standing", standing_id=standing_id), 303)


def _found(standing_id: uuid.UUID) -> StandingView:
    view = queries.for_staff(session(), standing_id)
    if view is None:
        abort(404)
    return view


def _page(view: StandingView, form: ReasonForm, status: int = 200) -> Page:
    page = render_template(
        "standing/staff/standing.html",
        view=view,
        standing=view.standing,
        orders=queries.orders_of(session(), view.standing),
        form=form,
        words=words,
        order_words=order_words,
    )
    return page, status
