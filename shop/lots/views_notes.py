"""The studio's pages about delivery notes: written by phone beside the scale, then confirmed."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core import clock
from shop.core.db import pause, session
from shop.core.http import keep_writes, takes_photos
from shop.core.lifecycle import IllegalMove
from shop.core.pictures import serve_private
from shop.core.uploads import Uploads
from shop.lots import answer_note, queries, words
from shop.lots.deliver import LATEST, NotMember, WrongDay, deliver, members_on
from shop.lots.forms import NoteForm, WordsForm, offer
from shop.lots.hold import Settled
from shop.lots.models import DeliveryNote
from shop.lots.price import worth
from shop.lots.states import LotState
from shop.lots.uploads import SCALE

bp = Blueprint("lots_notes", __name__, url_prefix="/sell/lots/notes")
Page = str | Response | tuple[str, int]


@bp.get("/new")
@permit(P.SELL_ORDER_HANDLE)
def new() -> Page:
    """The form beside the scale."""
    return _new_page(_form(formdata=None))


@bp.post("/new")
@permit(P.SELL_ORDER_HANDLE)
@takes_photos
def write() -> Page:
    """Somebody brought something."""
    actor = current_actor()
    sent = SCALE.take(
        session(), actor.seller, request.files.getlist("photo"), request.form.getlist("kept")
    )
    form = _form()
    if not form.validate() or sent.faults:
        keep_writes()  # a photo that passed has travelled far enough once
        return _new_page(form, sent, 422)
    try:
        note = deliver(
            session(), actor.seller, form.brought(sent.kept[0] if sent.kept else None),
            key=form.own_key(), person_id=actor.person,
        )  # fmt: skip
    except WrongDay:
        form.day.errors = [gettext("Hari ini, atau paling lama %(days)d hari lalu.", days=LATEST)]
    except NotMember:
        form.member.errors = [gettext("Hari itu ia belum atau bukan lagi anggota.")]
    if form.errors:
        keep_writes()
        return _new_page(form, sent, 422)
    flash(gettext("Setoran tercatat."))
    return redirect(url_for(".note", note_id=note.id), 303)


@bp.get("/<uuid:note_id>")
@permit(P.SELL_MONEY_VIEW)
def note(note_id: uuid.UUID) -> Page:
    """One delivery note."""
    return _note_page(_own(note_id), WordsForm(formdata=None))


@bp.get("/<uuid:note_id>/photo")
@permit(P.SELL_MONEY_VIEW)
def photo(note_id: uuid.UUID) -> Response:
    """The photo of the scale."""
    found = queries.picture(session(), _own(note_id).photo_sha256) or abort(404)
    return serve_private(found, whole="whole" in request.args)


@bp.post("/<uuid:note_id>/confirm")
@permit(P.SELL_MONEY_VIEW)
def confirm(note_id: uuid.UUID) -> Page:
    """It is as she brought it."""
    found = _own(note_id)
    try:
        answer_note.confirm(session(), found, current_actor().person)
    except answer_note.NotHers:
        pause()
        flash(gettext("Hanya anggotanya sendiri yang bisa membenarkan setoran ini."))
        return redirect(url_for(".note", note_id=note_id), 303)
    except IllegalMove:
        return _already(found)
    flash(gettext("Terima kasih. Setoran sudah dicek."))
    return redirect(url_for(".note", note_id=note_id), 303)


@bp.post("/<uuid:note_id>/withdraw")
@permit(P.SELL_ORDER_HANDLE)
def withdraw(note_id: uuid.UUID) -> Page:
    """It was a mistake."""
    found, form = _own(note_id), WordsForm()
    if not form.validate():
        return _note_page(found, form, 422)
    try:
        answer_note.withdraw(session(), found, current_actor().person, form.words.data)
    except (IllegalMove, Settled):
        return _already(found)
    flash(gettext("Setoran ditarik dan tidak dihitung lagi."))
    return redirect(url_for(".note", note_id=note_id), 303)


def _own(note_id: uuid.UUID) -> DeliveryNote:
    return queries.own_note(session(), current_actor().seller, note_id) or abort(404)


def _already(found: DeliveryNote) -> Page:
    note_id = found.id
    pause()
    flash(gettext("Setoran ini sudah berubah. Ini keadaannya sekarang."))
    return redirect(url_for(".note", note_id=note_id), 303)


def _form(**kwargs: object) -> NoteForm:
    form, seller_id = NoteForm(**kwargs), current_actor().seller
    pooled = queries.pooled(session(), seller_id)
    offer(form.product, [(one.product_id, one.product.name) for one in pooled])
    members = members_on(session(), seller_id, clock.today())
    offer(form.member, [(one.id, one.name) for one in members])
    return form


def _new_page(form: NoteForm, sent: Uploads | None = None, status: int = 200) -> Page:
    seller_id = current_actor().seller
    page = render_template(
        "lots/studio/new.html",
        form=form,
        faults=sent.faults if sent else (),
        kept=[SCALE.token_of(sha256, seller_id) for sha256 in (sent.kept if sent else ())],
    )
    return page, status


def _note_page(found: DeliveryNote, form: WordsForm, status: int = 200) -> Page:
    page = render_template(
        "lots/studio/note.html",
        note=found,
        form=form,
        speaks=answer_note.speaks_as(found.member, found, current_actor().person),
        open=found.lot.state == LotState.OPEN,
        worth=worth(found.grams, found.provisional),
        words=words,
    )
    return page, status
