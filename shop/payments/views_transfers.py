"""Pages about Stripe accounts of sellers, and payouts that go there."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.ledger.batch_page import batch_page, found_batch, returned_form
from shop.ledger.paid_out import OtherWay
from shop.ledger.payout_steps import NotApproved
from shop.payments import transfer
from shop.payments.providers.stripe import StripeUnavailable
from shop.payments.providers.stripe_connect import StripeRefused

bp = Blueprint("transfers_staff", __name__, url_prefix="/staff/payouts")
bp_studio = Blueprint("transfers_studio", __name__, url_prefix="/sell/money")
Page = str | Response | tuple[str, int]


@bp.post("/<number>/<uuid:payout_id>/again")
@permit(P.STAFF_PAYOUT_MAKE)
def again(number: str, payout_id: uuid.UUID) -> Response:
    """Let the workers ask Stripe once more."""
    found_batch(number, payout_id)
    try:
        transfer.send_again(session(), payout_id)
    except (OtherWay, NotApproved):
        flash(gettext("Pembayaran ini sudah dicatat sebelumnya."), "wait")
    else:
        flash(gettext("Dicoba lagi. Muat ulang halaman ini sebentar lagi."))
    return _back(number)


@bp.post("/<number>/<uuid:payout_id>/take-back")
@permit(P.STAFF_PAYOUT_MAKE)
def take_back(number: str, payout_id: uuid.UUID) -> Page:
    """Reverse a payout at Stripe."""
    found, form = found_batch(number, payout_id), returned_form()
    if not form.validate_on_submit():
        return batch_page(found, payout_id, form), 422
    person_id = current_actor().person
    try:
        transfer.take_back(
            session(), current_app.extensions["config"], payout_id,
            reason=form.reason.data, person_id=person_id,
        )  # fmt: skip
    except (OtherWay, NotApproved, IllegalMove):
        pause()
        flash(gettext("Pembayaran ini sudah dicatat sebelumnya."), "wait")
    except StripeUnavailable:
        flash(gettext("Stripe tidak menjawab. Belum ada yang berubah; coba lagi."), "wait")
    except StripeRefused as fault:
        flash(gettext("Stripe menolak: %(why)s", why=str(fault)), "wait")
    else:
        flash(gettext("Dicatat: uang kembali dan menjadi utang program ke penjual lagi."))
    return _back(number)


@bp_studio.post("/stripe")
@permit(P.SELL_SELLER_EDIT)
def connect() -> Response:
    """Send the seller to Stripe, which asks her who she is and where her money goes."""
    config, seller_id = current_app.extensions["config"], current_actor().seller
    back_to = request.host_url.rstrip("/") + url_for("paying_studio.paying")
    if not config.stripe_secret_key:
        flash(gettext("Stripe belum dipakai di toko ini."), "wait")
        return redirect(url_for("paying_studio.paying"), 303)
    try:
        page = transfer.onboarding(session(), config, seller_id, back_to=back_to)
    except StripeUnavailable:
        flash(gettext("Stripe tidak menjawab. Belum ada yang berubah; coba lagi."), "wait")
        return redirect(url_for("paying_studio.paying"), 303)
    return redirect(page, 303)


def _back(number: str) -> Response:
    return redirect(url_for("ledger_staff.batch", number=number), 303)
