"""The staff's page about a gateway's days, and sending money back through it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.payments import acquire, queries
from shop.payments.acquire import OtherFigures, Sheet
from shop.payments.forms_gateway import AcquiredForm
from shop.payments.left_there import MoreThanCame
from shop.payments.models import Refund
from shop.payments.models_gateway import Acquired
from shop.payments.providers.acquirer import GatewayUnreachable
from shop.payments.providers.gateway import acquirer_of
from shop.payments.queries_gateway import gateway_days, lies_there
from shop.payments.refund import OwnGrant
from shop.payments.refund_by_gateway import NotThroughGateway, send_back
from shop.payments.states import AskedBack
from shop.payments.words_money import more_than_came

bp = Blueprint("gateway_staff", __name__, url_prefix="/staff")


@bp.get("/payments/acquired")
@permit(Permission.STAFF_PAYMENT_VIEW)
def acquired() -> str:
    """What came by code each day, and what of it the gateway paid into the bank."""
    return _page(AcquiredForm(formdata=None))


@bp.post("/payments/acquired")
@permit(Permission.STAFF_PAYMENT_CONFIRM)
def book() -> Response | tuple[str, int]:
    """Book what the gateway paid into the bank for a day."""
    form = AcquiredForm()
    if not form.validate_on_submit():
        return _page(form), 422
    acquirer = acquirer_of(current_app.extensions["config"])
    sheet = Sheet(
        provider=acquirer.name if acquirer else "midtrans",
        day=form.day.data, gross=form.gross.data or 0, fee=form.fee.data or 0,
        reference=form.reference.data,
    )  # fmt: skip
    try:
        acquire.acquire(session(), sheet, person_id=current_actor().person)
    except OtherFigures:
        form.reference.errors = [
            gettext("Hari dan nomor ini sudah dicatat dengan angka lain. Batalkan dulu yang lama.")
        ]
        return _page(form), 422
    flash(gettext("Dicatat: uang perusahaan QRIS masuk ke rekening."))
    return redirect(url_for(".acquired"), 303)


@bp.post("/payments/acquired/<uuid:acquired_id>/undo")
@permit(Permission.STAFF_PAYMENT_CONFIRM)
def undo(acquired_id: uuid.UUID) -> Response:
    """What was booked was wrong."""
    session().get(Acquired, acquired_id) or abort(404)
    if acquire.undo(session(), acquired_id, person_id=current_actor().person):
        flash(gettext("Catatan itu dibatalkan. Catat lagi dengan angka yang benar."))
    return redirect(url_for(".acquired"), 303)


@bp.post("/refunds/<uuid:refund_id>/gateway")
@permit(Permission.STAFF_REFUND_PAY)
def refund(refund_id: uuid.UUID) -> Response:
    """Send the money back the way it came."""
    session().get(Refund, refund_id) or abort(404)
    config, person_id = current_app.extensions["config"], current_actor().person
    try:
        state = send_back(session(), config, refund_id, person_id=person_id)
    except (IllegalMove, NotThroughGateway):
        pause()
        flash(gettext("Pengembalian ini sudah dicatat sebelumnya."), "wait")
    except OwnGrant:
        flash(gettext("Yang memutuskan tidak boleh mengirimnya juga. Minta orang lain."), "wait")
    except MoreThanCame as fault:
        flash(more_than_came(fault.left), "wait")
    except GatewayUnreachable:
        flash(gettext("Belum ada jawaban. Tanyakan lagi nanti, jangan dikirim dua kali."), "wait")
    else:
        if state is AskedBack.DONE:
            flash(gettext("Dicatat: uang sudah dikembalikan."))
        else:
            flash(
                gettext("Aplikasi pembeli tidak menerima pengembalian QRIS. Kirim dengan bank."),
                "wait",
            )
    return redirect(url_for("payments_staff.refunds"), 303)


def _page(form: AcquiredForm) -> str:
    return render_template(
        "payments/staff/acquired.html",
        days=gateway_days(session()),
        there=lies_there(session()),
        counts=queries.counts(session()),
        form=form,
    )
