"""The studio's pages about a group's fund, and a cooperative's surplus."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core import clock
from shop.core.db import session
from shop.core.http import keep_writes, takes_photos
from shop.core.paging import page_number
from shop.core.pictures import serve_private
from shop.core.uploads import Uploads
from shop.ledger import figures
from shop.sharing import keep_fund, queries, queries_member, share_surplus, words
from shop.sharing.forms import FundForm, not_enough
from shop.sharing.forms_surplus import SurplusForm, surplus_form
from shop.sharing.members import members_on
from shop.sharing.purse import NotEnough, purse
from shop.sharing.uploads import TRAY

bp = Blueprint("group_fund", __name__, url_prefix="/sell/group")
Page = str | Response | tuple[str, int]


@bp.get("/fund")
@permit(P.SELL_MONEY_VIEW)
def fund() -> Page:
    """What belongs to all of them, and what became of it."""
    return _fund_page(FundForm(formdata=None))


@bp.post("/fund")
@permit(P.SELL_GROUP_KEEP)
@takes_photos
def keep() -> Page:
    """Money came in or went out, with its receipt."""
    actor = current_actor()
    sent = TRAY.take(
        session(), actor.seller, request.files.getlist("receipt"), request.form.getlist("kept")
    )
    form = FundForm()
    if not form.validate() or sent.faults:
        keep_writes()  # a receipt that passed has travelled far enough once
        return _fund_page(form, sent, 422)
    try:
        keep_fund.keep_fund(
            session(), actor.seller, form.moved(sent.kept[0] if sent.kept else None),
            key=form.own_key(), person_id=actor.person,
        )  # fmt: skip
    except NotEnough as told:
        keep_writes()
        not_enough(form.amount, told.left)
        return _fund_page(form, sent, 422)
    flash(gettext("Tercatat."))
    return redirect(url_for(".fund"), 303)


@bp.get("/fund/<uuid:move_id>/receipt")
@permit(P.SELL_MONEY_VIEW)
def receipt(move_id: uuid.UUID) -> Response:
    """The receipt's photo."""
    found = queries_member.receipt(session(), current_actor().seller, move_id) or abort(404)
    return serve_private(found, whole="whole" in request.args)


@bp.get("/surplus")
@permit(P.SELL_MONEY_VIEW)
def surplus() -> Page:
    """What was shared of a year's surplus, and to whom."""
    return _surplus_page(_surplus_form(formdata=None, first=clock.today().replace(month=1, day=1)))


@bp.post("/surplus")
@permit(P.SELL_GROUP_KEEP)
def share() -> Page:
    """Share it by the terms that were decided."""
    form, actor = _surplus_form(), current_actor()
    if not form.validate():
        return _surplus_page(form, 422)
    try:
        share_surplus.share_surplus(
            session(), actor.seller, form.wanted(), key=form.own_key(), person_id=actor.person
        )
    except share_surplus.NoTerms:
        form.amount.errors = [gettext("Belum ada aturan yang menyebut pembagian SHU.")]
    except share_surplus.SharedBefore:
        form.first.errors = [gettext("SHU sebagian hari-hari ini sudah dibagi.")]
    except share_surplus.NothingEarned:
        form.first.errors = [gettext("Pada hari-hari ini belum ada hasil yang dibagi.")]
    except share_surplus.NoSavings:
        form.amount.errors = [gettext("Isi simpanan paling sedikit satu anggota.")]
    except NotEnough as told:
        not_enough(form.amount, told.left)
    if form.errors:
        return _surplus_page(form, 422)
    flash(gettext("SHU dibagi dan masuk ke hak setiap anggota."))
    return redirect(url_for(".surplus"), 303)


def _fund_page(form: FundForm, sent: Uploads | None = None, status: int = 200) -> Page:
    seller_id = current_actor().seller
    page = render_template(
        "sharing/studio/fund.html",
        form=form,
        faults=sent.faults if sent else (),
        kept=[TRAY.token_of(sha256, seller_id) for sha256 in (sent.kept if sent else ())],
        purse=purse(session(), seller_id),
        from_sales=queries_member.from_sales(session(), seller_id),
        page=queries_member.fund_moves(session(), seller_id, page_number(request.args.get("page"))),
        signed=figures.signed,
        words=words,
    )
    return page, status


def _surplus_form(**kwargs: object) -> SurplusForm:
    return surplus_form(members_on(session(), current_actor().seller, clock.today()), **kwargs)


def _surplus_page(form: SurplusForm, status: int = 200) -> Page:
    seller_id = current_actor().seller
    rules = queries.rules(session(), seller_id)
    spoken = [row for row in rules if row.surplus and row.rule.valid_from <= clock.today()]
    page = render_template(
        "sharing/studio/surplus.html",
        form=form,
        terms=spoken[0] if spoken else None,
        fund=purse(session(), seller_id).fund,
        surpluses=queries_member.surpluses(session(), seller_id),
        names=queries.names(session(), seller_id),
        words=words,
    )
    return page, status
