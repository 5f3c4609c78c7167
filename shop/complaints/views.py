"""A buyer's pages about a problem, for whoever holds the order's secret link."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.complaints import queries, words
from shop.complaints.forms import ProblemForm
from shop.complaints.models import Complaint, ComplaintPhoto
from shop.complaints.photos import Shots, drawn, shots_of
from shop.complaints.report import MOST_PHOTOS, can_report, report, withdraw
from shop.complaints.states import ComplaintKind
from shop.complaints.uploads import TRAY
from shop.core.db import pause, session
from shop.core.http import keep_writes, takes_photos
from shop.core.lifecycle import IllegalMove
from shop.core.pictures import serve_private
from shop.core.uploads import Uploads
from shop.orders import words as order_words
from shop.orders.models import SellerOrder
from shop.orders.states import SellerOrderState as S

bp = Blueprint("complaints", __name__)
Page = str | Response | tuple[str, int]
_AFTER = (S.HANDED_OVER, S.DISPUTED, S.COMPLETED, S.RETURNED)


@bp.get("/o/<token>/<uuid:part_id>/problem")
@permit(Permission.BUY_SHOP_USE)
def problem(token: str, part_id: uuid.UUID) -> Page:
    """Report a problem, or read what came of it."""
    return _page(_part(token, part_id), ProblemForm())


@bp.post("/o/<token>/<uuid:part_id>/problem")
@permit(Permission.BUY_SHOP_USE)
@takes_photos
def report_problem(token: str, part_id: uuid.UUID) -> Page:
    """What is wrong: the part's money waits from now on."""
    form = ProblemForm()
    sent = _sent(_part(token, part_id))
    if not form.validate() or sent.faults:
        keep_writes()  # the photos that passed have travelled far enough once
        return _page(_part(token, part_id), form, sent), 422
    try:
        report(
            session(), part_id, key=form.key.data or "", kind=ComplaintKind(form.kind.data),
            text=form.text.data or "", pictures=sent.kept,
        )  # fmt: skip
    except IllegalMove:
        return _too_late(token, part_id)
    flash(gettext("Laporan terkirim. Uangnya kami tahan sampai ada keputusan."))
    return _back(token, part_id)


@bp.post("/o/<token>/<uuid:part_id>/problem/withdraw")
@permit(Permission.BUY_SHOP_USE)
def withdraw_problem(token: str, part_id: uuid.UUID) -> Response:
    """It is solved."""
    _part(token, part_id)
    waiting = next((c for c in queries.of_part(session(), part_id) if words.waits(c)), None)
    if waiting is None:
        return _too_late(token, part_id)
    try:
        withdraw(session(), waiting.id)
    except IllegalMove:
        return _too_late(token, part_id)
    flash(gettext("Syukurlah. Laporannya ditutup."))
    return redirect(url_for("orders.track", token=token), 303)


@bp.post("/o/<token>/<uuid:part_id>/problem/photos")
@permit(Permission.BUY_SHOP_USE)
@takes_photos
def keep_photos(token: str, part_id: uuid.UUID) -> tuple[Response, int]:
    """For the script: keep photos while the rest is still being typed."""
    sent = _sent(_part(token, part_id))
    keep_writes()
    tokens = [TRAY.token_of(sha256, part_id) for sha256 in sent.kept]
    kept = [{"token": one, "url": _photo_url(token, part_id, one)} for one in tokens]
    return jsonify(kept=kept, faults=list(sent.faults)), 422 if sent.faults else 200


@bp.get("/o/<token>/<uuid:part_id>/problem/photos/<kept>")
@permit(Permission.BUY_SHOP_USE)
def photo(token: str, part_id: uuid.UUID, kept: str) -> Response:
    """One of the photos sent with a report."""
    _part(token, part_id)
    sha256 = TRAY.opened(kept, part_id)
    picture = queries.picture(session(), sha256) if sha256 else None
    if picture is None:
        abort(404)
    return serve_private(picture, whole="whole" in request.args)


@bp.app_context_processor
def _for_order_pages() -> dict[str, Any]:
    return {"complaints_of": complaints_of, "complaint_words": words}


def complaints_of(parts: Collection[SellerOrder]) -> dict[uuid.UUID, Complaint]:
    """For pages of orders: the newest complaint of each part that has one."""
    after = [part.id for part in parts if part.state in _AFTER]
    return queries.latest(session(), after) if after else {}


def _part(token: str, part_id: uuid.UUID) -> SellerOrder:
    return queries.part_of_buyer(session(), token, part_id) or abort(404)


def _sent(part: SellerOrder) -> Uploads:
    """The photos of this request, checked and kept where a report is taken at all."""
    if not can_report(part):
        return Uploads((), ())
    files, kept = request.files.getlist("photos"), request.form.getlist("kept")
    return TRAY.take(session(), part.id, files, kept)


def _page(part: SellerOrder, form: ProblemForm, sent: Uploads | None = None) -> str:
    token = part.order.token
    kept = [
        (one, drawn(picture, _photo_url(token, part.id, one)))
        for picture in (queries.pictures(session(), sent.kept) if sent else ())
        for one in (TRAY.token_of(picture.sha256, part.id),)
    ]
    found = queries.of_part(session(), part.id)
    return render_template(
        "complaints/problem.html", part=part, order=part.order, form=form, kept=kept,
        faults=sent.faults if sent else (), complaints=found, shots=_shots(part, found),
        can_report=can_report(part), most_photos=MOST_PHOTOS, words=order_words, say=words,
    )  # fmt: skip


def _shots(part: SellerOrder, found: Sequence[Complaint]) -> Shots:
    def address(photo: ComplaintPhoto) -> str:
        kept = TRAY.token_of(photo.picture_sha256, part.id)
        return _photo_url(part.order.token, part.id, kept)

    return shots_of(found, address)


def _photo_url(token: str, part_id: uuid.UUID, kept: str) -> str:
    return url_for("complaints.photo", token=token, part_id=part_id, kept=kept)


def _too_late(token: str, part_id: uuid.UUID) -> Response:
    pause()
    flash(gettext("Itu tidak bisa lagi: pesanan sudah berubah. Lihat keadaannya di bawah."), "wait")
    return _back(token, part_id)


def _back(token: str, part_id: uuid.UUID) -> Response:
    return redirect(url_for(".problem", token=token, part_id=part_id), 303)
