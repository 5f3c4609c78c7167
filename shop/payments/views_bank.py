"""The staff's pages about bank statements: upload, look, keep."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import pause, session
from shop.core.paging import page_number
from shop.core.settings import load_settings
from shop.ledger.entry_words import entry_words
from shop.payments import keep_statement, queries, queries_bank
from shop.payments.bank import MOST_BYTES, BadStatement, BankFault, suggest_map
from shop.payments.bank.words import fault_message, reason_message
from shop.payments.forms_bank import MapForm, StatementForm, heading_row
from shop.payments.keep_statement import OtherAccount
from shop.payments.models_bank import BankFile
from shop.payments.qris_days import qris_days
from shop.payments.states_bank import LineState
from shop.payments.suggest_match import suggest
from shop.payments.words_bank import fit_words
from shop.payments.words_money import difference_words, next_step

bp = Blueprint("bank_staff", __name__, url_prefix="/staff/payments/bank")
Page = str | Response | tuple[str, int]
_SHOWN_ROWS = 12


@bp.get("")
@permit(P.STAFF_PAYMENT_VIEW)
def bank() -> str:
    """What waits to be matched, and the form for the next statement."""
    return bank_page(StatementForm(formdata=None))


@bp.post("")
@permit(P.STAFF_PAYMENT_CONFIRM)
def upload() -> Page:
    """Take a file, and show what it says before anything is kept."""
    form = StatementForm()
    if not form.validate_on_submit():
        return bank_page(form), 422
    sent, person_id = form.file.data, current_actor().person
    data = sent.stream.read(MOST_BYTES + 1)
    maps, account = queries_bank.maps(session()), queries_bank.shop_account(session())
    pause()  # reading takes seconds in which others must be able to write
    try:
        _statement, chosen = keep_statement.read_with(data, maps, account)
    except (BadStatement, OtherAccount) as fault:
        form.file.errors = [_said(fault)]
        return bank_page(form), 422
    file = keep_statement.hold(session(), data, sent.filename or "", chosen, person_id)
    return redirect(url_for(".file", file_id=file.id), 303)


@bp.get("/files/<uuid:file_id>")
@permit(P.STAFF_PAYMENT_VIEW)
def file(file_id: uuid.UUID) -> str:
    """What was understood of a file; for a bank that is not known, the form of its columns."""
    return _file_page(_file(file_id))


@bp.post("/files/<uuid:file_id>/map")
@permit(P.STAFF_PAYMENT_CONFIRM)
def set_map(file_id: uuid.UUID) -> Page:
    """Say which column is which."""
    found = _file(file_id)
    if found.kept_at is not None:
        return redirect(url_for(".file", file_id=file_id), 303)
    rows, form = _map_form(found, fresh=False)
    chosen = form.column_map() if form.validate_on_submit() else None
    if chosen is None:
        return _map_page(found, rows, form), 422
    try:
        keep_statement.read_by(found.content, chosen, queries_bank.shop_account(session()))
    except (BadStatement, OtherAccount) as fault:
        form.day.errors = [_said(fault)]
        return _map_page(found, rows, form), 422
    keep_statement.set_map(session(), found, form.bank.data, chosen, current_actor().person)
    return redirect(url_for(".file", file_id=file_id), 303)


@bp.post("/files/<uuid:file_id>/keep")
@permit(P.STAFF_PAYMENT_CONFIRM)
def keep(file_id: uuid.UUID) -> Page:
    """Keep the lines that are new."""
    found, person_id = _file(file_id), current_actor().person
    data, chosen = found.content, queries_bank.map_of(found)
    account = queries_bank.shop_account(session())
    pause()
    try:
        statement = keep_statement.read_by(data, chosen, account)
    except (BadStatement, OtherAccount):
        return redirect(url_for(".file", file_id=file_id), 303)
    kept = keep_statement.keep(session(), file_id, statement, person_id=person_id)
    number = kept.added
    flash(
        ngettext("%(num)d mutasi baru disimpan.", "%(num)d mutasi baru disimpan.", number)
        if number
        else gettext("Tidak ada mutasi baru di berkas itu.")
    )
    return redirect(url_for(".bank"), 303)


@bp.get("/qris")
@permit(P.STAFF_PAYMENT_VIEW)
def qris() -> str:
    """Day by day, what came by QRIS and what the acquirer paid for it."""
    return render_template(
        "payments/staff/bank_qris.html",
        days=qris_days(session()), counts=queries.counts(session()),
    )  # fmt: skip


@bp.get("/check")
@permit(P.STAFF_PAYMENT_VIEW)
def money() -> str:
    """What the daily comparison of books, orders, providers and bank found."""
    return render_template(
        "payments/staff/bank_check.html",
        last=queries_bank.last_check(session()), words=difference_words, step=next_step,
        counts=queries.counts(session()),
    )  # fmt: skip


def bank_page(form: StatementForm, **more: Any) -> str:
    """The page of lines; `more` is what a faulty form of one line needs."""
    state = _state()
    page = queries_bank.lines(session(), state, page_number(request.args.get("page")))
    new = state is LineState.NEW
    everything = queries_bank.new_lines(session()) if new else []
    suggested = suggest(session(), everything)
    context = {
        "page": page,
        "state": state,
        "tied": queries_bank.tied(session(), page.rows),
        "undone": queries_bank.undone(session(), page.rows),
        "suggested": suggested,
        "sure": sum(bool(some) and some[0].sure for some in suggested.values()),
        "fit_words": fit_words,
        "entry_words": entry_words,
        "line_counts": queries_bank.line_counts(session()),
        "at_bank": queries_bank.at_bank(session()),
        "files": queries_bank.files(session()),
        "counts": queries.counts(session()),
        "form": form,
    }
    return render_template("payments/staff/bank.html", **(context | more))


def _state() -> LineState:
    try:
        return LineState(request.values.get("state", LineState.NEW.value))
    except ValueError:
        return LineState.NEW


def _file(file_id: uuid.UUID) -> BankFile:
    return queries_bank.file_of(session(), file_id) or abort(404)


def _file_page(found: BankFile) -> str:
    """What a file says, or why it cannot be read any more."""
    account = queries_bank.shop_account(session())
    chosen = queries_bank.map_of(found)
    seen, fault = None, ""
    try:
        statement = keep_statement.read_by(found.content, chosen, account)
    except BadStatement as refused:
        if refused.fault is BankFault.UNKNOWN_HEADINGS and chosen is None:
            return _map_page(found, *_map_form(found, fresh=True))
        fault = fault_message(refused)
    except OtherAccount as other:
        fault = _said(other)
    else:
        seen = keep_statement.understood(session(), statement)
    return render_template(
        "payments/staff/bank_file.html",
        file=found, seen=seen, fault=fault, reason=reason_message,
        counts=queries.counts(session()),
    )  # fmt: skip


def _map_form(found: BankFile, *, fresh: bool) -> tuple[list[Any], MapForm]:
    rows, suggested = suggest_map(found.content)
    head = heading_row(rows, suggested)
    form = MapForm(formdata=None) if fresh else MapForm()
    form.offer(head, max(len(row.cells) for row in rows))
    if fresh:
        form.bank.data = load_settings(session()).bank_name
        if suggested is not None:
            form.propose(suggested)
    return rows[:_SHOWN_ROWS], form


def _map_page(found: BankFile, rows: list[Any], form: MapForm) -> str:
    return render_template(
        "payments/staff/bank_map.html",
        file=found, rows=rows, form=form, counts=queries.counts(session()),
    )  # fmt: skip


def _said(fault: BadStatement | OtherAccount) -> str:
    if isinstance(fault, BadStatement):
        return fault_message(fault)
    said: str = gettext(
        "Mutasi ini dari rekening %(account)s, bukan rekening program. Unduh yang benar.",
        account=str(fault),
    )
    return said
