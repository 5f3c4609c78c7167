"""Naming a fee for bringing something, and agreeing to it."""

from __future__ import annotations

import re
import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.orders import arrange, queries, queries_arrange, words
from shop.orders.forms import ArrangeForm, ReasonForm
from shop.orders.models import SellerOrder
from shop.orders.states import SellerOrderState
from shop.payments.start import NoFreeCode

bp = Blueprint("arrange", __name__)
bp_studio = Blueprint("arrange_studio", __name__, url_prefix="/sell/orders")
Page = str | Response | tuple[str, int]


@bp.post("/o/<token>/agree")
@permit(Permission.BUY_SHOP_USE)
def agree(token: str) -> Response:
    """The buyer agrees to the fees that were named, at the sum she saw."""
    view, total = queries.order_by_token(session(), token), request.form.get("total", "")
    if view is None:
        abort(404)
    if not re.fullmatch(r"[0-9]{1,10}", total):
        abort(400)
    try:
        arrange.agree(session(), view.order.id, total_seen=int(total))
    except arrange.FeeChanged:
        _say(gettext("Penjual baru saja mengubah ongkosnya. Lihat jumlah barunya."))
    except IllegalMove:
        _say(gettext("Itu tidak bisa lagi: pesanan sudah berubah. Lihat keadaannya di bawah."))
    except NoFreeCode:
        _say(gettext("Belum bisa: terlalu banyak yang membayar jumlah ini. Coba lagi nanti."))
    return redirect(url_for("orders.track", token=token), 303)


@bp_studio.get("/<uuid:part_id>/fee")
@permit(Permission.SELL_ORDER_HANDLE)
def fee(part_id: uuid.UUID) -> Page:
    """What does it cost to bring this?"""
    part = _own(part_id)
    if part.agreed_at or part.state != SellerOrderState.UNPAID:
        _say_too_late()
        return redirect(url_for("orders_studio.order", part_id=part_id), 303)
    return _fee_page(part, ArrangeForm(formdata=None, fee=part.arranged_fee))


@bp_studio.post("/<uuid:part_id>/fee")
@permit(Permission.SELL_ORDER_HANDLE)
def name_fee(part_id: uuid.UUID) -> Page:
    """Say it; the buyer is asked whether she agrees."""
    form, part = ArrangeForm(), _own(part_id)
    if not form.validate():
        return _fee_page(part, form, 422)
    try:
        arrange.name_fee(session(), part_id, form.fee.data or 0, person_id=current_actor().person)
    except IllegalMove:
        _say_too_late()
    else:
        flash(gettext("Terkirim. Pembeli ditanya dulu apakah setuju."))
    return redirect(url_for("orders_studio.order", part_id=part_id), 303)


@bp_studio.get("/<uuid:part_id>/fee/decline")
@permit(Permission.SELL_ORDER_HANDLE)
def decline_page(part_id: uuid.UUID) -> Page:
    """Why can it not be brought?"""
    return _decline_page(_own(part_id), ReasonForm())


@bp_studio.post("/<uuid:part_id>/fee/decline")
@permit(Permission.SELL_ORDER_HANDLE)
def decline(part_id: uuid.UUID) -> Page:
    """Say no; nobody pays anything."""
    form, part = ReasonForm(), _own(part_id)
    if not form.validate():
        return _decline_page(part, form, 422)
    try:
        arrange.decline_to_bring(
            session(), part_id, person_id=current_actor().person, reason=form.reason.data or ""
        )
    except IllegalMove:
        _say_too_late()
    else:
        flash(gettext("Pesanan ditolak. Pembeli membaca alasannya."))
    return redirect(url_for("orders_studio.order", part_id=part_id), 303)


def _own(part_id: uuid.UUID) -> SellerOrder:
    part = queries_arrange.to_arrange(session(), current_actor().seller, part_id)
    if part is None:
        abort(404)
    return part


def _fee_page(part: SellerOrder, form: ArrangeForm, status: int = 200) -> Page:
    page = render_template("orders/studio/fee.html", part=part, order=part.order, form=form,
                           words=words)  # fmt: skip
    return page, status


def _decline_page(part: SellerOrder, form: ReasonForm, status: int = 200) -> Page:
    page = render_template("orders/studio/not_brought.html", part=part, order=part.order,
                           form=form, words=words)  # fmt: skip
    return page, status


def _say_too_late() -> None:
    _say(gettext("Sudah tidak bisa: pembeli sudah setuju, membatalkan, atau waktunya habis."))


def _say(text: str) -> None:
    pause()
    flash(text, "wait")
