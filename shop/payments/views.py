"""How to pay, the way to the card page, and what providers send us."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.http import from_anywhere
from shop.core.i18n import language
from shop.core.settings import load_settings
from shop.payments import listen, pay_by_card, queries
from shop.payments.pay_by_card import NotPayable
from shop.payments.providers import stripe
from shop.payments.providers.stripe import StripeUnavailable
from shop.payments.qris_picture import qris_of
from shop.payments.queries_ways import closed
from shop.payments.ways import offered

bp = Blueprint("payments", __name__)


@bp.get("/cara-pesan")
@permit(Permission.BUY_SHOP_USE)
def how() -> str:
    """How to order and pay here."""
    settings = load_settings(session())
    return render_template(
        "payments/how.html",
        settings=settings,
        ways=offered(settings, current_app.extensions["config"], off=closed(session(), [])),
        qris=qris_of(session(), settings, settings.qris_holder),
    )


@bp.post("/o/<token>/card/<uuid:payment_id>")
@permit(Permission.BUY_SHOP_USE)
def card(token: str, payment_id: uuid.UUID) -> Response:
    """On to the page on which the buyer types her card."""
    payment = queries.of_order_link(session(), payment_id, token)
    if payment is None:
        abort(404)
    config = current_app.extensions["config"]
    here = f"{request.script_root}/o/{token}"
    try:
        url = pay_by_card.open_page(
            session(),
            config,
            payment,
            words=gettext("Pesanan %(number)s", number=payment.order_number),
            back_to=f"{config.base_url}{here}",
            language=language(),
        )
    except NotPayable:
        flash(gettext("Pesanan ini tidak menunggu kartu lagi."), "wait")
        return redirect(here, 303)
    except StripeUnavailable:
        flash(gettext("Halaman kartu belum bisa dibuka. Coba lagi sebentar lagi."), "fault")
        return redirect(here, 303)
    return redirect(url, 303)


@bp.post("/webhooks/stripe")
@from_anywhere
@permit(Permission.BUY_SHOP_USE)
def stripe_webhook() -> tuple[str, int]:
    """A message from Stripe; its signature is its only proof."""
    try:
        event = stripe.read_message(
            current_app.extensions["config"],
            request.get_data(),
            request.headers.get("Stripe-Signature", ""),
        )
    except stripe.BadSignature:
        return "", 400
    listen.receive(session(), event)
    return "", 200
