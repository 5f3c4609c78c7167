"""The staff's pages about the payouts of an approved batch: the bank's file, sent, signed, back."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.csv_file import csv_file
from shop.core.db import pause, session
from shop.core.http import takes_photos
from shop.core.lifecycle import IllegalMove
from shop.core.pictures import serve_private
from shop.ledger import bank_file, paid_out, queries_payouts, signature
from shop.ledger.batch_page import batch_page, found_batch
from shop.ledger.forms import PaidForm, ReturnedForm, SignedForm
from shop.ledger.forms_columns import ColumnsForm
from shop.ledger.payout_steps import NotApproved

bp = Blueprint("payouts_staff", __name__, url_prefix="/staff/payouts")
Page = str | Response | tuple[str, int]


@bp.get("/<number>.csv")
@permit(Permission.STAFF_PAYOUT_VIEW)
def batch_csv(number: str) -> Response:
    """An approved batch as a table for the bank."""
    found = found_batch(number)
    if found.approved_at is None:
        flash(gettext("Berkas untuk bank ada setelah daftar ini disetujui."), "wait")
        return _back(number)
    columns = bank_file.columns(session())
    rows = queries_payouts.payouts_of(session(), found.id)
    return csv_file(
        f"payout-{found.number}.csv",
        [column.heading for column in columns],
        bank_file.lines(found, rows, columns),
    )


@bp.get("/columns")
@permit(Permission.STAFF_PAYOUT_MAKE)
def columns() -> str:
    """Which columns the bank wants, in which order, under which headings."""
    return render_template(
        "ledger/staff/columns.html", form=ColumnsForm.showing(bank_file.columns(session()))
    )


@bp.post("/columns")
@permit(Permission.STAFF_PAYOUT_MAKE)
def keep_columns() -> Page:
    """Remember them for every batch from now on."""
    form = ColumnsForm()
    if not form.validate_on_submit():
        return render_template("ledger/staff/columns.html", form=form), 422
    bank_file.keep_columns(session(), form.chosen, current_actor().person)
    flash(gettext("Kolom disimpan. Berkas berikutnya memakai urutan ini."))
    return redirect(url_for("ledger_staff.payouts"), 303)


@bp.post("/<number>/paid")
@permit(Permission.STAFF_PAYOUT_MAKE)
def all_paid(number: str) -> Page:
    """The bank has sent the whole batch under one reference."""
    found, form = found_batch(number), PaidForm()
    if not form.validate_on_submit():
        return batch_page(found, form=form), 422
    try:
        count = paid_out.mark_batch_paid(
            session(), found.id, reference=form.reference.data, person_id=current_actor().person
        )
    except NotApproved:
        return _not_yet(number)
    flash(gettext("%(count)d pembayaran dicatat sudah dikirim.", count=count))
    return _back(number)


@bp.post("/<number>/<uuid:payout_id>/paid")
@permit(Permission.STAFF_PAYOUT_MAKE)
def paid(number: str, payout_id: uuid.UUID) -> Page:
    """The bank has sent one payout."""
    found, form = found_batch(number, payout_id), PaidForm()
    if not form.validate_on_submit():
        return batch_page(found, payout_id, form), 422
    try:
        paid_out.mark_paid(
            session(), payout_id, reference=form.reference.data, person_id=current_actor().person
        )
    except NotApproved:
        return _not_yet(number)
    except (IllegalMove, paid_out.OtherWay):
        return _known(number)
    flash(gettext("Dicatat: sudah dikirim bank."))
    return _back(number)


@bp.post("/<number>/<uuid:payout_id>/signed")
@permit(Permission.STAFF_PAYOUT_MAKE)
@takes_photos
def signed(number: str, payout_id: uuid.UUID) -> Page:
    """The seller has the money in her hand, and signed for it on a photo."""
    found, form = found_batch(number, payout_id), SignedForm()
    person_id = current_actor().person
    if not form.validate_on_submit():
        return batch_page(found, payout_id, form), 422
    kept, fault = signature.take(session(), form.photo.data)
    if fault:
        form.photo.errors = [fault]
        return batch_page(found_batch(number, payout_id), payout_id, form), 422
    try:
        paid_out.mark_signed(session(), payout_id, signature=kept, person_id=person_id)
    except NotApproved:
        return _not_yet(number)
    except (IllegalMove, paid_out.OtherWay):
        return _known(number)
    flash(gettext("Dicatat: sudah diterima tunai."))
    return _back(number)


@bp.get("/<number>/<uuid:payout_id>/signature")
@permit(Permission.STAFF_PAYOUT_VIEW)
def photo(number: str, payout_id: uuid.UUID) -> Response:
    """What the seller signed."""
    payout = queries_payouts.payout_in(session(), number, payout_id)
    picture = queries_payouts.signature_of(session(), payout) if payout else None
    if picture is None:
        abort(404)
    return serve_private(picture, whole="whole" in request.args)


@bp.post("/<number>/<uuid:payout_id>/returned")
@permit(Permission.STAFF_PAYOUT_MAKE)
def returned(number: str, payout_id: uuid.UUID) -> Page:
    """The bank sent one payout back; the seller is owed it again."""
    found, form = found_batch(number, payout_id), ReturnedForm()
    if not form.validate_on_submit():
        return batch_page(found, payout_id, form), 422
    try:
        paid_out.mark_returned(
            session(), payout_id, reason=form.reason.data, person_id=current_actor().person
        )
    except NotApproved:
        return _not_yet(number)
    except (IllegalMove, paid_out.OtherWay):
        return _known(number)
    flash(gettext("Dicatat: uang kembali dan menjadi utang program ke penjual lagi."))
    return _back(number)


def _not_yet(number: str) -> Response:
    flash(gettext("Daftar ini belum disetujui orang kedua."), "wait")
    return _back(number)


def _known(number: str) -> Response:
    pause()
    flash(gettext("Pembayaran ini sudah dicatat sebelumnya."), "wait")
    return _back(number)


def _back(number: str) -> Response:
    return redirect(url_for("ledger_staff.batch", number=number), 303)
