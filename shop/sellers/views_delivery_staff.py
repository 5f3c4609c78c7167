"""Staff keep pick-up points and the fees the programme proposes."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.core.regions import kelurahan_name
from shop.sellers import deliver, keep_points
from shop.sellers.forms_delivery import PointForm, TermsForm, terms_form
from shop.sellers.models import PickupPoint

bp = Blueprint("delivery_staff", __name__, url_prefix="/staff/delivery")
Page = str | tuple[str, int]


@bp.get("")
@permit(P.STAFF_DELIVERY_EDIT)
def delivery() -> Page:
    """Pick-up points and proposed fees."""
    return _page(terms_form(deliver.proposals(session()), formdata=None))


@bp.post("/fees")
@permit(P.STAFF_DELIVERY_EDIT)
def save_fees() -> Page | Response:
    """Propose other fees; what sellers have set stays."""
    form = terms_form(deliver.proposals(session()))
    if not form.validate():
        return _page(form, 422)
    deliver.propose(session(), current_actor().person, form.terms())
    return _saved()


@bp.get("/points/new")
@permit(P.STAFF_DELIVERY_EDIT)
def new_point() -> Page:
    """A new pick-up point."""
    return _point_page(PointForm(formdata=None))


@bp.post("/points/new")
@permit(P.STAFF_DELIVERY_EDIT)
def add_point() -> Page | Response:
    """Add it, last in the list."""
    form = PointForm()
    if not form.validate():
        return _point_page(form, status=422)
    try:
        keep_points.add(session(), current_actor().person, **form.facts())
    except keep_points.NameTaken:
        return _taken(form, None)
    return _saved()


@bp.get("/points/<uuid:point_id>")
@permit(P.STAFF_DELIVERY_EDIT)
def point(point_id: uuid.UUID) -> Page:
    """What is said of it."""
    found = _found(point_id)
    return _point_page(PointForm(formdata=None, obj=found), found)


@bp.post("/points/<uuid:point_id>")
@permit(P.STAFF_DELIVERY_EDIT)
def edit_point(point_id: uuid.UUID) -> Page | Response:
    """Change it."""
    form, found = PointForm(), _found(point_id)
    if not form.validate():
        return _point_page(form, found, 422)
    try:
        keep_points.edit(session(), point_id, current_actor().person, **form.facts())
    except keep_points.NameTaken:
        return _taken(form, found)
    return _saved()


@bp.post("/points/<uuid:point_id>/close")
@permit(P.STAFF_DELIVERY_EDIT)
def close_point(point_id: uuid.UUID) -> Response:
    """No more orders for it."""
    keep_points.close(session(), _found(point_id).id, current_actor().person)
    return _saved()


@bp.post("/points/<uuid:point_id>/open")
@permit(P.STAFF_DELIVERY_EDIT)
def reopen_point(point_id: uuid.UUID) -> Response:
    """Orders for it again."""
    keep_points.reopen(session(), _found(point_id).id, current_actor().person)
    return _saved()


@bp.post("/points/<uuid:point_id>/raise")
@permit(P.STAFF_DELIVERY_EDIT)
def raise_point(point_id: uuid.UUID) -> Response:
    """One place higher."""
    keep_points.raise_up(session(), _found(point_id).id)
    return _saved()


def _found(point_id: uuid.UUID) -> PickupPoint:
    found = session().get(PickupPoint, point_id)
    if found is None:
        abort(404)
    return found


def _saved() -> Response:
    flash(gettext("Tersimpan."))
    return redirect(url_for(".delivery"), 303)


def _taken(form: PointForm, found: PickupPoint | None) -> Page:
    form.name.errors = [gettext("Nama ini sudah dipakai tempat lain.")]
    return _point_page(form, found, 422)


def _page(form: TermsForm, status: int = 200) -> Page:
    page = render_template(
        "sellers/staff/delivery.html", form=form, points=keep_points.all_points(session()),
        kelurahan_name=kelurahan_name,
    )  # fmt: skip
    return page, status


def _point_page(form: PointForm, found: PickupPoint | None = None, status: int = 200) -> Page:
    return render_template("sellers/staff/point.html", form=form, point=found), status
