"""The studio's page on which a seller lets buyers pay her directly."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import pause, session
from shop.core.images import BadImage, fault_message, normalise
from shop.core.settings import load_settings
from shop.payments.collect_own import (
    NotAllowedHere,
    NothingToPayInto,
    set_collects,
    set_own_qris,
)
from shop.payments.forms import QrisForm
from shop.payments.qris import BadQris, read_picture
from shop.payments.qris.words import fault_message as qris_message
from shop.payments.qris.words import whose
from shop.payments.qris_picture import qris_code_of, qris_of
from shop.sellers.queries import own_seller

bp = Blueprint("collect_studio", __name__, url_prefix="/sell/more/collect")
Page = Response | tuple[str, int]


@bp.get("")
@permit(P.SELL_SELLER_EDIT)
def collect() -> str:
    """Whether buyers pay her directly, and into what."""
    return _page()


@bp.post("")
@permit(P.SELL_SELLER_EDIT)
def switch() -> Page:
    """Switch it on or off for new orders."""
    actor, on = current_actor(), request.form.get("on") == "1"
    try:
        set_collects(session(), actor.seller, on=on, person_id=actor.person)
    except NotAllowedHere:
        abort(404)
    except NothingToPayInto:
        return _page(fault=gettext("Isi dulu rekening Anda atau simpan foto QRIS Anda.")), 422
    flash(
        gettext("Mulai sekarang pembeli membayar langsung kepada Anda.")
        if on
        else gettext("Mulai sekarang pembeli membayar ke program lagi.")
    )
    return redirect(url_for(".collect"), 303)


@bp.post("/qris")
@permit(P.SELL_SELLER_EDIT)
def save_qris() -> Page:
    """Keep her QRIS; its code says whose it is."""
    form, actor = QrisForm(), current_actor()
    if not form.validate_on_submit():
        return _page(form), 422
    data, seller_id, person_id = form.picture.data.read(), actor.seller, actor.person
    storage = current_app.extensions["storage"]
    pause()  # nobody waits for the database while a photo is decoded
    try:
        code = read_picture(data)
        image = normalise(data)
        set_own_qris(session(), storage, seller_id, image, code, person_id=person_id)
    except NotAllowedHere:
        abort(404)
    except BadImage as fault:
        form.picture.errors = [fault_message(fault.reason)]
        return _page(form), 422
    except BadQris as fault:
        form.picture.errors = [qris_message(fault)]
        return _page(form), 422
    flash(gettext("QRIS disimpan: %(whose)s.", whose=whose(code)))
    return redirect(url_for(".collect"), 303)


def _page(form: QrisForm | None = None, fault: str = "") -> str:
    seller = own_seller(session(), current_actor())
    if not (load_settings(session()).sellers_collect or seller.collects):
        abort(404)
    return render_template(
        "payments/studio/collect.html",
        seller=seller,
        form=form or QrisForm(formdata=None),
        qris=qris_of(session(), seller, seller.name),
        code=qris_code_of(seller),
        allowed=load_settings(session()).sellers_collect,
        fault=fault,
    )
