"""The staff's page about the shop's settings."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import pause, session
from shop.core.images import BadImage, fault_message, normalise
from shop.core.settings import load_settings
from shop.ledger.fees import current_basis_points, set_rule
from shop.ledger.figures import percent
from shop.payments.allow import NoCode, NotRead, Risk, allow, forbid
from shop.payments.edit_settings import edit_settings, set_qris
from shop.payments.forms import AllowForm, FeeForm, QrisForm, SettingsForm
from shop.payments.qris import BadQris, read_picture
from shop.payments.qris.words import fault_message as qris_message
from shop.payments.qris.words import whose
from shop.payments.qris_picture import qris_code_of, qris_of
from shop.payments.queries_allowed import allowed

PREFIXES = {Risk.QRIS_AMOUNT: "", Risk.SELLERS_COLLECT: "collect-"}
bp = Blueprint("settings_staff", __name__, url_prefix="/staff/settings")


@bp.get("")
@permit(Permission.STAFF_SETTINGS_EDIT)
def settings() -> str:
    """What can be changed about the shop."""
    return _page()


@bp.post("")
@permit(Permission.STAFF_SETTINGS_EDIT)
def edit() -> Response | tuple[str, int]:
    """Change the shop's words, account and times."""
    form = SettingsForm()
    if not form.validate_on_submit():
        return _page(form=form), 422
    edit_settings(session(), current_actor().person, **form.values)
    flash(gettext("Pengaturan disimpan."))
    return redirect(url_for(".settings"), 303)


@bp.post("/fee")
@permit(Permission.STAFF_SETTINGS_EDIT)
def set_fee() -> Response | tuple[str, int]:
    """Change what the programme keeps, from now on."""
    form = FeeForm()
    if not form.validate_on_submit():
        return _page(fee_form=form), 422
    set_rule(session(), form.percent.basis_points, current_actor().person)
    flash(gettext("Potongan disimpan. Berlaku untuk pesanan mulai sekarang."))
    return redirect(url_for(".settings"), 303)


@bp.post("/qris")
@permit(Permission.STAFF_SETTINGS_EDIT)
def set_qris_picture() -> Response | tuple[str, int]:
    """Change the QRIS picture; its code says whose it is."""
    form = QrisForm()
    person_id = current_actor().person
    if not form.validate_on_submit():
        return _page(qris_form=form), 422
    data = form.picture.data.read()
    storage = current_app.extensions["storage"]
    pause()  # nobody waits for the database while a photo is decoded
    try:
        code = read_picture(data)
        set_qris(session(), storage, normalise(data), code, person_id=person_id)
    except BadImage as fault:
        form.picture.errors = [fault_message(fault.reason)]
        return _page(qris_form=form), 422
    except BadQris as fault:
        form.picture.errors = [qris_message(fault)]
        return _page(qris_form=form), 422
    flash(gettext("QRIS disimpan: %(whose)s.", whose=whose(code)))
    return redirect(url_for(".settings"), 303)


@bp.post("/qris-amount")
@permit(Permission.STAFF_SETTINGS_EDIT)
def put_amount_in() -> Response | tuple[str, int]:
    """Let buyers scan a code that has the sum in it, or let them type it again."""
    return _switch(
        Risk.QRIS_AMOUNT,
        gettext("Dinyalakan: jumlahnya sudah ada di dalam kode yang dipindai pembeli."),
        gettext("Dimatikan: pembeli mengetik sendiri jumlahnya."),
    )


@bp.post("/sellers-collect")
@permit(Permission.STAFF_SETTINGS_EDIT)
def let_sellers_collect() -> Response | tuple[str, int]:
    """Let sellers be paid by buyers directly, or no more."""
    return _switch(
        Risk.SELLERS_COLLECT,
        gettext("Dinyalakan: penjual bisa memilih dibayar langsung oleh pembeli."),
        gettext("Dimatikan: pesanan baru dibayar ke program."),
    )


def _switch(risk: Risk, said_on: str, said_off: str) -> Response | tuple[str, int]:
    form, person_id = AllowForm(prefix=PREFIXES[risk]), current_actor().person
    if not form.validate_on_submit():
        return _page(allow_forms={risk: form}), 422
    if request.form.get("on") != "1":
        forbid(session(), risk, person_id=person_id)
        flash(said_off)
        return redirect(url_for(".settings"), 303)
    fault = ""
    try:
        allow(session(), risk, warning_read=form.warning_read.data, person_id=person_id)
    except NotRead:
        fault = gettext("Baca dulu, lalu centang.")
    except NoCode:
        fault = gettext("Simpan dulu foto QRIS yang kodenya terbaca.")
    if fault:
        form.warning_read.errors = [fault]
        return _page(allow_forms={risk: form}), 422
    flash(said_on)
    return redirect(url_for(".settings"), 303)


def _page(
    form: SettingsForm | None = None,
    fee_form: FeeForm | None = None,
    qris_form: QrisForm | None = None,
    allow_forms: Mapping[Risk, AllowForm] | None = None,
) -> str:
    found = load_settings(session())
    basis_points = current_basis_points(session())
    return render_template(
        "payments/staff/settings.html",
        form=form or SettingsForm(formdata=None, obj=found),
        fee_form=fee_form or FeeForm(formdata=None, percent=percent(basis_points)),
        qris_form=qris_form or QrisForm(formdata=None),
        qris=qris_of(session(), found, found.qris_holder),
        qris_code=qris_code_of(found),
        allow_forms={
            risk.value: (allow_forms or {}).get(risk)
            or AllowForm(formdata=None, prefix=PREFIXES[risk])
            for risk in Risk
        },
        on={risk.value: getattr(found, risk.value) for risk in Risk},
        since={risk.value: allowed(session(), found, risk) for risk in Risk},
    )
