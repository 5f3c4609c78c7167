"""The staff's pages about payouts."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core import ids
from shop.core.csv_file import csv_file
from shop.core.db import session
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.core.settings import load_settings
from shop.ledger import pay_out, queries_staff
from shop.ledger.forms import BatchForm, PaidForm, ReturnedForm
from shop.ledger.models import PayoutBatch

bp = Blueprint("ledger_staff", __name__, url_prefix="/staff/payouts")


@bp.get("")
@permit(Permission.STAFF_PAYOUT_VIEW)
def payouts() -> str:
    """Who is owed what now, and the batches made so far."""
    return render_template(
        "ledger/staff/payouts.html",
        due=pay_out.due_now(session()),
        minimum=load_settings(session()).payout_minimum,
        key=ids.new_token(),
        page=queries_staff.batches(session(), number=page_number(request.args.get("page"))),
    )


@bp.post("")
@permit(Permission.STAFF_PAYOUT_MAKE)
def make() -> Response:
    """Claim all that is payable in one batch."""
    form = BatchForm()
    if not form.validate_on_submit():
        abort(400)
    made = pay_out.make_batch(session(), key=form.key.data, person_id=current_actor().person)
    if made is None:
        flash(gettext("Belum ada yang bisa dibayarkan."), "wait")
        return redirect(url_for(".payouts"), 303)
    flash(gettext("Daftar bayar %(number)s dibuat.", number=made.number))
    return redirect(url_for(".batch", number=made.number), 303)


@bp.get("/<number>")
@permit(Permission.STAFF_PAYOUT_VIEW)
def batch(number: str) -> str:
    """One batch: who gets how much, where to."""
    return _page(_found(number))


@bp.get("/<number>.csv")
@permit(Permission.STAFF_PAYOUT_VIEW)
def batch_csv(number: str) -> Response:
    """A batch as a table for the bank."""
    found = _found(number)
    return csv_file(
        f"payout-{found.number}.csv",
        ("seller", "bank", "account", "holder", "amount", "state", "reference"),
        (
            (
                row.seller, row.payout.bank_name, row.payout.bank_account, row.payout.bank_holder,
                row.payout.amount, row.payout.state, row.payout.reference,
            )
            for row in queries_staff.payouts_of(session(), found.id)
        ),
    )  # fmt: skip


@bp.post("/<number>/paid")
@permit(Permission.STAFF_PAYOUT_MAKE)
def all_paid(number: str) -> Response | tuple[str, int]:
    """The bank has sent the whole batch under one reference."""
    found, form = _found(number), PaidForm()
    if not form.validate_on_submit():
        return _page(found, form=form), 422
    count = pay_out.mark_batch_paid(
        session(), found.id, reference=form.reference.data, person_id=current_actor().person
    )
    flash(gettext("%(count)d pembayaran dicatat sudah dikirim.", count=count))
    return redirect(url_for(".batch", number=number), 303)


@bp.post("/<number>/<uuid:payout_id>/paid")
@permit(Permission.STAFF_PAYOUT_MAKE)
def paid(number: str, payout_id: uuid.UUID) -> Response | tuple[str, int]:
    """The bank has sent one payout."""
    found, form = _found(number, payout_id), PaidForm()
    if not form.validate_on_submit():
        return _page(found, payout_id, form), 422
    try:
        pay_out.mark_paid(
            session(), payout_id, reference=form.reference.data, person_id=current_actor().person
        )
    except IllegalMove:
        flash(gettext("Pembayaran ini sudah dicatat sebelumnya."), "wait")
    else:
        flash(gettext("Dicatat: sudah dikirim bank."))
    return redirect(url_for(".batch", number=number), 303)


@bp.post("/<number>/<uuid:payout_id>/returned")
@permit(Permission.STAFF_PAYOUT_MAKE)
def returned(number: str, payout_id: uuid.UUID) -> Response | tuple[str, int]:
    """The bank sent one payout back; the seller is owed it again."""
    found, form = _found(number, payout_id), ReturnedForm()
    if not form.validate_on_submit():
        return _page(found, payout_id, form), 422
    try:
        pay_out.mark_returned(
            session(), payout_id, reason=form.reason.data, person_id=current_actor().person
        )
    except IllegalMove:
        flash(gettext("Pembayaran ini sudah dicatat sebelumnya."), "wait")
    else:
        flash(gettext("Dicatat: uang kembali dan menjadi utang program ke penjual lagi."))
    return redirect(url_for(".batch", number=number), 303)


def _found(number: str, payout_id: uuid.UUID | None = None) -> PayoutBatch:
    """The batch, and the payout in it if one is named; otherwise 404."""
    found = queries_staff.batch_of(session(), number)
    if found is None:
        abort(404)
    if payout_id and queries_staff.payout_in(session(), number, payout_id) is None:
        abort(404)
    return found


def _page(
    found: PayoutBatch,
    faulty: uuid.UUID | None = None,
    form: PaidForm | ReturnedForm | None = None,
) -> str:
    return render_template(
        "ledger/staff/batch.html",
        batch=found,
        rows=queries_staff.payouts_of(session(), found.id),
        faulty=faulty,
        form=form,
        empty_form=PaidForm(formdata=None),
        returned_form=ReturnedForm(formdata=None),
    )
