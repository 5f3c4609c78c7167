"""Becoming a seller."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts import sign_in as signing
from shop.accounts.access import current_actor, current_token, let_in, permit
from shop.accounts.people import PhoneTaken
from shop.accounts.permissions import Permission
from shop.accounts.queries import person_of
from shop.core.db import pause, session
from shop.core.http import keep_writes
from shop.core.i18n import language
from shop.sellers.forms import ApplicationForm, OwnApplicationForm
from shop.sellers.register import register, register_more

bp = Blueprint("sellers", __name__)

Page = tuple[str, int]


@bp.get("/daftar")
@permit(Permission.BUY_SHOP_USE)
def apply() -> Page:
    """Who somebody is and what they make; a stall is ready at once, shown once approved."""
    actor = current_actor()
    if not actor.known:
        return _page(OwnApplicationForm(formdata=None))
    person = person_of(session(), actor.person)
    phone = person.phone if person else ""
    return _page(ApplicationForm(formdata=None, owner_name=actor.name, phone=phone))


@bp.post("/daftar")
@permit(Permission.BUY_SHOP_USE)
def send() -> Page | Response:
    """Open the account and the stall, and go in."""
    return _another_stall() if current_actor().known else _first_stall()


def _first_stall() -> Page | Response:
    form, address = OwnApplicationForm(), request.remote_addr or ""
    if not form.validate():
        return _page(form, 422)
    try:
        signing.refuse_guessing(session(), form.phone.e164, address)
        signing.refuse_flood(session(), address)
        pause()  # the password is hashed before the first write
        _, person = register(
            session(), form.application(), password=form.password.data, language=language()
        )
    except signing.TooManyAttempts:
        return _page(form, 429)
    except PhoneTaken:
        signing.note_attempt(session(), form.phone.e164, address, succeeded=False)
        keep_writes()
        form.phone.errors = [gettext("Nomor ini sudah dipakai. Masuk saja dengan nomor ini.")]
        return _page(form, 422)
    signing.note_attempt(session(), form.phone.e164, address, succeeded=True)
    let_in(signing.open_sign_in(session(), person.id, request.user_agent.string))
    return _welcome()


def _another_stall() -> Page | Response:
    form = ApplicationForm()
    if not form.validate():
        return _page(form, 422)
    seller = register_more(session(), form.application(), current_actor().person)
    signing.choose_seller(session(), current_token(), seller.id)
    return _welcome()


def _welcome() -> Response:
    flash(gettext("Lapak Anda sudah ada. Sambil menunggu persetujuan, siapkan barang pertama."))
    return redirect(url_for("sellers_studio.more"), 303)


def _page(form: ApplicationForm, status: int = 200) -> Page:
    return render_template("sellers/apply.html", form=form, status=status), status
