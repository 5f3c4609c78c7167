"""The staff's pages about disputes of card payments, and refunds to cards."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.lifecycle import IllegalMove
from shop.payments import queries, refund_by_card, words_stripe
from shop.payments.asked_elsewhere import AskedElsewhere, InDispute
from shop.payments.bear_dispute import RestNotSent, StillOpen, TooMuchBorne, bear
from shop.payments.forms_disputes import BearForm
from shop.payments.left_there import MoreThanCame
from shop.payments.models import Refund
from shop.payments.providers.stripe import dispute_page
from shop.payments.queries_disputes import dispute_row, ended_disputes, waiting_disputes
from shop.payments.refund import OwnGrant
from shop.payments.refund_by_card import NotByCard
from shop.payments.states_stripe import DisputeState
from shop.payments.words_money import more_than_came

bp = Blueprint("disputes_staff", __name__, url_prefix="/staff")


@bp.get("/payments/disputes")
@permit(Permission.STAFF_PAYMENT_VIEW)
def disputes() -> str:
    """What buyers' banks took back, until when there is time, and what to do."""
    return _page()


@bp.post("/payments/disputes/<uuid:dispute_id>/bear")
@permit(Permission.STAFF_REFUND_PAY)
def bear_it(dispute_id: uuid.UUID) -> Response | tuple[str, int]:
    """Who bears a dispute that was lost."""
    row = dispute_row(session(), dispute_id) or abort(404)
    form = BearForm.about(row.sellers)
    if not form.validate_on_submit():
        return _page(dispute_id, form), 422
    try:
        bear(
            session(), dispute_id, form.shares,
            person_id=current_actor().person, reference=form.reference.data or "",
        )  # fmt: skip
    except (TooMuchBorne, RestNotSent) as fault:
        form.blame(fault)
        return _page(dispute_id, form), 422
    except StillOpen:
        flash(gettext("Selesaikan atau batalkan dulu pesanannya, baru putuskan."), "wait")
    except AskedElsewhere:
        flash(gettext("Yang diminta mengirimnya belum menjawab. Jangan kirim dua kali."), "wait")
    except IllegalMove:
        flash(gettext("Sengketa ini sudah diputuskan."), "wait")
    except OwnGrant:
        flash(gettext("Yang memutuskan tidak boleh mengirimnya juga. Minta orang lain."), "wait")
    else:
        flash(gettext("Dicatat siapa yang menanggung. Penjual sudah diberi tahu."))
    return redirect(url_for(".disputes"), 303)


@bp.post("/refunds/<uuid:refund_id>/card")
@permit(Permission.STAFF_REFUND_PAY)
def refund(refund_id: uuid.UUID) -> Response:
    """Send the money back to the card."""
    session().get(Refund, refund_id) or abort(404)
    if not current_app.extensions["config"].stripe_secret_key:
        flash(gettext("Stripe belum dipakai di toko ini."), "wait")
        return redirect(url_for("payments_staff.refunds"), 303)
    try:
        refund_by_card.ask(session(), refund_id, person_id=current_actor().person)
    except (IllegalMove, NotByCard):
        flash(gettext("Pengembalian ini sudah dicatat sebelumnya."), "wait")
    except OwnGrant:
        flash(gettext("Yang memutuskan tidak boleh mengirimnya juga. Minta orang lain."), "wait")
    except InDispute:
        flash(gettext("Kartunya disengketakan: jangan dikirim, nanti terbayar dua kali."), "wait")
    except MoreThanCame as fault:
        flash(more_than_came(fault.left), "wait")
    else:
        flash(gettext("Dikirim ke kartu lewat Stripe. Muat ulang halaman ini sebentar lagi."))
    return redirect(url_for("payments_staff.refunds"), 303)


def _page(faulty: uuid.UUID | None = None, faulty_form: BearForm | None = None) -> str:
    waiting = waiting_disputes(session())
    forms = {
        row.dispute.id: BearForm.about(row.sellers, formdata=None)
        for row in waiting
        if row.dispute.state == DisputeState.LOST
    }
    if faulty is not None and faulty_form is not None:
        forms[faulty] = faulty_form
    return render_template(
        "payments/staff/disputes.html",
        waiting=waiting,
        ended=ended_disputes(session()),
        counts=queries.counts(session()),
        forms=forms,
        faulty=faulty,
        say=words_stripe,
        page_of=dispute_page(current_app.extensions["config"]),
    )
