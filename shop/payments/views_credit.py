"""A buyer's credit on her own page, and the staff's switches for it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.payments import words_credit
from shop.payments.cannot_reopen import CannotReopen
from shop.payments.credit_stray import NoAccount, OwnCredit, to_credit
from shop.payments.edit_settings import edit_settings
from shop.payments.models import Refund
from shop.payments.models_stray import Stray
from shop.payments.queries_credit import credit_of
from shop.payments.reopen import reopen

bp = Blueprint("credit", __name__)
bp_staff = Blueprint("credit_staff", __name__, url_prefix="/staff")


@bp.get("/account/credit")
@permit(P.ACCOUNT_SELF_USE)
def mine() -> str:
    """How much it is, and every change of it."""
    found = credit_of(session(), current_actor().person, page_number(request.args.get("page")))
    return render_template("payments/credit.html", credit=found, say=words_credit)


@bp_staff.post("/settings/codes")
@permit(P.STAFF_SETTINGS_EDIT)
def codes() -> Response:
    """Whose the rupiah of unique codes are, for new orders."""
    hers = request.form.get("hers") == "1"
    edit_settings(session(), current_actor().person, codes_are_credit=hers)
    if hers:
        flash(gettext("Disimpan: kelebihan dari pembeli yang masuk jadi saldonya."))
    else:
        flash(gettext("Disimpan: kelebihan masuk kas program."))
    return redirect(url_for("settings_staff.settings", _anchor="kelebihan"), 303)


@bp_staff.post("/payments/stray/<uuid:stray_id>/credit")
@permit(P.STAFF_PAYMENT_CONFIRM)
def give(stray_id: uuid.UUID) -> Response:
    """It becomes its buyer's credit."""
    session().get(Stray, stray_id) or abort(404)
    fault = ""
    try:
        to_credit(session(), stray_id, person_id=current_actor().person, payment_id=_payment_id())
    except NoAccount:
        fault = gettext("Pembelinya memesan tanpa masuk, jadi tidak punya saldo. Kirim balik.")
    except OwnCredit:
        fault = gettext("Ini pesanan Anda sendiri. Minta orang lain memutuskannya.")
    except IllegalMove:
        fault = gettext("Uang ini sudah diputuskan sebelumnya. Lihat keadaannya.")
    if fault:
        pause()
        flash(fault, "wait")
    else:
        flash(gettext("Dicatat: jadi saldo pembeli. Pembeli sudah diberi tahu."))
    return redirect(url_for("stray_staff.strays"), 303)


@bp_staff.post("/refunds/<uuid:refund_id>/reopen")
@permit(P.STAFF_PAYMENT_CONFIRM)
def reopen_late(refund_id: uuid.UUID) -> Response:
    """The money came late, and the order can be had all the same."""
    refund = session().get(Refund, refund_id) or abort(404)
    try:
        done = reopen(session(), refund.payment_id, person_id=current_actor().person)
    except CannotReopen as told:
        pause()
        flash(str(words_credit.NOT_REOPENED[told.why]), "wait")
    except IllegalMove:
        pause()
        flash(gettext("Uang ini sudah diputuskan sebelumnya. Lihat keadaannya."), "wait")
    else:
        if done:
            flash(gettext("Pesanan dibuka lagi dan lunas. Pembeli dan penjual sudah diberi tahu."))
    return redirect(url_for("stray_staff.strays"), 303)


def _payment_id() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.form.get("payment_id", ""))
    except ValueError:
        return None
