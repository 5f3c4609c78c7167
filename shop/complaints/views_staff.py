"""The staff's pages about complaints: what waits, and the decision."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.complaints import decide, photos, queries, words
from shop.complaints.forms import DecisionForm
from shop.complaints.models import Complaint, ComplaintPhoto
from shop.complaints.states import WAITING
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.core.money import rupiah
from shop.core.paging import page_number
from shop.core.pictures import serve_private
from shop.orders import words as order_words
from shop.orders.chosen_lines import BadShare
from shop.orders.complete import CashNotReceived
from shop.orders.worth import PartWorth, worth
from shop.payments.age import age
from shop.payments.refund import NotPaid

bp = Blueprint("complaints_staff", __name__, url_prefix="/staff/complaints")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(Permission.STAFF_ORDER_UNDO)
def complaints() -> str:
    """What waits for a decision, longest first, and what was decided."""
    corner = request.args.get("state", "waiting")
    if corner not in queries.CORNERS:
        abort(404)
    number = page_number(request.args.get("page"))
    return render_template(
        "complaints/staff/list.html",
        page=queries.complaints(session(), corner, number),
        corner=corner,
        counts=queries.counts(session()),
        say=words,
        age=age,
    )


@bp.get("/<uuid:complaint_id>")
@permit(Permission.STAFF_ORDER_UNDO)
def complaint(complaint_id: uuid.UUID) -> Page:
    """Both sides, the photos, the money; and the decision."""
    found = _complaint(complaint_id)
    held = worth(session(), found.part)
    return _page(found, held, DecisionForm.about(held))


@bp.post("/<uuid:complaint_id>/decide")
@permit(Permission.STAFF_ORDER_UNDO)
def decide_complaint(complaint_id: uuid.UUID) -> Page:
    """Refuse, give all back, or some."""
    found = _complaint(complaint_id)
    held = worth(session(), found.part)
    form = DecisionForm.about(held)
    if not form.validate():
        return _again(complaint_id, form)
    try:
        _decide(complaint_id, form)
    except BadShare as fault:
        form.share.errors = [gettext("Paling banyak %(most)s.", most=rupiah(fault.most))]
        return _again(complaint_id, form)
    except (CashNotReceived, NotPaid):
        form.verdict.errors = [
            gettext("Penjual belum mencatat uang tunainya. Minta penjual mencatatnya.")
        ]
        return _again(complaint_id, form)
    except IllegalMove:
        pause()
        return _decided_before(complaint_id)
    else:
        flash(gettext("Keputusan disimpan. Pembeli dan penjual membaca alasannya."))
    return redirect(url_for(".complaint", complaint_id=complaint_id), 303)


@bp.get("/<uuid:complaint_id>/photos/<int:place>")
@permit(Permission.STAFF_ORDER_UNDO)
def photo(complaint_id: uuid.UUID, place: int) -> Response:
    """One of the buyer's photos."""
    picture = photos.at(_complaint(complaint_id), place)
    if picture is None:
        abort(404)
    return serve_private(picture, whole="whole" in request.args)


def _decide(complaint_id: uuid.UUID, form: DecisionForm) -> None:
    reason, person = form.reason.data or "", current_actor().person
    if form.verdict.data == "refuse":
        decide.refuse(session(), complaint_id, reason=reason, person_id=person)
    elif form.verdict.data == "all":
        decide.grant_all(
            session(), complaint_id, cost=form.cost, reason=reason, person_id=person,
            restock=bool(form.restock.data),
        )  # fmt: skip
    else:
        decide.grant_some(
            session(), complaint_id, form.back, cost=form.cost, reason=reason, person_id=person
        )


def _complaint(complaint_id: uuid.UUID) -> Complaint:
    return queries.complaint(session(), complaint_id) or abort(404)


def _again(complaint_id: uuid.UUID, form: DecisionForm) -> Page:
    """The page as it stands without what was tried, and with what was typed."""
    pause()
    found = _complaint(complaint_id)
    if found.state not in WAITING:  # somebody else was faster: no field is to blame
        return _decided_before(complaint_id)
    return _page(found, worth(session(), found.part), form), 422


def _decided_before(complaint_id: uuid.UUID) -> Response:
    flash(gettext("Itu tidak bisa lagi: keluhan ini sudah diputuskan."), "wait")
    return redirect(url_for(".complaint", complaint_id=complaint_id), 303)


def _page(found: Complaint, held: PartWorth, form: DecisionForm) -> str:
    def address(photo: ComplaintPhoto) -> str:
        return url_for(".photo", complaint_id=found.id, place=photo.position)

    return render_template(
        "complaints/staff/complaint.html", complaint=found, part=found.part, held=held, form=form,
        events=queries.events_of(session(), found.id), shots=photos.shots_of([found], address),
        words=order_words, say=words, age=age,
    )  # fmt: skip
