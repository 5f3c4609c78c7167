"""Switching ways to pay: for the programme on the settings page, by a seller in her studio."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.core.settings import load_settings
from shop.payments.queries_ways import closed, switches
from shop.payments.states import Method
from shop.payments.switch_ways import LastWay, switch_off, switch_on
from shop.payments.ways import offered
from shop.payments.words_ways import NAMES

bp = Blueprint("ways_staff", __name__, url_prefix="/staff/settings/ways")
bp_studio = Blueprint("ways_studio", __name__, url_prefix="/sell/more/ways")


@bp.post("")
@permit(P.STAFF_SETTINGS_EDIT)
def switch() -> Response:
    """Switch one way for the whole programme."""
    _switch(None)
    return redirect(url_for("settings_staff.settings", _anchor="cara-bayar"), 303)


@bp_studio.get("")
@permit(P.SELL_SELLER_EDIT)
def ways() -> str:
    """How buyers may pay for what this seller sells."""
    can = _offered()
    return render_template(
        "payments/studio/ways.html",
        switches=switches(session(), can, current_actor().seller),
        closed=closed(session(), []),
        names=NAMES,
    )


@bp_studio.post("")
@permit(P.SELL_SELLER_EDIT)
def switch_own() -> Response:
    """The seller switches one way for her own things."""
    _switch(current_actor().seller)
    return redirect(url_for(".ways"), 303)


@bp.app_context_processor
def _for_settings() -> dict[str, object]:
    return {"programme_ways": lambda: switches(session(), _offered(), None), "way_names": NAMES}


def _offered() -> list[Method]:
    return offered(load_settings(session()), current_app.extensions["config"])


def _switch(seller_id: uuid.UUID | None) -> None:
    method, on = request.form.get("method", ""), request.form.get("on") == "1"
    can, person = _offered(), current_actor().person
    if method not in can:
        abort(404)
    way = Method(method)
    name = str(NAMES[way])
    if on:
        switch_on(session(), way, seller_id=seller_id, person_id=person)
        flash(gettext("%(way)s diterima lagi.", way=name))
        return
    try:
        switch_off(session(), way, seller_id=seller_id, offered=can, person_id=person)
    except LastWay:
        flash(gettext("%(way)s cara bayar terakhir. Nyalakan yang lain dulu.", way=name), "wait")
    else:
        flash(gettext("%(way)s dimatikan. Pesanan yang sudah masuk tidak berubah.", way=name))
