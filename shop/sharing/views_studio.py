"""The studio's pages about a group's money: all of it, and each member's account."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core import clock
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.ledger import figures
from shop.ledger.sales import still_open
from shop.sellers.models import SellerMember, ShareBasis
from shop.sharing import answer_payment, give_advance, pay_member, queries, queries_member, words
from shop.sharing.forms import AdvanceForm, PayForm, WordsForm, not_enough
from shop.sharing.members import own_member
from shop.sharing.models import MemberPayment
from shop.sharing.purse import NotEnough, NotMember, advanced, not_yet_here, owed, purse

bp = Blueprint("group_studio", __name__, url_prefix="/sell/group")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(P.SELL_MONEY_VIEW)
def group() -> Page:
    """The whole pool, and every part of it."""
    seller_id = current_actor().seller
    rules = queries.rules(session(), seller_id)
    now = queries.rule_of_day(rules, clock.today())
    made = now is not None and now.rule.basis == ShareBasis.MADE
    return render_template(
        "sharing/studio/group.html",
        purse=purse(session(), seller_id),
        not_yet=not_yet_here(session(), seller_id),
        members=queries.members(session(), seller_id),
        names=queries.names(session(), seller_id),
        rule=now,
        page=queries.shared_sales(session(), seller_id, page_number(request.args.get("page"))),
        waiting=queries_member.waiting_for(session(), seller_id, current_actor().person),
        to_record=still_open(session(), seller_id) if made else [],
        percent=figures.percent,
        words=words,
    )


@bp.get("/members/<uuid:member_id>")
@permit(P.SELL_MONEY_VIEW)
def member(member_id: uuid.UUID) -> Page:
    """What one of them got, is owed and had beforehand, line by line."""
    return _member_page(_own(member_id))


@bp.post("/members/<uuid:member_id>/pay")
@permit(P.SELL_GROUP_KEEP)
def pay(member_id: uuid.UUID) -> Page:
    """She was handed money."""
    found, form, actor = _own(member_id), PayForm(), current_actor()
    if not form.validate():
        return _member_page(found, pay=form, status=422)
    try:
        pay_member.pay_member(
            session(), actor.seller, member_id, form.handed(), key=form.own_key(),
            person_id=actor.person,
        )  # fmt: skip
    except pay_member.MoreThanOwed as told:
        form.more_than_owed(told.owed)
    except pay_member.MoreThanHad as told:
        form.more_than_had(told.advance)
    except NotEnough as told:
        not_enough(form.paid, told.left)
    if form.errors:
        return _member_page(found, pay=form, status=422)
    flash(gettext("Tercatat. %(name)s diminta menjawab sudah terima atau belum.", name=found.name))
    return redirect(url_for(".member", member_id=member_id), 303)


@bp.post("/members/<uuid:member_id>/advance")
@permit(P.SELL_GROUP_KEEP)
def advance(member_id: uuid.UUID) -> Page:
    """She has something beforehand, or brought it back."""
    found, form, actor = _own(member_id), AdvanceForm(), current_actor()
    if not form.validate():
        return _member_page(found, advance=form, status=422)
    try:
        give_advance.give_advance(
            session(), actor.seller, member_id, form.beforehand(), key=form.own_key(),
            person_id=actor.person,
        )  # fmt: skip
    except NotMember:
        form.kind.errors = [gettext("Yang sudah keluar tidak mendapat kasbon lagi.")]
    except NotEnough as told:
        not_enough(form.amount, told.left)
    if form.errors:
        return _member_page(found, advance=form, status=422)
    flash(gettext("Tercatat."))
    return redirect(url_for(".member", member_id=member_id), 303)


@bp.post("/payments/<uuid:payment_id>/confirm")
@permit(P.SELL_MONEY_VIEW)
def confirm(payment_id: uuid.UUID) -> Page:
    """She got it."""
    payment = _payment(payment_id)
    try:
        answer_payment.confirm(session(), payment, current_actor().person)
    except answer_payment.NotHers:
        abort(403)
    except IllegalMove:
        return _already(payment.member_id)
    flash(gettext("Terima kasih. Tercatat sudah diterima."))
    return redirect(url_for(".member", member_id=payment.member_id), 303)


@bp.post("/payments/<uuid:payment_id>/dispute")
@permit(P.SELL_MONEY_VIEW)
def dispute(payment_id: uuid.UUID) -> Page:
    """She did not get it."""
    payment, form = _payment(payment_id), WordsForm(prefix=f"p{payment_id.hex}")
    if not form.validate():
        return _member_page(_own(payment.member_id), about=(payment_id, form), status=422)
    try:
        answer_payment.dispute(session(), payment, current_actor().person, form.words.data)
    except answer_payment.NotHers:
        abort(403)
    except IllegalMove:
        return _already(payment.member_id)
    flash(gettext("Tercatat. Pengurus kelompok diberi tahu."))
    return redirect(url_for(".member", member_id=payment.member_id), 303)


@bp.post("/payments/<uuid:payment_id>/take-back")
@permit(P.SELL_GROUP_KEEP)
def take_back(payment_id: uuid.UUID) -> Page:
    """It was a mistake: her money is hers again."""
    payment, form = _payment(payment_id), WordsForm(prefix=f"p{payment_id.hex}")
    if not form.validate():
        return _member_page(_own(payment.member_id), about=(payment_id, form), status=422)
    try:
        answer_payment.take_back(session(), payment, current_actor().person, form.words.data)
    except IllegalMove:
        return _already(payment.member_id)
    flash(gettext("Dibatalkan. Uang itu kembali menjadi haknya."))
    return redirect(url_for(".member", member_id=payment.member_id), 303)


@bp.app_context_processor
def _for_money_pages() -> dict[str, object]:
    return {"shares_in_group": shares_in_group}


def shares_in_group() -> bool:
    """For the studio's pages: whether the seller has people to share with."""
    return queries.is_group(session(), current_actor().seller)


