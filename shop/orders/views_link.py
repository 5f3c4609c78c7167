"""An order's secret link: to open it on another phone, and to shut out whoever else has it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.qr import qr_svg
from shop.orders import new_link, queries, words_link
from shop.orders.models import Order

bp = Blueprint("order_link", __name__)
bp_staff = Blueprint("order_link_staff", __name__, url_prefix="/staff/orders")
_LAST = "order"


@bp.get("/o/<token>/link")
@permit(Permission.BUY_SHOP_USE)
def link(token: str) -> str:
    """The link to send, to copy and to scan, and what a new one would do."""
    order = _order(token)
    address = url_for("orders.track", token=token, _external=True)
    picture = qr_svg(address, gettext("Kode QR ke halaman pesanan ini"))
    return render_template(
        "orders/link.html",
        order=order,
        address=address,
        picture=picture,
        whatsapp=words_link.of_order(order, address),
    )


@bp.post("/o/<token>/link")
@permit(Permission.BUY_SHOP_USE)
def renew(token: str) -> Response:
    """The buyer takes a new link; the old one is dead from now on."""
    try:
        fresh = new_link.renew(session(), token)
    except new_link.LinkGone:
        abort(404)
    if cookie.get(_LAST) == token:
        cookie[_LAST] = fresh
    flash(gettext("Tautan baru dibuat. Tautan yang lama sudah tidak bisa dibuka."))
    return redirect(url_for("orders.track", token=fresh), 303)


@bp_staff.get("/<uuid:order_id>/link")
@permit(Permission.STAFF_ORDER_UNDO)
def ask(order_id: uuid.UUID) -> str:
    """Ask once more, for the buyer; once it is done, a message that tells her."""
    order = _any_order(order_id)
    message = words_link.to_buyer(order, url_for("orders.find", _external=True))
    done = "done" in request.args
    return render_template("orders/staff/link.html", order=order, message=message, done=done)


@bp_staff.post("/<uuid:order_id>/link")
@permit(Permission.STAFF_ORDER_UNDO)
def revoke(order_id: uuid.UUID) -> Response:
    """Shut out whoever holds the link."""
    _any_order(order_id)
    new_link.revoke(session(), order_id, person_id=current_actor().person)
    return redirect(url_for(".ask", order_id=order_id, done=1), 303)


def _order(token: str) -> Order:
    view = queries.order_by_token(session(), token)
    if view is None:
        abort(404)
    return view.order


def _any_order(order_id: uuid.UUID) -> Order:
    view = queries.order_by_id(session(), order_id)
    if view is None:
        abort(404)
    return view.order
