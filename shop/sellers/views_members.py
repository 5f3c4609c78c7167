"""The staff's pages about the people of a seller and how they sign in."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import pause, session
from shop.sellers import membership, register
from shop.sellers.forms import MemberForm
from shop.sellers.models import MemberRole
from shop.sellers.onboard import AlreadyMember
from shop.sellers.queries_staff import MemberLine, member_of
from shop.sellers.views_staff import Page, found_or_404, seller_page

bp = Blueprint("members_staff", __name__, url_prefix="/staff/sellers/<uuid:seller_id>/members")


@bp.post("")
@permit(P.STAFF_SELLER_APPROVE)
def add(seller_id: uuid.UUID) -> Page | Response:
    """Somebody joins; with a number she can sign in, and a fresh password is shown once."""
    found, form, by = found_or_404(seller_id), MemberForm(), current_actor().person
    if not form.validate():
        return seller_page(found, member=form, status=422)
    who, role = form.name.data, MemberRole(form.role.data)
    try:
        account = register.add_member(
            session(), seller_id, name=who, role=role, phone=form.phone.e164, by=by
        )
    except AlreadyMember:
        form.phone.errors = [gettext("Orang dengan nomor ini sudah bekerja di lapak ini.")]
        return seller_page(found, member=form, status=422)
    if account is None:
        flash(gettext("%(name)s dicatat sebagai anggota.", name=who))
        return redirect(url_for("sellers_staff.seller", seller_id=seller_id), 303)
    return render_template("sellers/staff/account.html", seller=found, account=account), 201


@bp.post("/<uuid:member_id>/leave")
@permit(P.STAFF_SELLER_APPROVE)
def leave(seller_id: uuid.UUID, member_id: uuid.UUID) -> Page | Response:
    """A member leaves."""
    line = _member(seller_id, member_id)
    try:
        membership.leave(session(), seller_id, member_id, current_actor().person)
    except membership.NobodyLeft:
        fault = gettext("Harus ada paling sedikit satu orang yang mengurus lapak ini.")
        return seller_page(found_or_404(seller_id), fault=fault, status=409)
    flash(gettext("%(name)s tidak lagi bekerja di sini.", name=line.member.name))
    return redirect(url_for("sellers_staff.seller", seller_id=seller_id), 303)


@bp.post("/<uuid:member_id>/password")
@permit(P.STAFF_SELLER_APPROVE)
def password(seller_id: uuid.UUID, member_id: uuid.UUID) -> Page:
    """A member who lost the password gets a fresh one, shown once.

    Not for people who are also staff: whoever approves sellers must not become an admin by it.
    """
    line, by = _member(seller_id, member_id), current_actor().person
    person_id = line.member.person_id
    if person_id is None or line.of_staff:
        abort(403)
    pause()  # the password is hashed before the first write
    account = register.fresh_password(session(), person_id, by=by)
    found = found_or_404(seller_id)
    return render_template("sellers/staff/account.html", seller=found, account=account), 201


def _member(seller_id: uuid.UUID, member_id: uuid.UUID) -> MemberLine:
    return member_of(session(), seller_id, member_id) or abort(404)