def _own(member_id: uuid.UUID) -> SellerMember:
    return own_member(session(), current_actor().seller, member_id) or abort(404)


def _payment(payment_id: uuid.UUID) -> MemberPayment:
    found = queries_member.own_payment(session(), current_actor().seller, payment_id)
    return found or abort(404)


def _already(member_id: uuid.UUID) -> Response:
    pause()
    flash(gettext("Itu sudah dijawab atau dibatalkan."), "wait")
    return redirect(url_for(".member", member_id=member_id), 303)


def _member_page(
    found: SellerMember,
    *,
    pay: PayForm | None = None,
    advance: AdvanceForm | None = None,
    about: tuple[uuid.UUID, WordsForm] | None = None,
    status: int = 200,
) -> Page:
    seller_id = current_actor().seller
    hers, had = owed(session(), seller_id, found.id), advanced(session(), seller_id, found.id)
    off = max(0, min(hers, had))

    def about_payment(payment: MemberPayment) -> WordsForm:
        if about is not None and about[0] == payment.id:
            return about[1]
        return WordsForm(formdata=None, prefix=f"p{payment.id.hex}")

    page = render_template(
        "sharing/studio/member.html",
        member=found,
        own=found.person_id == current_actor().person,
        me=current_actor().person,
        owed=hers,
        had=had,
        pay_form=pay or PayForm(formdata=None, paid=max(0, hers - off), deducted=off),
        advance_form=advance or AdvanceForm(formdata=None),
        about_payment=about_payment,
        about_id=about[0] if about else None,
        payments=queries_member.payments_of(session(), seller_id, found.id),
        advances=queries_member.advances_of(session(), seller_id, found.id),
        page=queries_member.account(
            session(), seller_id, found.id, page_number(request.args.get("page"))
        ),
        signed=figures.signed,
        words=words,
    )
    return page, status
