"""The staff's pages about payments and refunds."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.i18n import day_time
from shop.core.lifecycle import IllegalMove
from shop.core.money import rupiah
from shop.core.paging import page_number
from shop.payments import queries, refund, settle
from shop.payments.age import age
from shop.payments.asked_elsewhere import AskedElsewhere, InDispute
from shop.payments.forms import ConfirmForm, ReferenceForm
from shop.payments.models import Refund
from shop.payments.queries_disputes import by_card
from shop.payments.queries_gateway import asked_back
from shop.payments.refund import OwnGrant
from shop.payments.settle import AlreadySettled
from shop.payments.states import PaymentState, RefundState

bp = Blueprint("payments_staff", __name__, url_prefix="/staff")


@bp.get("/payments")
@permit(Permission.STAFF_PAYMENT_VIEW)
def payments() -> str:
    """What buyers say they paid, waiting for a person who looks."""
    return _queue()


@bp.get("/payments/expired")
@permit(Permission.STAFF_PAYMENT_VIEW)
def expired() -> str:
    """What nobody paid; sometimes the money comes after all."""
    words = request.args.get("q", "").strip()
    return render_template(
        "payments/staff/expired.html",
        page=queries.ended(session(), words, page_number(request.args.get("page"))),
        counts=queries.counts(session()),
        words=words,
        age=age,
    )


@bp.get("/payments/refunds")
@permit(Permission.STAFF_PAYMENT_VIEW)
def refunds() -> str:
    """Money that goes back to buyers."""
    return _refunds()


@bp.get("/payments/flagged")
@permit(Permission.STAFF_PAYMENT_VIEW)
def flagged() -> str:
    """Providers' messages that fit no payment."""
    return render_template(
        "payments/staff/flagged.html",
        events=queries.flagged(session()),
        counts=queries.counts(session()),
    )


@bp.post("/payments/<uuid:payment_id>/confirm")
@permit(Permission.STAFF_PAYMENT_CONFIRM)
def confirm(payment_id: uuid.UUID) -> Response | tuple[str, int]:
    """The money is there."""
    payment = queries.payment_of(session(), payment_id) or abort(404)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _queue(payment_id, form), 422
    amount = rupiah(payment.amount)
    try:
        state = settle.settle(
            session(),
            payment_id,
            actor="staff",
            person_id=current_actor().person,
            evidence=form.evidence.data or "",
        )
    except (AlreadySettled, IllegalMove):
        flash(gettext("Pembayaran ini sudah dicatat sebelumnya."), "wait")
    else:
        _say(state, amount)
    return redirect(_back(), 303)


@bp.post("/payments/<uuid:payment_id>/not-arrived")
@permit(Permission.STAFF_PAYMENT_CONFIRM)
def not_arrived(payment_id: uuid.UUID) -> Response:
    """The buyer says it was sent, and nothing came."""
    queries.payment_of(session(), payment_id) or abort(404)
    try:
        until = settle.not_arrived(session(), payment_id, person_id=current_actor().person)
    except IllegalMove:
        flash(gettext("Pembayaran ini sudah dicatat sebelumnya."), "wait")
    else:
        flash(
            gettext(
                "Dicatat: uangnya belum masuk. Pesanan menunggu sampai %(when)s.",
                when=day_time(until),
            )
        )
    return redirect(_back(), 303)


@bp.post("/refunds/<uuid:refund_id>/paid")
@permit(Permission.STAFF_REFUND_PAY)
def refund_paid(refund_id: uuid.UUID) -> Response | tuple[str, int]:
    """The money was sent back."""
    session().get(Refund, refund_id) or abort(404)
    form = ReferenceForm()
    if not form.validate_on_submit():
        return _refunds(refund_id, form), 422
    try:
        refund.mark_paid(
            session(),
            refund_id,
            reference=form.reference.data,
            person_id=current_actor().person,
        )
    except IllegalMove:
        flash(gettext("Pengembalian ini sudah dicatat sebelumnya."), "wait")
    except OwnGrant:
        flash(gettext("Yang memutuskan tidak boleh mengirimnya juga. Minta orang lain."), "wait")
    except InDispute:
        flash(gettext("Kartunya disengketakan: jangan dikirim, nanti terbayar dua kali."), "wait")
    except AskedElsewhere:
        flash(gettext("Yang diminta mengirimnya belum menjawab. Jangan kirim dua kali."), "wait")
    else:
        flash(gettext("Dicatat: uang sudah dikembalikan."))
    return redirect(url_for(".refunds"), 303)


def _say(state: PaymentState, amount: str) -> None:
    if state is PaymentState.LATE:
        flash(
            gettext(
                "%(amount)s dicatat, tetapi pesanannya sudah gugur. Kembalikan ke pembeli.",
                amount=amount,
            ),
            "wait",
        )
    else:
        flash(gettext("%(amount)s masuk. Penjual sudah diberi tahu.", amount=amount))


def _back() -> str:
    """The list the button was pressed in, with what was searched for there."""
    expired = request.form.get("from") == "expired"
    return url_for(".expired" if expired else ".payments", q=request.form.get("q") or None)


def _queue(faulty: uuid.UUID | None = None, form: ConfirmForm | None = None) -> str:
    words = request.values.get("q", "").strip()
    return render_template(
        "payments/staff/payments.html",
        rows=queries.queue(session(), words),
        ended=queries.ended_count(session(), words) if words else 0,
        counts=queries.counts(session()),
        words=words,
        age=age,
        faulty=faulty,
        form=form or ConfirmForm(formdata=None),
    )


def _refunds(faulty: uuid.UUID | None = None, form: ReferenceForm | None = None) -> str:
    due = queries.refunds(session())
    return render_template(
        "payments/staff/refunds.html",
        due=due,
        asked_back=asked_back(session(), [row.refund for row in due]),
        by_card=by_card(session(), [row.refund for row in due]),
        stripe=bool(current_app.extensions["config"].stripe_secret_key),
        paid=queries.refunds(session(), RefundState.PAID),
        counts=queries.counts(session()),
        age=age,
        faulty=faulty,
        form=form or ReferenceForm(formdata=None),
        person_id=current_actor().person_id,
    )
