"""What staff do with one line of a bank statement, or with all that are sure."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.exc import NoResultFound
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.ledger.payout_steps import NotApproved
from shop.payments import match_line, queries_bank, undo_match
from shop.payments.cannot_undo import CannotUndo
from shop.payments.forms_bank import AsideForm, OrderForm, StatementForm, UndoForm
from shop.payments.match_line import DoesNotFit
from shop.payments.match_sure import match_chosen, match_sure
from shop.payments.record_stray import OtherWay
from shop.payments.settle import AlreadySettled, Gone
from shop.payments.views_bank import bank_page
from shop.payments.words_bank import why_words

bp = Blueprint("bank_lines_staff", __name__, url_prefix="/staff/payments/bank")
Page = str | Response | tuple[str, int]
_REFUSED = (AlreadySettled, Gone, OtherWay, DoesNotFit, NotApproved, NoResultFound)
_NAMED = ("payment", "entry", "day", "batch")


@bp.post("/sure")
@permit(P.STAFF_PAYMENT_CONFIRM)
def sure() -> Response:
    """Match every line that can be only one thing."""
    done = match_sure(session(), person_id=current_actor().person)
    if done:
        flash(ngettext("%(num)d mutasi dicocokkan.", "%(num)d mutasi dicocokkan.", done))
    else:
        flash(gettext("Tidak ada mutasi yang sudah pasti."), "wait")
    return _back()


@bp.post("/lines/<uuid:line_id>/match")
@permit(P.STAFF_PAYMENT_CONFIRM)
def match(line_id: uuid.UUID) -> Response:
    """It is what was suggested."""
    _line(line_id)
    payment, entry, day, batch = (request.form.get(name) for name in _NAMED)
    try:
        chosen = _id(payment), _id(entry), date.fromisoformat(day) if day else None, _id(batch)
    except ValueError:
        abort(400)
    if sum(one is not None for one in chosen) != 1:
        abort(400)
    try:
        match_chosen(session(), line_id, chosen, person_id=current_actor().person)
    except (IllegalMove, *_REFUSED) as fault:
        _refuse(fault)
    else:
        flash(gettext("Mutasi dicocokkan."))
    return _back()


@bp.post("/lines/<uuid:line_id>/order")
@permit(P.STAFF_PAYMENT_CONFIRM)
def match_order(line_id: uuid.UUID) -> Page:
    """It is for the order that staff name."""
    _line(line_id)
    form = OrderForm()
    good = form.validate_on_submit()
    payment = queries_bank.payment_for(session(), form.number.data) if good else None
    if payment is None:
        if good:
            form.number.errors = [gettext("Tidak ada transfer untuk nomor pesanan ini.")]
        return bank_page(StatementForm(formdata=None), faulty=line_id, order_form=form), 422
    try:
        match_line.pay_with(session(), line_id, payment.id, person_id=current_actor().person)
    except (IllegalMove, *_REFUSED) as fault:
        _refuse(fault)
    else:
        flash(gettext("Mutasi dicocokkan."))
    return _back()


@bp.post("/lines/<uuid:line_id>/unknown")
@permit(P.STAFF_PAYMENT_CONFIRM)
def unknown(line_id: uuid.UUID) -> Response:
    """Nobody knows whose it is."""
    _line(line_id)
    try:
        match_line.unknown(session(), line_id, person_id=current_actor().person)
    except (IllegalMove, *_REFUSED) as fault:
        _refuse(fault)
    else:
        flash(gettext("Dicatat sebagai uang yang belum jelas punya siapa."))
    return _back()


@bp.post("/lines/<uuid:line_id>/aside")
@permit(P.STAFF_PAYMENT_CONFIRM)
def aside(line_id: uuid.UUID) -> Page:
    """It is nothing of ours."""
    _line(line_id)
    form = AsideForm()
    if not form.validate_on_submit():
        return bank_page(StatementForm(formdata=None), faulty=line_id, aside_form=form), 422
    try:
        match_line.set_aside(
            session(), line_id, reason=form.reason.data, person_id=current_actor().person
        )
    except (IllegalMove, *_REFUSED) as fault:
        _refuse(fault)
    else:
        flash(gettext("Mutasi disisihkan."))
    return _back()


@bp.post("/lines/<uuid:line_id>/back")
@permit(P.STAFF_PAYMENT_CONFIRM)
def bring_back(line_id: uuid.UUID) -> Response:
    """It is ours after all."""
    _line(line_id)
    try:
        match_line.bring_back(session(), line_id, person_id=current_actor().person)
    except IllegalMove as fault:
        _refuse(fault)
    else:
        flash(gettext("Mutasi kembali ke daftar."))
    return _back()


@bp.post("/lines/<uuid:line_id>/undo")
@permit(P.STAFF_PAYMENT_CONFIRM)
def undo(line_id: uuid.UUID) -> Page:
    """It was matched by mistake."""
    _line(line_id)
    form = UndoForm()
    if not form.validate_on_submit():
        return bank_page(StatementForm(formdata=None), faulty=line_id, undo_form=form), 422
    try:
        undone = undo_match.undo(
            session(), line_id, reason=form.why.data, person_id=current_actor().person
        )
    except IllegalMove:
        pause()
        flash(gettext("Mutasi ini sudah dibatalkan sebelumnya."), "wait")
    except CannotUndo as fault:
        pause()
        form.why.errors = [why_words(fault.why)]
        return bank_page(StatementForm(formdata=None), faulty=line_id, undo_form=form), 422
    else:
        flash(
            gettext("Mutasi kembali ke daftar. Yang tadi dicatat karenanya sudah dibatalkan.")
            if undone
            else gettext("Mutasi kembali ke daftar. Catatan yang sudah ada tetap.")
        )
    return _back()


def _line(line_id: uuid.UUID) -> None:
    queries_bank.line_of(session(), line_id) or abort(404)


def _id(said: str | None) -> uuid.UUID | None:
    return uuid.UUID(said) if said else None


def _refuse(fault: Exception) -> None:
    """Undo what was begun and say why. A payment that is not there is refused as one that left."""
    pause()
    if isinstance(fault, IllegalMove):
        flash(gettext("Mutasi ini sudah dicocokkan atau disisihkan sebelumnya."), "wait")
    elif isinstance(fault, Gone):
        flash(gettext("Pesanannya sudah gugur. Catat dulu sebagai uang yang belum jelas."), "wait")
    else:
        flash(gettext("Jumlah atau keadaannya tidak cocok. Belum ada yang dicatat."), "wait")


def _back() -> Response:
    return redirect(url_for("bank_staff.bank", state=request.form.get("state") or None), 303)
