"""A buyer telephones: staff write her complaint down, photos if somebody has any."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.complaints import queries
from shop.complaints.forms import ProblemForm
from shop.complaints.photos import drawn
from shop.complaints.report import MOST_PHOTOS, can_report, report
from shop.complaints.states import ComplaintKind
from shop.complaints.uploads import TRAY
from shop.core.db import pause, session
from shop.core.http import keep_writes, takes_photos
from shop.core.lifecycle import IllegalMove
from shop.core.pictures import serve_private
from shop.core.uploads import Uploads
from shop.orders import words as order_words
from shop.orders.models import SellerOrder

bp = Blueprint("complaints_phone", __name__, url_prefix="/staff/complaints/new/<uuid:part_id>")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(Permission.STAFF_ORDER_UNDO)
def problem(part_id: uuid.UUID) -> Page:
    """What does she say is wrong?"""
    return _page(_part(part_id), ProblemForm())


@bp.post("")
@permit(Permission.STAFF_ORDER_UNDO)
@takes_photos
def report_problem(part_id: uuid.UUID) -> Page:
    """Write it down: the part's money waits from now on, as if she had reported it herself."""
    form, sent = ProblemForm(), _sent(_part(part_id))
    if not form.validate() or sent.faults:
        keep_writes()  # the photos that passed have travelled far enough once
        return _page(_part(part_id), form, sent), 422
    try:
        made = report(
            session(), part_id, key=form.key.data or "", kind=ComplaintKind(form.kind.data),
            text=form.text.data or "", pictures=sent.kept,
            actor="staff", person_id=current_actor().person,
        )  # fmt: skip
    except IllegalMove:
        pause()
        flash(gettext("Itu tidak bisa lagi: pesanan sudah berubah."), "wait")
        return redirect(url_for(".problem", part_id=part_id), 303)
    flash(gettext("Keluhan dicatat. Uangnya ditahan, penjual diminta menjawab."))
    return redirect(url_for("complaints_staff.complaint", complaint_id=made.id), 303)


@bp.post("/photos")
@permit(Permission.STAFF_ORDER_UNDO)
@takes_photos
def keep_photos(part_id: uuid.UUID) -> tuple[Response, int]:
    """For the script: keep photos while the rest is still being typed."""
    sent = _sent(_part(part_id))
    keep_writes()
    tokens = [TRAY.token_of(sha256, part_id) for sha256 in sent.kept]
    kept = [{"token": one, "url": _photo_url(part_id, one)} for one in tokens]
    return jsonify(kept=kept, faults=list(sent.faults)), 422 if sent.faults else 200


@bp.get("/photos/<kept>")
@permit(Permission.STAFF_ORDER_UNDO)
def photo(part_id: uuid.UUID, kept: str) -> Response:
    """One of the photos sent with what is being written."""
    _part(part_id)
    sha256 = TRAY.opened(kept, part_id)
    picture = queries.picture(session(), sha256) if sha256 else None
    if picture is None:
        abort(404)
    return serve_private(picture, whole="whole" in request.args)


def _part(part_id: uuid.UUID) -> SellerOrder:
    return queries.part_for_staff(session(), part_id) or abort(404)


def _sent(part: SellerOrder) -> Uploads:
    """The photos of this request, checked and kept where a report is taken at all."""
    if not can_report(part):
        return Uploads((), ())
    files, kept = request.files.getlist("photos"), request.form.getlist("kept")
    return TRAY.take(session(), part.id, files, kept)


def _photo_url(part_id: uuid.UUID, kept: str) -> str:
    return url_for(".photo", part_id=part_id, kept=kept)


def _page(part: SellerOrder, form: ProblemForm, sent: Uploads | None = None) -> str:
    kept = [
        (one, drawn(picture, _photo_url(part.id, one)))
        for picture in (queries.pictures(session(), sent.kept) if sent else ())
        for one in (TRAY.token_of(picture.sha256, part.id),)
    ]
    return render_template(
        "complaints/staff/phone.html", part=part, order=part.order, form=form, kept=kept,
        faults=sent.faults if sent else (), can_report=can_report(part), most_photos=MOST_PHOTOS,
        words=order_words,
    )  # fmt: skip
