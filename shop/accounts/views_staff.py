"""The staff's pages about people and their roles."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts import people as accounts
from shop.accounts import queries
from shop.accounts.access import current_actor, permit
from shop.accounts.forms import ROLE_NAMES, StaffForm
from shop.accounts.models import Person, Role
from shop.accounts.passwords import make_password
from shop.accounts.permissions import P
from shop.accounts.words_device import device
from shop.core.db import pause, session
from shop.core.forms import tidy
from shop.core.paging import page_number

bp = Blueprint("accounts_staff", __name__, url_prefix="/staff/people")

Page = str | tuple[str, int]


@bp.get("")
@permit(P.STAFF_PERSON_MANAGE)
def people() -> Page:
    """The programme's staff, or everybody who can sign in."""
    words, everybody = tidy(request.args.get("q"))[:80], request.args.get("who") == "all"
    number = page_number(request.args.get("page"))
    return render_template(
        "accounts/staff/people.html",
        page=queries.people(session(), number, words=words, staff=not everybody),
        everybody=everybody,
        words=words,
        roles=ROLE_NAMES,
    )


@bp.get("/new")
@permit(P.STAFF_PERSON_MANAGE)
def new() -> Page:
    """Somebody joins the programme's staff."""
    return render_template("accounts/staff/new.html", form=StaffForm(formdata=None))


@bp.post("/new")
@permit(P.STAFF_PERSON_MANAGE)
def create() -> Page:
    """Open the account; its password is shown in this answer and never again."""
    form, by, password = StaffForm(), current_actor().person, make_password()
    if not form.validate():
        return render_template("accounts/staff/new.html", form=form), 422
    pause()  # the password is hashed before the first write
    try:
        person = accounts.create(
            session(), name=form.name.data, phone=form.phone.e164, password=password
        )
    except accounts.PhoneTaken:
        form.phone.errors = [gettext("Nomor ini sudah dipakai. Cari orangnya di daftar.")]
        return render_template("accounts/staff/new.html", form=form), 422
    accounts.grant(session(), person.id, Role(form.role.data), by)
    return _password_page(person, password)


@bp.get("/<uuid:person_id>")
@permit(P.STAFF_PERSON_MANAGE)
def person(person_id: uuid.UUID) -> Page:
    """One person: roles, devices, and what was done about the account."""
    return _person_page(_found(person_id))


@bp.post("/<uuid:person_id>/grant/<role>")
@permit(P.STAFF_PERSON_MANAGE)
def grant(person_id: uuid.UUID, role: str) -> Page | Response:
    """Give a role."""
    wanted = _role(role)
    return _do(person_id, lambda by: accounts.grant(session(), person_id, wanted, by))


@bp.post("/<uuid:person_id>/revoke/<role>")
@permit(P.STAFF_PERSON_MANAGE)
def revoke(person_id: uuid.UUID, role: str) -> Page | Response:
    """Take a role back; it stops at that person's next request."""
    wanted = _role(role)
    return _do(person_id, lambda by: accounts.revoke(session(), person_id, wanted, by))


@bp.post("/<uuid:person_id>/disable")
@permit(P.STAFF_PERSON_MANAGE)
def disable(person_id: uuid.UUID) -> Page | Response:
    """Close the account."""
    return _do(person_id, lambda by: accounts.disable(session(), person_id, by))


@bp.post("/<uuid:person_id>/enable")
@permit(P.STAFF_PERSON_MANAGE)
def enable(person_id: uuid.UUID) -> Page | Response:
    """Open it again."""
    return _do(person_id, lambda by: accounts.enable(session(), person_id, by))


@bp.post("/<uuid:person_id>/password")
@permit(P.STAFF_PERSON_MANAGE)
def password(person_id: uuid.UUID) -> Page:
    """A fresh password for somebody who lost theirs, shown once."""
    _found(person_id)
    by, fresh = current_actor().person, make_password()
    pause()  # the password is hashed before the first write
    accounts.set_password(session(), person_id, fresh, by=by)
    return _password_page(_found(person_id), fresh)


def _found(person_id: uuid.UUID) -> Person:
    return queries.person_of(session(), person_id) or abort(404)


def _role(name: str) -> Role:
    return Role(name) if name in list(Role) else abort(404)


def _do(person_id: uuid.UUID, verb: Callable[[uuid.UUID], None]) -> Page | Response:
    found = _found(person_id)
    try:
        verb(current_actor().person)
    except accounts.LastAdmin:
        fault = gettext("Ini admin terakhir. Angkat admin lain dulu.")
        return _person_page(found, fault, 409)
    flash(gettext("Tersimpan."))
    return redirect(url_for(".person", person_id=person_id), 303)


def _person_page(found: Person, fault: str = "", status: int = 200) -> Page:
    page = render_template(
        "accounts/staff/person.html",
        person=found,
        fault=fault,
        device=device,
        roles=ROLE_NAMES,
        sign_ins=queries.sign_ins_of(session(), found.id),
        deeds=queries.deeds_about(session(), "person", found.id),
    )
    return page, status


def _password_page(found: Person, password: str) -> Page:
    page = render_template("accounts/staff/password.html", person=found, password=password)
    return page, 201
