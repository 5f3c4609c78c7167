"""The staff's pages about goods left at points."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, may, permit
from shop.accounts.permissions import P
from shop.consignment import hand_on, queries, words
from shop.consignment.forms import HandedOnForm
from shop.consignment.queries import Row
from shop.consignment.states import PaidBy
from shop.consignment.views_back import Door, back_page, take_it_back
from shop.core import ids
from shop.core.db import session
from shop.core.paging import page_number

bp = Blueprint("consignment_staff", __name__, url_prefix="/staff/consignments")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(P.STAFF_PAYMENT_VIEW)
def consignments() -> Page:
    """Everything that lies at points, and what points still hold."""
    return render_template(
        "consignment/staff/consignments.html",
        page=queries.all_of(session(), page_number(request.args.get("page"))),
        at_points=queries.at_all_points(session()),
        words=words,
    )


@bp.get("/<uuid:consignment_id>")
@permit(P.STAFF_PAYMENT_VIEW)
def consignment(consignment_id: uuid.UUID) -> Page:
    """One of them."""
    row = _row(consignment_id)
    return _page(row, HandedOnForm(formdata=None, key=ids.new_token(), amount=row.outstanding))


@bp.post("/<uuid:consignment_id>/received")
@permit(P.STAFF_PAYMENT_CONFIRM)
def received(consignment_id: uuid.UUID) -> Page:
    """The place's money is on the programme's account."""
    row, form = _row(consignment_id), HandedOnForm()
    if not form.validate():
        return _page(row, form, 422)
    try:
        fresh = hand_on.hand_on(
            session(), consignment_id, form.amount.data or 0, paid_to=PaidBy.PROGRAMME,
            key=form.own_key(), person_id=current_actor().person,
        )  # fmt: skip
    except hand_on.TooMuch as told:
        form.too_much(told.outstanding)
        return _page(row, form, 422)
    if fresh:
        flash(gettext("Tercatat. Penjual diberi tahu."))
    else:
        flash(gettext("Itu sudah tercatat tadi; tidak dicatat dua kali."), "wait")
    return redirect(url_for(".consignment", consignment_id=consignment_id), 303)


@bp.get("/<uuid:consignment_id>/counts/<uuid:count_id>")
@permit(P.STAFF_PAYMENT_CONFIRM)
def count(consignment_id: uuid.UUID, count_id: uuid.UUID) -> Page:
    """A count that may be wrong."""
    return back_page(Door.STAFF, consignment_id, count_id)


@bp.post("/<uuid:consignment_id>/counts/<uuid:count_id>")
@permit(P.STAFF_PAYMENT_CONFIRM)
def take_back(consignment_id: uuid.UUID, count_id: uuid.UUID) -> Page:
    """It was wrong."""
    return take_it_back(Door.STAFF, consignment_id, count_id)


def _row(consignment_id: uuid.UUID) -> Row:
    row = queries.for_staff(session(), consignment_id)
    if row is None:
        abort(404)
    return row


def _page(row: Row, form: HandedOnForm, status: int = 200) -> Page:
    page = render_template(
        "consignment/staff/consignment.html", row=row, form=form, words=words,
        history=queries.history(session(), row.consignment.id), left=queries.left,
        can_take_back=lambda one: one.stands and may(P.STAFF_PAYMENT_CONFIRM),
    )  # fmt: skip
    return page, status
