"""The studio's pages about what buyers report."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.complaints import photos, queries, words
from shop.complaints.answer import answer
from shop.complaints.forms import AnswerForm
from shop.complaints.models import Complaint, ComplaintPhoto
from shop.complaints.states import Offer
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.core.pictures import serve_private
from shop.orders import words as order_words

bp = Blueprint("complaints_studio", __name__, url_prefix="/sell/orders/complaints")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(Permission.SELL_ORDER_HANDLE)
def complaints() -> str:
    """All that was ever reported of this seller's goods."""
    number = page_number(request.args.get("page"))
    page = queries.of_seller(session(), current_actor().seller, number)
    return render_template("complaints/studio/list.html", page=page, say=words)


@bp.get("/<uuid:complaint_id>")
@permit(Permission.SELL_ORDER_HANDLE)
def complaint(complaint_id: uuid.UUID) -> Page:
    """What is wrong, with photos; the one answer."""
    return _page(_own(complaint_id), AnswerForm(offer=Offer.NOTHING.value))


@bp.post("/<uuid:complaint_id>/answer")
@permit(Permission.SELL_ORDER_HANDLE)
def answer_complaint(complaint_id: uuid.UUID) -> Page:
    """Say one's word."""
    found, form = _own(complaint_id), AnswerForm()
    if not form.validate():
        return _page(found, form), 422
    try:
        answer(
            session(), complaint_id, form.text.data or "", offer=Offer(form.offer.data),
            person_id=current_actor().person,
        )  # fmt: skip
    except IllegalMove:
        pause()
        flash(gettext("Itu sudah dijawab, atau petugas sudah memutuskan."), "wait")
    else:
        flash(gettext("Jawaban terkirim. Petugas yang memutuskan."))
    return redirect(url_for(".complaint", complaint_id=complaint_id), 303)


@bp.get("/<uuid:complaint_id>/photos/<int:place>")
@permit(Permission.SELL_ORDER_HANDLE)
def photo(complaint_id: uuid.UUID, place: int) -> Response:
    """One of the buyer's photos."""
    picture = photos.at(_own(complaint_id), place)
    if picture is None:
        abort(404)
    return serve_private(picture, whole="whole" in request.args)


@bp.app_context_processor
def _for_orders_pages() -> dict[str, object]:
    return {"unanswered_complaints": unanswered}


def unanswered() -> list[Complaint]:
    """For the studio's pages: what waits for the seller's answer."""
    return list(queries.unanswered(session(), current_actor().seller))


def _own(complaint_id: uuid.UUID) -> Complaint:
    return queries.own(session(), current_actor().seller, complaint_id) or abort(404)


def _page(found: Complaint, form: AnswerForm) -> str:
    def address(photo: ComplaintPhoto) -> str:
        return url_for(".photo", complaint_id=found.id, place=photo.position)

    return render_template(
        "complaints/studio/complaint.html", complaint=found, part=found.part, form=form,
        shots=photos.shots_of([found], address), words=order_words, say=words,
    )  # fmt: skip
