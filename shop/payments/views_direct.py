"""What buyers pay to sellers directly: looked for by the seller in her studio, and by staff."""

from __future__ import annotations

import uuid
from typing import Literal

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.core.i18n import day_time
from shop.core.lifecycle import IllegalMove
from shop.core.money import rupiah
from shop.payments import settle
from shop.payments.age import age
from shop.payments.queries import counts
from shop.payments.queries_direct import direct, direct_count, direct_payment
from shop.payments.settle import AlreadySettled
from shop.payments.states import PaymentState

bp_staff = Blueprint("direct_staff", __name__, url_prefix="/staff/payments/direct")
bp_studio = Blueprint("direct_studio", __name__, url_prefix="/sell/money/direct")
Who = Literal["staff", "seller"]


@bp_studio.get("")
@permit(P.SELL_MONEY_VIEW)
def payments() -> str:
    """What buyers are to pay this seller herself."""
    rows = direct(session(), current_actor().seller)
    return render_template("payments/studio/direct.html", rows=rows, age=age)


@bp_studio.post("/<uuid:payment_id>/arrived")
@permit(P.SELL_ORDER_HANDLE)
def arrived(payment_id: uuid.UUID) -> Response:
    """She has it."""
    direct_payment(session(), payment_id, current_actor().seller) or abort(404)
    _arrived(payment_id, "seller")
    return redirect(url_for(".payments"), 303)


@bp_studio.post("/<uuid:payment_id>/not-arrived")
@permit(P.SELL_ORDER_HANDLE)
def not_arrived(payment_id: uuid.UUID) -> Response:
    """The buyer says it was sent, and she has nothing."""
    direct_payment(session(), payment_id, current_actor().seller) or abort(404)
    _not_arrived(payment_id, "seller")
    return redirect(url_for(".payments"), 303)


@bp_staff.get("", endpoint="payments")
@permit(P.STAFF_PAYMENT_VIEW)
def all_payments() -> str:
    """What buyers are to pay sellers, for staff who help them look."""
    return render_template(
        "payments/staff/direct.html", rows=direct(session()), counts=counts(session()), age=age
    )


@bp_staff.post("/<uuid:payment_id>/arrived", endpoint="arrived")
@permit(P.STAFF_PAYMENT_CONFIRM)
def seller_has_it(payment_id: uuid.UUID) -> Response:
    """Staff write down that the seller has it."""
    direct_payment(session(), payment_id) or abort(404)
    _arrived(payment_id, "staff")
    return redirect(url_for(".payments"), 303)


@bp_staff.post("/<uuid:payment_id>/not-arrived", endpoint="not_arrived")
@permit(P.STAFF_PAYMENT_CONFIRM)
def seller_has_nothing(payment_id: uuid.UUID) -> Response:
    """Staff write down that the seller has nothing."""
    direct_payment(session(), payment_id) or abort(404)
    _not_arrived(payment_id, "staff")
    return redirect(url_for(".payments"), 303)


@bp_studio.app_context_processor
def _for_money_page() -> dict[str, object]:
    return {"direct_waiting": lambda: direct_count(session(), current_actor().seller)}


def _arrived(payment_id: uuid.UUID, who: Who) -> None:
    person = current_actor().person
    try:
        state = settle.settle(session(), payment_id, actor=who, person_id=person)
    except (AlreadySettled, IllegalMove):
        flash(gettext("Pembayaran ini sudah dicatat sebelumnya."), "wait")
        return
    payment = direct_payment(session(), payment_id)
    amount = rupiah(payment.amount if payment else 0)
    if state is PaymentState.LATE:
        flash(
            gettext(
                "%(amount)s dicatat, tetapi pesanannya sudah gugur. Program mengembalikannya ke"
                " pembeli dan memotongnya dari pembayaran berikutnya ke penjual.",
                amount=amount,
            ),
            "wait",
        )
    else:
        flash(gettext("%(amount)s sudah diterima. Pesanannya bisa dikerjakan.", amount=amount))


def _not_arrived(payment_id: uuid.UUID, who: Who) -> None:
    person = current_actor().person
    try:
        until = settle.not_arrived(session(), payment_id, person_id=person, actor=who)
    except IllegalMove:
        flash(gettext("Pembayaran ini sudah dicatat sebelumnya."), "wait")
        return
    flash(
        gettext(
            "Dicatat: uangnya belum masuk. Pesanan menunggu sampai %(when)s.", when=day_time(until)
        )
    )
