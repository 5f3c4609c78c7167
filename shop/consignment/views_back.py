"""Taking back a wrong count, as seller and staff do it."""

from __future__ import annotations

import uuid
from enum import StrEnum

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor
from shop.catalog.reserve import SoldOut
from shop.consignment import queries, words
from shop.consignment.forms import BackForm
from shop.consignment.queries import Happened
from shop.consignment.states import PaidBy
from shop.consignment.take_back import HandedOn, take_back
from shop.core.db import pause, session
from shop.core.i18n import day
from shop.core.money import rupiah

Page = str | Response | tuple[str, int]


class Door(StrEnum):
    """Who takes it back."""

    STUDIO = "seller"
    STAFF = "staff"


_TEMPLATES = {
    Door.STUDIO: "consignment/studio/back.html",
    Door.STAFF: "consignment/staff/back.html",
}


def back_page(door: Door, consignment_id: uuid.UUID, count_id: uuid.UUID) -> Page:
    """What it takes back, and why."""
    one = _count(door, consignment_id, count_id)
    if one.undone:
        return _done(consignment_id, fresh=False)
    return _page(door, consignment_id, one, BackForm(formdata=None))


def take_it_back(door: Door, consignment_id: uuid.UUID, count_id: uuid.UUID) -> Page:
    """It is as if it had not been counted; or say what has to come first."""
    one, form = _count(door, consignment_id, count_id), BackForm()
    if not form.validate():
        return _page(door, consignment_id, one, form, 422)
    try:
        fresh = take_back(
            session(), consignment_id, count_id, form.reason.data,
            person_id=current_actor().person, actor=door.value,
        )  # fmt: skip
    except HandedOn as told:
        said = gettext(
            "Tempat titip sudah menyerahkan uangnya (terakhir %(sum)s, %(day)s): tanpa catatan "
            "ini kurang %(missing)s. Catat dulu yang benar-benar laku, lalu batalkan yang ini.",
            sum=rupiah(told.last.amount), day=day(told.last.at), missing=rupiah(told.missing),
        )  # fmt: skip
    except SoldOut as gone:
        said = gettext(
            "Yang kembali sudah dipesan pembeli: yang masih bebas hanya %(left)d.",
            left=gone.available,
        )
    else:
        return _done(consignment_id, fresh=fresh)
    pause()
    form.reason.errors = [said]
    return _page(door, consignment_id, _count(door, consignment_id, count_id), form, 409)


def _count(door: Door, consignment_id: uuid.UUID, count_id: uuid.UUID) -> Happened:
    one = queries.count_of(session(), consignment_id, count_id)
    if one is None:
        abort(404)
    if one.with_whom == PaidBy.PROGRAMME and door is not Door.STAFF:
        abort(403)
    return one


def _done(consignment_id: uuid.UUID, *, fresh: bool) -> Response:
    if fresh:
        flash(gettext("Dibatalkan. Catat lagi kalau perlu."))
    else:
        flash(gettext("Catatan itu sudah dibatalkan tadi."), "wait")
    return redirect(url_for(".consignment", consignment_id=consignment_id), 303)


def _page(
    door: Door, consignment_id: uuid.UUID, one: Happened, form: BackForm, status: int = 200
) -> Page:
    row = queries.for_staff(session(), consignment_id)
    if row is None:
        abort(404)
    page = render_template(_TEMPLATES[door], row=row, one=one, form=form, words=words)
    return page, status
