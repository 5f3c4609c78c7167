"""The staff's page about what the programme keeps, of whom and since when."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.ledger.fees import EVERYBODY, end_rule, set_rule
from shop.ledger.figures import percent
from shop.payments.forms_fees import RuleForm, WhomForm
from shop.payments.queries_fees import holding, rules, whom_choices

bp = Blueprint("fees_staff", __name__, url_prefix="/staff/settings/fees")


@bp.get("")
@permit(Permission.STAFF_SETTINGS_EDIT)
def fees() -> str:
    """The rules that hold, and those that held."""
    return _page(RuleForm(formdata=None))


@bp.post("")
@permit(Permission.STAFF_SETTINGS_EDIT)
def set_fee() -> Response | tuple[str, int]:
    """Set a rule from now on."""
    form = RuleForm()
    form.offer(whom_choices(session()))
    if not form.validate_on_submit():
        return _page(form), 422
    set_rule(
        session(), form.percent.basis_points, current_actor().person,
        flat=form.flat.data or 0, whom=form.target,
    )  # fmt: skip
    flash(gettext("Potongan disimpan. Berlaku untuk pesanan mulai sekarang."))
    return redirect(url_for(".fees"), 303)


@bp.post("/end")
@permit(Permission.STAFF_SETTINGS_EDIT)
def end() -> Response | tuple[str, int]:
    """End a rule of one seller or category."""
    form = WhomForm()
    form.offer(whom_choices(session()))
    if not form.validate_on_submit() or form.target == EVERYBODY:
        return _page(RuleForm(formdata=None)), 422
    end_rule(session(), form.target, current_actor().person)
    flash(gettext("Aturan itu sudah berakhir. Yang umum berlaku lagi mulai sekarang."))
    return redirect(url_for(".fees"), 303)


def _page(form: RuleForm) -> str:
    form.offer(whom_choices(session()))
    rows = rules(session())
    return render_template(
        "payments/staff/fees.html", form=form, holding=holding(rows), rules=rows, percent=percent
    )
