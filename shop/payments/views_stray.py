"""The staff's pages about money that fits no payment: what it is, and the next step."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core import ids
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.core.money import rupiah
from shop.payments import end_stray, queries, queries_stray, words_stray
from shop.payments.age import age
from shop.payments.ask_rest import ask_rest
from shop.payments.forms import ReferenceForm
from shop.payments.forms_stray import StrayForm
from shop.payments.match_stray import match
from shop.payments.models import Payment
from shop.payments.models_stray import Stray
from shop.payments.queries_stray import StrayRow
from shop.payments.record_stray import Came, FitsExactly, OtherWay, record
from shop.payments.refund import OwnGrant
from shop.payments.settle import Gone
from shop.payments.start import NoFreeCode
from shop.payments.states import Method
from shop.payments.states_stray import StrayKind, StrayState

bp = Blueprint("stray_staff", __name__, url_prefix="/staff/payments/stray")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(P.STAFF_PAYMENT_VIEW)
def strays() -> str:
    """What came and does not fit."""
    return _page()


@bp.post("")
@permit(P.STAFF_PAYMENT_CONFIRM)
def record_stray() -> Page:
    """Write down money that is there."""
    form, payment = StrayForm(), None
    good = form.validate()
    if form.number.data:
        payment = queries_stray.payment_numbered(session(), form.number.data)
        if payment is None:
            form.number.errors = [
                gettext("Tidak ada pembayaran transfer atau QRIS dengan nomor pesanan ini.")
            ]
    if not good or form.errors:
        return _page(form=form), 422
    came = Came(Method(form.method.data), int(form.amount.data or 0), form.note.data or "")
    try:
        stray = record(
            session(), came, payment_id=payment.id if payment else None,
            person_id=current_actor().person, key=form.key.data or "",
        )  # fmt: skip
    except FitsExactly:
        form.amount.errors = [
            gettext("Jumlah ini pas. Tekan Uang masuk di pesanannya, tidak usah dicatat di sini.")
        ]
        return _page(form=form), 422
    kind = str(words_stray.KINDS[stray.kind])
    flash(gettext("%(amount)s dicatat: %(kind)s.", amount=rupiah(stray.amount), kind=kind))
    return redirect(url_for(".strays"), 303)


@bp.get("/<uuid:stray_id>")
@permit(P.STAFF_PAYMENT_VIEW)
def search(stray_id: uuid.UUID) -> str:
    """Look for the order that this money is for."""
    row = _row(stray_id)
    words = request.args.get("q", "").strip()
    return render_template(
        "payments/staff/stray_search.html",
        row=row,
        found=queries_stray.candidates(session(), row.stray, words),
        words=words,
        say=words_stray,
    )


@bp.post("/<uuid:stray_id>/match")
@permit(P.STAFF_PAYMENT_CONFIRM)
def match_stray(stray_id: uuid.UUID) -> Response:
    """The money is for this payment."""
    _row(stray_id)
    payment = _payment() or abort(404)
    number = payment.order_number
    try:
        state = match(session(), stray_id, payment.id, person_id=current_actor().person)
    except Gone:
        pause()
        flash(
            gettext(
                "Pesanan %(number)s tidak bisa dibuka lagi. Kirim balik uangnya.", number=number
            ),
            "wait",
        )
    except (IllegalMove, OtherWay):
        pause()
        _say_known()
    else:
        _say(session().get_one(Stray, stray_id), state, number)
    return redirect(url_for(".strays"), 303)


@bp.post("/<uuid:stray_id>/ask")
@permit(P.STAFF_PAYMENT_CONFIRM)
def ask(stray_id: uuid.UUID) -> Response:
    """Ask the buyer for what is missing."""
    _row(stray_id)
    try:
        rest = ask_rest(session(), stray_id, person_id=current_actor().person)
    except IllegalMove:
        pause()
        _say_known()
    except NoFreeCode:
        flash(
            gettext("Belum bisa: terlalu banyak yang membayar jumlah ini. Coba lagi nanti."), "wait"
        )
    else:
        flash(gettext("Pembeli diminta mengirim %(amount)s lagi.", amount=rupiah(rest.amount)))
    return redirect(url_for(".strays"), 303)


@bp.post("/<uuid:stray_id>/back")
@permit(P.STAFF_PAYMENT_CONFIRM)
def back(stray_id: uuid.UUID) -> Response:
    """Decide that it goes back."""
    words = gettext("Diputuskan: dikirim balik. Orang lain yang mengirimnya.")
    return _do(stray_id, end_stray.send_back, words)


@bp.post("/<uuid:stray_id>/keep")
@permit(P.STAFF_PAYMENT_CONFIRM)
def keep(stray_id: uuid.UUID) -> Response:
    """It is not to go back after all."""
    return _do(stray_id, end_stray.keep, gettext("Tidak jadi dikirim balik."))


@bp.post("/<uuid:stray_id>/fund")
@permit(P.STAFF_PAYMENT_CONFIRM)
def fund(stray_id: uuid.UUID) -> Response:
    """The programme keeps it."""
    return _do(stray_id, end_stray.to_fund, gettext("Dicatat: masuk kas program."))


@bp.post("/<uuid:stray_id>/sent")
@permit(P.STAFF_REFUND_PAY)
def sent(stray_id: uuid.UUID) -> Page:
    """It was sent back."""
    _row(stray_id)
    form = ReferenceForm()
    if not form.validate():
        return _page(stray_id, form), 422
    reference = form.reference.data or ""
    try:
        end_stray.mark_sent(
            session(), stray_id, reference=reference, person_id=current_actor().person
        )
    except OwnGrant:
        flash(gettext("Yang memutuskan tidak boleh mengirimnya juga. Minta orang lain."), "wait")
    except IllegalMove:
        pause()
        _say_known()
    else:
        flash(gettext("Dicatat: uang sudah dikembalikan."))
    return redirect(url_for(".strays"), 303)


def _do(stray_id: uuid.UUID, act: Callable[..., None], words: str) -> Response:
    _row(stray_id)
    try:
        act(session(), stray_id, person_id=current_actor().person)
    except IllegalMove:
        pause()
        _say_known()
    else:
        flash(words)
    return redirect(url_for(".strays"), 303)


def _row(stray_id: uuid.UUID) -> StrayRow:
    return queries_stray.one(session(), stray_id) or abort(404)


def _payment() -> Payment | None:
    try:
        wanted = uuid.UUID(request.form.get("payment_id", ""))
    except ValueError:
        return None
    return queries.payment_of(session(), wanted)


def _say(stray: Stray, state: StrayState, number: str) -> None:
    if state is StrayState.REOPENED:
        flash(gettext("Pesanan %(number)s dibuka lagi dan lunas.", number=number))
    elif state is StrayState.MATCHED:
        flash(gettext("Pesanan %(number)s lunas. Penjual sudah diberi tahu.", number=number))
    elif stray.kind == StrayKind.DOUBLE:
        flash(gettext("Pesanan %(number)s sudah lunas: ini bayar kedua.", number=number), "wait")
    else:
        flash(gettext("Untuk pesanan %(number)s uangnya kurang.", number=number), "wait")


def _say_known() -> None:
    flash(gettext("Uang ini sudah diputuskan sebelumnya. Lihat keadaannya."), "wait")


def _page(
    faulty: uuid.UUID | None = None,
    reference: ReferenceForm | None = None,
    form: StrayForm | None = None,
) -> str:
    number = request.args.get("number", "")
    return render_template(
        "payments/staff/strays.html",
        rows=queries_stray.waiting(session()),
        late=queries_stray.late(session()),
        ended=queries_stray.ended(session()),
        counts=queries.counts(session()),
        words="",
        age=age,
        say=words_stray,
        faulty=faulty,
        reference=reference or ReferenceForm(formdata=None),
        form=form or StrayForm(formdata=None, key=ids.new_token(), number=number),
        opened=form is not None or bool(number),
        person_id=current_actor().person_id,
    )
