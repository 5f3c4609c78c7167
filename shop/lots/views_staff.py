"""The staff's pages about a cooperative's lots: all that its members see, to read only."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.core.pictures import serve_private
from shop.ledger import figures
from shop.lots import price, queries, words
from shop.lots.work_out import worked
from shop.sellers.queries_staff import seller_of

bp = Blueprint("lots_staff", __name__, url_prefix="/staff/sellers/<uuid:seller_id>/lots")


@bp.get("")
@permit(P.STAFF_LEDGER_VIEW)
def lots(seller_id: uuid.UUID) -> str:
    """Every lot, and what it brought beside the farm gate."""
    seller = seller_of(session(), seller_id) or abort(404)
    return render_template(
        "lots/staff/lots.html",
        seller=seller,
        lots=queries.lots(session(), seller_id),
        words=words,
    )


@bp.get("/<uuid:lot_id>")
@permit(P.STAFF_LEDGER_VIEW)
def lot(seller_id: uuid.UUID, lot_id: uuid.UUID) -> str:
    """One lot, worked out."""
    seller = seller_of(session(), seller_id) or abort(404)
    found = queries.own_lot(session(), seller_id, lot_id) or abort(404)
    notes = queries.all_notes(session(), found)
    counted = [one for one in notes if one.counts]
    done = worked(session(), found)
    return render_template(
        "lots/staff/lot.html",
        seller=seller,
        lot=found,
        work=done,
        notes=notes,
        records=queries.all_records(session(), found),
        names=queries.names(session(), seller_id),
        gained=queries.gained_by(found, counted),
        gains={
            one.member_id: queries.gained_by(found, counted, one.member_id) for one in done.parts
        },
        percent=figures.percent,
        price=price,
        words=words,
        photo_url=lambda one: url_for(".photo", seller_id=seller_id, note_id=one.id),
        proof_url=lambda one: url_for(".proof", seller_id=seller_id, record_id=one.id),
    )


@bp.get("/notes/<uuid:note_id>/photo")
@permit(P.STAFF_LEDGER_VIEW)
def photo(seller_id: uuid.UUID, note_id: uuid.UUID) -> Response:
    """The photo of a scale."""
    note = queries.own_note(session(), seller_id, note_id) or abort(404)
    found = queries.picture(session(), note.photo_sha256) or abort(404)
    return serve_private(found, whole="whole" in request.args)


@bp.get("/records/<uuid:record_id>/proof")
@permit(P.STAFF_LEDGER_VIEW)
def proof(seller_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """The proof of something written down."""
    record = queries.own_record(session(), seller_id, record_id) or abort(404)
    found = queries.picture(session(), record.proof_sha256) or abort(404)
    return serve_private(found, whole="whole" in request.args)
