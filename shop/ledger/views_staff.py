"""The staff's pages about payouts: who would be paid, preparing a batch, and approving it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core import ids
from shop.core.db import pause, session
from shop.core.paging import page_number
from shop.ledger import queries_payouts
from shop.ledger.batch_page import batch_page, found_batch
from shop.ledger.due import all_dues
from shop.ledger.forms import BatchForm, RefuseForm
from shop.ledger.pay_out import Decided, OwnBatch, approve_batch, make_batch, refuse_batch

bp = Blueprint("ledger_staff", __name__, url_prefix="/staff/payouts")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(Permission.STAFF_PAYOUT_VIEW)
def payouts() -> str:
    """How much would be paid now, and the batches made so far."""
    dues = all_dues(session())
    return render_template(
        "ledger/staff/payouts.html",
        ready=[due for due in dues if due.wait is None],
        waiting=[due for due in dues if due.wait is not None],
        page=queries_payouts.batches(session(), number=page_number(request.args.get("page"))),
    )


@bp.get("/new")
@permit(Permission.STAFF_PAYOUT_MAKE)
def preview() -> str:
    """Who would be in a batch made now, who not and why."""
    everybody = "everybody" in request.args
    dues = all_dues(session())
    ready = [due for due in dues if due.wait is None or (everybody and due.only_waits_for_her_day)]
    return render_template(
        "ledger/staff/preview.html",
        ready=ready,
        left_out=[due for due in dues if due not in ready],
        early=any(due.only_waits_for_her_day for due in dues),
        everybody=everybody,
        key=ids.new_token(),
    )


@bp.post("")
@permit(Permission.STAFF_PAYOUT_MAKE)
def make() -> Response:
    """Prepare the batch that was looked at."""
    form = BatchForm()
    if not form.validate_on_submit():
        abort(400)
    made = make_batch(
        session(), key=form.key.data, person_id=current_actor().person,
        everybody=bool(form.everybody.data),
    )  # fmt: skip
    if made is None:
        flash(gettext("Belum ada yang bisa dibayarkan."), "wait")
        return redirect(url_for(".payouts"), 303)
    flash(
        gettext("Daftar bayar %(number)s disiapkan. Orang lain menyetujuinya.", number=made.number)
    )
    return redirect(url_for(".batch", number=made.number), 303)


@bp.get("/<number>")
@permit(Permission.STAFF_PAYOUT_VIEW)
def batch(number: str) -> str:
    """One batch: who gets how much, where to, and what is to be done next."""
    return batch_page(found_batch(number))


@bp.post("/<number>/approve")
@permit(Permission.STAFF_PAYOUT_APPROVE)
def approve(number: str) -> Response:
    """Let the money go, as a second person."""
    found = found_batch(number)
    try:
        approve_batch(session(), found.id, person_id=current_actor().person)
    except OwnBatch:
        flash(gettext("Anda menyiapkan daftar ini. Orang lain yang menyetujuinya."), "wait")
    except Decided:
        pause()
        flash(gettext("Daftar ini sudah diputuskan orang lain."), "wait")
    else:
        flash(gettext("Daftar bayar disetujui. Sekarang uangnya bisa dikirim."))
    return redirect(url_for(".batch", number=number), 303)


@bp.post("/<number>/refuse")
@permit(Permission.STAFF_PAYOUT_APPROVE)
def refuse(number: str) -> Page:
    """Give everything back; the sellers are owed it as before."""
    found, form = found_batch(number), RefuseForm()
    if not form.validate_on_submit():
        return batch_page(found, form=form), 422
    try:
        refuse_batch(session(), found.id, reason=form.reason.data, person_id=current_actor().person)
    except Decided:
        pause()
        flash(gettext("Daftar ini sudah diputuskan orang lain."), "wait")
    else:
        flash(gettext("Daftar bayar ditolak. Semua uangnya kembali menjadi hak penjual."))
    return redirect(url_for(".batch", number=number), 303)
