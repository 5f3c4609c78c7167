"""The studio's pages about the seller itself: *Lainnya*, and switching between sellers."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts import news, notify
from shop.accounts import sign_in as signing
from shop.accounts.access import current_actor, current_token, permit
from shop.accounts.permissions import P
from shop.accounts.queries import news_of, unseen_news
from shop.core.db import session
from shop.core.http import keep_writes
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.core.regions import all_zones
from shop.sellers import approve, describe
from shop.sellers.banks import usual_lengths
from shop.sellers.forms import ROLE_NAMES, AboutForm, BankForm
from shop.sellers.queries import last_reason, own_seller, sellers_of

bp = Blueprint("sellers_studio", __name__, url_prefix="/sell")

Page = str | tuple[str, int]


@bp.get("/more")
@permit(P.SELL_TODAY_VIEW)
def more() -> Page:
    """All about the seller in one place, with the way to change each part."""
    actor = current_actor()
    seller = own_seller(session(), actor)
    return render_template(
        "sellers/studio/more.html",
        seller=seller,
        sellers=sellers_of(session(), actor.person),
        unseen=unseen_news(session(), actor.person, actor.seller),
        reason=last_reason(session(), seller),
        zone_names=all_zones(),
        roles=ROLE_NAMES,
        odd_lengths=usual_lengths(seller.bank_name, seller.bank_account),
    )


@bp.get("/more/about")
@permit(P.SELL_SELLER_EDIT)
def about() -> Page:
    """What buyers read about the seller."""
    seller = own_seller(session(), current_actor())
    return _about_page(AboutForm(formdata=None, obj=seller))


@bp.post("/more/about")
@permit(P.SELL_SELLER_EDIT)
def save_about() -> Page | Response:
    """Change it."""
    form, actor = AboutForm(), current_actor()
    if not form.validate():
        return _about_page(form, 422)
    describe.describe(session(), actor.seller, actor.person, **form.facts())
    return _saved()


@bp.get("/more/bank")
@permit(P.SELL_SELLER_EDIT)
def bank() -> Page:
    """Where the money goes."""
    seller = own_seller(session(), current_actor())
    return _bank_page(BankForm(formdata=None, obj=seller))


@bp.post("/more/bank")
@permit(P.SELL_SELLER_EDIT)
def save_bank() -> Page | Response:
    """Change it, after the password was given again."""
    form, actor = BankForm(), current_actor()
    if not form.validate():
        return _bank_page(form, 422)
    address = request.remote_addr or ""
    try:
        signing.check_own(session(), actor.person, form.password.data, address=address)
    except signing.TooManyAttempts:
        return _bank_page(form, 429)
    except signing.WrongPassword:
        keep_writes()
        form.password.errors = [gettext("Kata sandi ini belum cocok.")]
        return _bank_page(form, 422)
    describe.set_bank(
        session(), actor.seller, actor.person, bank_name=form.bank_name.data,
        bank_account=form.bank_account.data, bank_holder=form.bank_holder.data,
    )  # fmt: skip
    return _saved()


@bp.post("/more/apply-again")
@permit(P.SELL_SELLER_EDIT)
def apply_again() -> Response:
    """Ask once more, after what staff found missing was mended."""
    actor = current_actor()
    try:
        approve.apply_again(session(), actor.seller, actor.person)
    except IllegalMove:
        abort(409)
    flash(gettext("Terkirim. Pendamping akan melihatnya lagi."))
    return redirect(url_for(".more"), 303)


@bp.get("/news")
@permit(P.SELL_TODAY_VIEW)
def all_news() -> Page:
    """What happened, for whoever looks."""
    actor = current_actor()
    return render_template(
        "sellers/studio/news.html",
        page=news_of(session(), actor.person, actor.seller, page_number(request.args.get("page"))),
        unseen=unseen_news(session(), actor.person, actor.seller),
        words=news.words,
    )


@bp.post("/news/seen")
@permit(P.SELL_TODAY_VIEW)
def seen() -> Response:
    """All of it counts as seen."""
    actor = current_actor()
    notify.mark_seen(session(), actor.person, seller_id=actor.seller)
    return redirect(url_for(".all_news"), 303)


@bp.post("/switch/<uuid:seller_id>")
@permit(P.SELL_TODAY_VIEW)
def switch(seller_id: uuid.UUID) -> Response:
    """Stand in another of one's own stalls from now on."""
    if seller_id not in {seller.id for seller in sellers_of(session(), current_actor().person)}:
        abort(404)
    signing.choose_seller(session(), current_token(), seller_id)
    return redirect(url_for(".more"), 303)


def _saved() -> Response:
    flash(gettext("Tersimpan."))
    return redirect(url_for(".more"), 303)


def _about_page(form: AboutForm, status: int = 200) -> Page:
    return render_template("sellers/studio/about.html", form=form), status


def _bank_page(form: BankForm, status: int = 200) -> Page:
    odd = usual_lengths(form.bank_name.data or "", form.bank_account.data or "")
    page = render_template("sellers/studio/bank.html", form=form, odd_lengths=odd, status=status)
    return page, status
