"""The studio's pages about lots: what came in, what was sold, what each member gets of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, may, permit
from shop.accounts.permissions import P
from shop.core.db import pause, session
from shop.core.http import keep_writes, takes_photos
from shop.core.pictures import serve_private
from shop.core.uploads import Uploads
from shop.ledger import figures
from shop.lots import price, queries, settle, words, write_down
from shop.lots.forms import RecordForm, SettleForm, WordsForm
from shop.lots.hold import Settled
from shop.lots.models import Lot, LotRecord
from shop.lots.uploads import PROOF
from shop.lots.work_out import Worked, worked

bp = Blueprint("lots_studio", __name__, url_prefix="/sell/lots")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(P.SELL_MONEY_VIEW)
def lots() -> str:
    """Open and settled lots, and what somebody should look at."""
    actor = current_actor()
    return render_template(
        "lots/studio/lots.html",
        lots=queries.lots(session(), actor.seller),
        pooled=queries.pooled(session(), actor.seller),
        waiting=queries.waiting_for(session(), actor.seller, actor.person),
        percent=figures.percent,
        words=words,
    )


@bp.get("/<uuid:lot_id>")
@permit(P.SELL_MONEY_VIEW)
def lot(lot_id: uuid.UUID) -> Page:
    """One lot, worked out: as it would be now, or as it was settled."""
    return _lot_page(_own(lot_id))


@bp.get("/<uuid:lot_id>/members/<uuid:member_id>")
@permit(P.SELL_MONEY_VIEW)
def member(lot_id: uuid.UUID, member_id: uuid.UUID) -> str:
    """One member's statement of a lot."""
    found = _own(lot_id)
    done = worked(session(), found)
    notes = queries.all_notes(session(), found)
    part = next((one for one in done.parts if one.member_id == member_id), None) or abort(404)
    return render_template(
        "lots/studio/member.html",
        lot=found,
        work=done,
        part=part,
        notes=[one for one in notes if one.member_id == member_id],
        name=queries.names(session(), found.seller_id)[member_id],
        may_take=may(P.SELL_GROUP_KEEP)
        or queries.is_person(session(), member_id, current_actor().person),
        gained=queries.gained_by(found, counted(notes), member_id),
        price=price,
        words=words,
    )


@bp.post("/<uuid:lot_id>/records")
@permit(P.SELL_GROUP_KEEP)
@takes_photos
def record(lot_id: uuid.UUID) -> Page:
    """A cost, something sold elsewhere, kilograms that were lost."""
    actor = current_actor()
    sent = PROOF.take(
        session(), actor.seller, request.files.getlist("proof"), request.form.getlist("kept")
    )
    found, form = _own(lot_id), RecordForm()
    faults = list(sent.faults)
    if form.validate() and not faults:
        try:
            write_down.write_down(
                session(), found, form.written(sent.kept[0] if sent.kept else None),
                key=form.own_key(), person_id=actor.person,
            )  # fmt: skip
        except write_down.NoProof:
            faults.append(gettext("Tambahkan foto nota penjualannya."))
        except Settled:
            return _already(lot_id)
    if form.errors or faults:
        keep_writes()  # a proof that passed has travelled far enough once
        return _lot_page(found, record_form=form, sent=Uploads(sent.kept, faults), status=422)
    flash(gettext("Tercatat."))
    return redirect(url_for(".lot", lot_id=lot_id), 303)


@bp.get("/records/<uuid:record_id>/proof")
@permit(P.SELL_MONEY_VIEW)
def proof(record_id: uuid.UUID) -> Response:
    """The proof of something written down."""
    found = queries.picture(session(), _own_record(record_id).proof_sha256) or abort(404)
    return serve_private(found, whole="whole" in request.args)


@bp.post("/records/<uuid:record_id>/withdraw")
@permit(P.SELL_GROUP_KEEP)
def withdraw(record_id: uuid.UUID) -> Page:
    """It was a mistake."""
    found, form = _own_record(record_id), WordsForm()
    if not form.validate():
        return _lot_page(_own(found.lot_id), words_form=form, about=found.id, status=422)
    lot_id = found.lot_id
    try:
        write_down.take_back(session(), found, current_actor().person, form.words.data)
    except Settled:
        return _already(lot_id)
    flash(gettext("Catatan ditarik dan tidak dihitung lagi."))
    return redirect(url_for(".lot", lot_id=lot_id), 303)


@bp.post("/<uuid:lot_id>/settle")
@permit(P.SELL_GROUP_KEEP)
def settle_lot(lot_id: uuid.UUID) -> Page:
    """Share its money, as it was seen."""
    found, form = _own(lot_id), SettleForm()
    if form.validate():
        try:
            settle.settle(
                session(), found, seal=form.seal.data or "", why=form.why.data or "",
                person_id=current_actor().person,
            )  # fmt: skip
        except Settled:
            return _already(lot_id)
        except settle.NothingDelivered:
            form.why.errors = [gettext("Belum ada setoran di lot ini.")]
        except settle.Changed:
            form.why.errors = [gettext("Angkanya baru saja berubah. Periksa lagi, lalu tekan.")]
        except settle.NoWhy:
            form.why.errors = [gettext("Tulis kenapa ada yang kurang dari harga sementara.")]
    if form.errors:
        return _lot_page(found, settle_form=form, status=422)
    flash(gettext("Lot dihitung. Bagian setiap anggota masuk ke haknya."))
    return redirect(url_for(".lot", lot_id=lot_id), 303)


@bp.app_context_processor
def _the_way_here() -> dict[str, object]:
    return {"sells_by_lots": sells_by_lots}


def sells_by_lots() -> bool:
    """Whether the visitor stands in the studio of a cooperative."""
    return queries.is_cooperative(session(), current_actor().seller)


def counted(notes: queries.Notes) -> queries.Notes:
    """Those that were not withdrawn."""
    return [one for one in notes if one.counts]


def _own(lot_id: uuid.UUID) -> Lot:
    return queries.own_lot(session(), current_actor().seller, lot_id) or abort(404)


def _own_record(record_id: uuid.UUID) -> LotRecord:
    return queries.own_record(session(), current_actor().seller, record_id) or abort(404)


def _already(lot_id: uuid.UUID) -> Page:
    pause()
    flash(gettext("Lot ini sudah dihitung dan tidak berubah lagi."))
    return redirect(url_for(".lot", lot_id=lot_id), 303)


def _lot_page(
    found: Lot,
    *,
    record_form: RecordForm | None = None,
    words_form: WordsForm | None = None,
    settle_form: SettleForm | None = None,
    about: uuid.UUID | None = None,
    sent: Uploads | None = None,
    status: int = 200,
) -> Page:
    done: Worked = worked(session(), found)
    notes = queries.all_notes(session(), found)
    page = render_template(
        "lots/studio/lot.html",
        lot=found,
        work=done,
        notes=notes,
        records=queries.all_records(session(), found),
        names=queries.names(session(), found.seller_id),
        gained=queries.gained_by(found, counted(notes)),
        record_form=record_form or RecordForm(formdata=None),
        words_form=words_form or WordsForm(formdata=None),
        settle_form=settle_form or SettleForm(formdata=None),
        about=about,
        faults=sent.faults if sent else (),
        kept=[PROOF.token_of(one, found.seller_id) for one in (sent.kept if sent else ())],
        percent=figures.percent,
        price=price,
        words=words,
    )
    return page, status
