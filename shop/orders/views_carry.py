"""The studio's page on which a seller says who takes the cash of an order."""

from __future__ import annotations

import uuid
from functools import partial

from flask import redirect, render_template, url_for
from flask_babel import gettext

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import pause, session
from shop.orders import hand_over, words
from shop.orders.forms_carry import CarrierForm
from shop.orders.queries_studio import PartView
from shop.orders.states import BROUGHT, SellerOrderState
from shop.orders.views_studio import Page, bp, own, step, too_late
from shop.payments.carry import UnknownHolder
from shop.sellers.keep_holders import takers

_GONE = (SellerOrderState.HANDED_OVER, SellerOrderState.DISPUTED)


@bp.get("/orders/<uuid:part_id>/carrier")
@permit(Permission.SELL_ORDER_HANDLE)
def carrier_page(part_id: uuid.UUID) -> Page:
    """Who takes the cash: she, a courier, or the point where it is fetched."""
    view = own(part_id)
    if not _waits(view):
        return too_late(part_id)
    return _page(view, _form(view))


@bp.post("/orders/<uuid:part_id>/carrier")
@permit(Permission.SELL_ORDER_HANDLE)
def carrier(part_id: uuid.UUID) -> Page:
    """The goods leave the house with somebody who takes the cash, or did before."""
    view = own(part_id)
    form = _form(view)
    if not form.validate():
        return _page(view, form), 422
    gone, chosen = view.part.state in _GONE, form.carrier_id
    if chosen is None and (gone or view.part.delivery_kind not in BROUGHT):
        return redirect(url_for(".cash_page", part_id=part_id), 303)
    if chosen is None:
        return step(part_id, hand_over.hand_over, gettext("Pesanan sudah diserahkan."))
    act = partial(hand_over.let_carry if gone else hand_over.hand_over, carrier_id=chosen)
    try:
        return step(part_id, act, gettext("Tersimpan. Petugas mencatat uang yang mereka terima."))
    except UnknownHolder:
        pause()
        form.who.errors = [gettext("Kurir ini tidak lagi menerima uang. Pilih yang lain.")]
        return _page(own(part_id), form), 422


def _waits(view: PartView) -> bool:
    """Whether its cash is still to come, and it can leave the house or has left it."""
    cash = view.work.owes_cash or bool(view.work.carrier)
    return cash and view.part.state in (SellerOrderState.READY, *_GONE)


def _form(view: PartView) -> CarrierForm:
    named = view.payment.carrier if view.payment else None
    form = CarrierForm(**({"who": named.id.hex} if named else {}))
    form.offer(takers(session(), view.part.point_id))
    return form


def _page(view: PartView, form: CarrierForm) -> str:
    return render_template("orders/studio/carrier.html", view=view, form=form, words=words)
