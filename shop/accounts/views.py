"""Signing in and out, and a person's own settings."""

from __future__ import annotations

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts import people, queries
from shop.accounts import sign_in as signing
from shop.accounts.access import current_actor, current_token, let_in, let_out, permit
from shop.accounts.forms import LanguageForm, PasswordForm, SignInForm, WaysForm
from shop.accounts.models import Language
from shop.accounts.permissions import Actor, Permission
from shop.core.db import session
from shop.core.http import keep_writes, local_target

bp = Blueprint("accounts", __name__)
log = structlog.get_logger()

Page = str | tuple[str, int]


@bp.get("/sign-in")
@permit(Permission.BUY_SHOP_USE)
def sign_in() -> Page | Response:
    """The way in; who is in already goes through her own door."""
    actor = current_actor()
    return redirect(url_for(door_of(actor)), 303) if actor.known else _sign_in_page(SignInForm())


@bp.post("/sign-in")
@permit(Permission.BUY_SHOP_USE)
def enter() -> Page | Response:
    """Check number and password. A refused try is kept, to slow down guessing."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, 422)
    address, device = request.remote_addr or "", request.user_agent.string
    try:
        token = signing.sign_in(
            session(), form.phone.e164, form.password.data, address=address, device=device
        )
    except signing.TooManyAttempts:
        log.warning("sign-in refused", why="too many attempts", address=address)
        return _sign_in_page(form, 429)
    except signing.WrongPassword:
        keep_writes()
        log.warning("sign-in refused", why="wrong", address=address)
        form.password.errors = [gettext("Nomor dan kata sandi ini tidak cocok. Coba sekali lagi.")]
        return _sign_in_page(form, 422)
    actor = let_in(token)
    log.info("signed in", person=str(actor.person))
    return redirect(local_target(request.form.get("next"), door_of(actor)), 303)


@bp.post("/sign-out")
@permit(Permission.BUY_SHOP_USE)
def sign_out() -> Response:
    """End this device's sign-in; its cookie opens nothing any more, wherever it was copied."""
    if current_actor().known:
        signing.sign_out(session(), let_out())
    return redirect(url_for("catalog.home"), 303)


@bp.get("/account")
@permit(Permission.ACCOUNT_SELF_USE)
def account() -> Page:
    """Name, number, language, password."""
    return account_page()


@bp.post("/account/language")
@permit(Permission.ACCOUNT_SELF_USE)
def language() -> Page | Response:
    """In which language the studio and the staff's pages speak to this person."""
    form = LanguageForm()
    if not form.validate():
        return account_page(language_form=form, status=422)
    people.set_language(session(), current_actor().person, Language(form.language.data))
    return redirect(local_target(request.form.get("next"), "accounts.account"), 303)


@bp.post("/account/password")
@permit(Permission.ACCOUNT_SELF_USE)
def password() -> Page | Response:
    """A new password; every other device has to sign in again."""
    form, person_id = PasswordForm(), current_actor().person
    if not form.validate():
        return account_page(password_form=form, status=422)
    try:
        signing.check_own(session(), person_id, form.old.data, address=request.remote_addr or "")
    except signing.TooManyAttempts:
        return account_page(password_form=form, status=429)
    except signing.WrongPassword:
        keep_writes()
        form.old.errors = [gettext("Kata sandi sekarang belum cocok.")]
        return account_page(password_form=form, status=422)
    people.set_password(session(), person_id, form.new.data, by=person_id, keep=current_token())
    flash(gettext("Kata sandi diganti. Di HP lain Anda perlu masuk lagi."))
    return redirect(url_for(".account"), 303)


def door_of(actor: Actor) -> str:
    """The endpoint of the first page of somebody's own door."""
    if actor.member_role:
        return "orders_studio.today"
    return "impact_staff.desk" if actor.roles else "catalog.home"


def _sign_in_page(form: SignInForm, status: int = 200) -> tuple[str, int]:
    target = request.values.get("next", "")
    page = render_template("accounts/sign_in.html", form=form, target=target, status=status)
    return page, status


def account_page(
    *,
    language_form: LanguageForm | None = None,
    password_form: PasswordForm | None = None,
    ways_form: WaysForm | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """The person's own settings, with what was typed into one of the forms."""
    actor = current_actor()
    person = queries.person_of(session(), actor.person)
    page = render_template(
        "accounts/account.html",
        person=person,
        ways_form=ways_form or WaysForm.of(person),
        door=url_for(door_of(actor)),
        language_form=language_form or LanguageForm(formdata=None, language=actor.language),
        password_form=password_form or PasswordForm(formdata=None),
        status=status,
    )
    return page, status
