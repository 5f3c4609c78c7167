"""Codes of an order for its buyer, and what gateways tell us."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.http import from_anywhere
from shop.payments import ask_back, hear_gateway, make_code, queries
from shop.payments.make_code import NoCode, NotPayable, live_code
from shop.payments.models import Payment
from shop.payments.providers.acquirer import BadNotification, GatewayUnreachable
from shop.payments.providers.gateway import ACQUIRERS
from shop.payments.states import PaymentState

bp = Blueprint("gateway", __name__)


@bp.post("/o/<token>/code/<uuid:payment_id>")
@permit(Permission.BUY_SHOP_USE)
def code(token: str, payment_id: uuid.UUID) -> Response:
    """Make a code, or a new one after the old one ran out."""
    _payment(token, payment_id)
    try:
        make_code.make_code(session(), current_app.extensions["config"], payment_id)
    except NotPayable:
        flash(gettext("Itu tidak bisa lagi: pesanan sudah berubah."), "wait")
    except NoCode:
        flash(gettext("Kodenya belum bisa dibuat. Coba lagi, atau bayar dengan cara lain."), "wait")
    return _back(token)


@bp.post("/o/<token>/check/<uuid:payment_id>")
@permit(Permission.BUY_SHOP_USE)
def check(token: str, payment_id: uuid.UUID) -> Response:
    """The buyer says that she has paid: ask now."""
    _payment(token, payment_id)
    try:
        ask_back.ask_all(session(), current_app.extensions["config"], payment_id)
    except GatewayUnreachable:
        flash(gettext("Belum ada jawaban. Kami tanyakan lagi sendiri sebentar lagi."), "wait")
        return _back(token)
    if _payment(token, payment_id).state == PaymentState.PENDING:
        flash(
            gettext(
                "Uangnya belum masuk. Kalau di aplikasi Anda sudah berhasil, tunggu sebentar: "
                "kami tanyakan lagi sendiri."
            ),
            "wait",
        )
    return _back(token)


@bp.get("/o/<token>/paid/<uuid:payment_id>")
@permit(Permission.BUY_SHOP_USE)
def paid(token: str, payment_id: uuid.UUID) -> Response:
    """How it stands, for the page that waits for it."""
    payment = _payment(token, payment_id)
    return jsonify(state=payment.state, code=live_code(session(), payment_id) is not None)


def _notified(provider: str) -> tuple[str, int]:
    config = current_app.extensions["config"]
    acquirer = ACQUIRERS[provider](config) or abort(404)
    try:
        note = acquirer.read(request.get_data(), dict(request.headers))
    except BadNotification:
        return "", 400
    hear_gateway.hear(session(), config, provider, note)
    return "", 200


@bp.post("/webhooks/midtrans")
@from_anywhere
@permit(Permission.BUY_SHOP_USE)
def midtrans() -> tuple[str, int]:
    """A message from Midtrans: a hint to ask."""
    return _notified("midtrans")


def _payment(token: str, payment_id: uuid.UUID) -> Payment:
    return queries.of_order_link(session(), payment_id, token) or abort(404)


def _back(token: str) -> Response:
    return redirect(url_for("orders.track", token=token), 303)
