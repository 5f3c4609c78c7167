"""The studio's pages about goods left at points (titip jual)."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.catalog.reserve import SoldOut
from shop.consignment import hand_on, queries, words
from shop.consignment import leave as leaving
from shop.consignment import record as recording
from shop.consignment.forms import CountForm, HandedOnForm, LeaveForm, count_form, leave_form
from shop.consignment.queries import Row
from shop.consignment.states import PaidBy
from shop.consignment.views_back import Door, back_page, take_it_back
from shop.core import ids
from shop.core.db import pause, session
from shop.core.paging import page_number
from shop.ledger.post import balance
from shop.ledger.states import AccountKind

bp = Blueprint("consignment_studio", __name__, url_prefix="/sell/consignment")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(P.SELL_CONSIGNMENT_KEEP)
def consignments() -> Page:
    """What lies where, and what became of it."""
    seller_id = current_actor().seller
    return render_template(
        "consignment/studio/consignments.html",
        page=queries.of_seller(session(), seller_id, page_number(request.args.get("page"))),
        at_points=balance(session(), AccountKind.POINT, seller_id),
        words=words,
    )


@bp.get("/new")
@permit(P.SELL_CONSIGNMENT_KEEP)
def new() -> Page:
    """Leave things somewhere."""
    return _leave_page(_leave_form(formdata=None, key=ids.new_token()))


@bp.post("/new")
@permit(P.SELL_CONSIGNMENT_KEEP)
def leave() -> Page:
    """They lie there now."""
    form, actor = _leave_form(), current_actor()
    if not form.validate():
        return _leave_page(form, 422)
    try:
        made = leaving.leave(
            session(), actor.seller, uuid.UUID(form.point.data), form.left(),
            key=form.own_key(), person_id=actor.person, note=form.note.data,
        )  # fmt: skip
    except SoldOut as gone:
        return _short(gone)
    except (leaving.NoPoint, leaving.NotForSale):
        pause()
        flash(gettext("Ada yang berubah. Periksa lagi tempat dan barangnya."), "wait")
        return _leave_page(_leave_form(), 409)
    flash(gettext("Tercatat. Cetak surat titip untuk tempat itu."))
    return redirect(url_for(".consignment", consignment_id=made.id), 303)


@bp.get("/<uuid:consignment_id>")
@permit(P.SELL_CONSIGNMENT_KEEP)
def consignment(consignment_id: uuid.UUID) -> Page:
    """One of them, with the forms to write down what became of it."""
    return _page(_own(consignment_id))


@bp.get("/<uuid:consignment_id>/note")
@permit(P.SELL_CONSIGNMENT_KEEP)
def note(consignment_id: uuid.UUID) -> Page:
    """The paper that goes with the goods."""
    return render_template("consignment/studio/note.html", row=_own(consignment_id))


@bp.post("/<uuid:consignment_id>/record")
@permit(P.SELL_CONSIGNMENT_KEEP)
def record(consignment_id: uuid.UUID) -> Page:
    """Sold, back or lost."""
    row = _own(consignment_id)
    form = count_form(row.consignment)
    if not form.validate():
        return _page(row, form=form, status=422)
    try:
        fresh = recording.record(
            session(), consignment_id, form.counted(), paid_by=PaidBy(form.paid_by.data),
            key=form.own_key(), person_id=current_actor().person,
        )  # fmt: skip
    except recording.TooMany as told:
        pause()
        row = _own(consignment_id)
        form = count_form(row.consignment)
        form.too_many(told.line_id, told.left)
        return _page(row, form=form, status=409)
    return _done(consignment_id, fresh=fresh)


@bp.post("/<uuid:consignment_id>/paid")
@permit(P.SELL_CONSIGNMENT_KEEP)
def paid(consignment_id: uuid.UUID) -> Page:
    """The place gave her money into her hand."""
    row, form = _own(consignment_id), HandedOnForm()
    if not form.validate():
        return _page(row, handed=form, status=422)
    try:
        fresh = hand_on.hand_on(
            session(), consignment_id, form.amount.data or 0, paid_to=PaidBy.SELLER,
            key=form.own_key(), person_id=current_actor().person,
        )  # fmt: skip
    except hand_on.TooMuch as told:
        form.too_much(told.outstanding)
        return _page(row, handed=form, status=422)
    return _done(consignment_id, fresh=fresh)


@bp.get("/<uuid:consignment_id>/counts/<uuid:count_id>")
@permit(P.SELL_CONSIGNMENT_KEEP)
def count(consignment_id: uuid.UUID, count_id: uuid.UUID) -> Page:
    """A count that may be wrong."""
    _own(consignment_id)
    return back_page(Door.STUDIO, consignment_id, count_id)


@bp.post("/<uuid:consignment_id>/counts/<uuid:count_id>")
@permit(P.SELL_CONSIGNMENT_KEEP)
def take_back(consignment_id: uuid.UUID, count_id: uuid.UUID) -> Page:
    """It was wrong."""
    _own(consignment_id)
    return take_it_back(Door.STUDIO, consignment_id, count_id)


def _own(consignment_id: uuid.UUID) -> Row:
    row = queries.own(session(), current_actor().seller, consignment_id)
    if row is None:
        abort(404)
    return row


def _done(consignment_id: uuid.UUID, *, fresh: bool) -> Response:
    if fresh:
        flash(gettext("Tercatat."))
    else:
        flash(gettext("Itu sudah tercatat tadi; tidak dicatat dua kali."), "wait")
    return redirect(url_for(".consignment", consignment_id=consignment_id), 303)


def _leave_form(**kwargs: object) -> LeaveForm:
    things = queries.can_be_left(session(), current_actor().seller)
    return leave_form(things, queries.taking_points(session()), **kwargs)


def _short(gone: SoldOut) -> Page:
    """Say beside the number how many there are; all that was typed is kept."""
    pause()
    form = _leave_form()
    short = next(thing for thing in form.things if thing.id == gone.variant_id)
    form.pieces_of(short).errors = [gettext("Stok yang bebas hanya %(left)d.", left=gone.available)]
    return _leave_page(form, 409)


def _leave_page(form: LeaveForm, status: int = 200) -> Page:
    return render_template("consignment/studio/new.html", form=form), status


def _page(
    row: Row,
    *,
    form: CountForm | None = None,
    handed: HandedOnForm | None = None,
    status: int = 200,
) -> Page:
    page = render_template(
        "consignment/studio/consignment.html",
        row=row,
        form=form or count_form(row.consignment, formdata=None, key=ids.new_token()),
        handed=handed or HandedOnForm(formdata=None, key=ids.new_token(), amount=row.outstanding),
        history=queries.history(session(), row.consignment.id),
        left=queries.left,
        can_take_back=lambda one: one.stands and one.with_whom != PaidBy.PROGRAMME,
        words=words,
    )
    return page, status
