"""The staff's pages about orders."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.orders import cancel, queries, queries_staff, words, words_studio
from shop.orders.forms import ReasonForm
from shop.orders.models import SellerOrder
from shop.orders.queries import OrderView
from shop.orders.states import IN_THE_HOUSE, SellerOrderState

bp = Blueprint("orders_staff", __name__, url_prefix="/staff/orders")
Page = str | Response | tuple[str, int]
_CAN_BE_CALLED_OFF = IN_THE_HOUSE | {SellerOrderState.UNPAID}


@bp.get("")
@permit(Permission.STAFF_PAYMENT_VIEW)
def orders() -> str:
    """All orders, found by number, phone or name."""
    state, typed = request.args.get("state", ""), request.args.get("q", "")
    known = state if state in list(SellerOrderState) else ""
    number = page_number(request.args.get("page"))
    return render_template(
        "orders/staff/orders.html",
        page=queries_staff.orders(session(), typed, known, number),
        most_counted=queries_staff.MOST_COUNTED,
        typed=typed,
        state=known,
        words=words,
    )


@bp.get("/<uuid:order_id>")
@permit(Permission.STAFF_PAYMENT_VIEW)
def order(order_id: uuid.UUID) -> str:
    """One order with all its parts, payments and moves."""
    view = _order(order_id)
    return render_template(
        "orders/staff/order.html", view=view, order=view.order, words=words, say=words_studio
    )


@bp.get("/<uuid:order_id>/cancel")
@permit(Permission.STAFF_ORDER_UNDO)
def cancel_page(order_id: uuid.UUID) -> Page:
    """Why it is called off: all of it, or the part named in the address."""
    view = _order(order_id)
    part = _chosen(view)
    if not (view.not_handed_over if part is None else part.state in _CAN_BE_CALLED_OFF):
        flash(gettext("Itu tidak bisa lagi: pesanan sudah berubah."), "wait")
        return redirect(url_for(".order", order_id=order_id), 303)
    return _ask(view, part, ReasonForm())


@bp.post("/<uuid:order_id>/cancel")
@permit(Permission.STAFF_ORDER_UNDO)
def cancel_order(order_id: uuid.UUID) -> Page:
    """Call it off for the buyer."""
    view, form = _order(order_id), ReasonForm()
    part = _chosen(view)
    if not form.validate():
        return _ask(view, part, form), 422
    act: Callable[..., None] = (
        partial(cancel.cancel_part, session(), part.id)
        if part
        else partial(cancel.cancel, session(), order_id)
    )
    try:
        act(actor="staff", person_id=current_actor().person, reason=form.reason.data)
    except IllegalMove:
        pause()
        flash(gettext("Itu tidak bisa lagi: pesanan sudah berubah."), "wait")
    else:
        flash(gettext("Pesanan dibatalkan. Yang sudah dibayar masuk daftar pengembalian."))
    return redirect(url_for(".order", order_id=order_id), 303)


def _order(order_id: uuid.UUID) -> OrderView:
    view = queries.order_by_id(session(), order_id)
    if view is None:
        abort(404)
    return view


def _chosen(view: OrderView) -> SellerOrder | None:
    """The part named in the address, if one is named."""
    named = request.args.get("part")
    if named is None:
        return None
    found = next((part for part in view.parts if part.id.hex == named), None)
    if found is None:
        abort(404)
    return found


def _ask(view: OrderView, part: SellerOrder | None, form: ReasonForm) -> str:
    return render_template("orders/staff/cancel.html", order=view.order, part=part, form=form)
