"""The studio's pages about what a group decided, and about who made what."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core import clock
from shop.core.db import session
from shop.core.i18n import day as day_words
from shop.ledger import figures, sales
from shop.sharing import decide as deciding
from shop.sharing import queries, record_makers, words
from shop.sharing.forms import MadeForm, RuleForm, made_form, rule_form
from shop.sharing.makers import made_before
from shop.sharing.members import members_on

bp = Blueprint("group_rules", __name__, url_prefix="/sell/group")
Page = str | Response | tuple[str, int]


@bp.get("/rules")
@permit(P.SELL_MONEY_VIEW)
def rules() -> Page:
    """Every rule, who decided on it and when."""
    found = queries.rules(session(), current_actor().seller)
    return render_template(
        "sharing/studio/rules.html", rules=found, percent=figures.percent, words=words,
        now=queries.rule_of_day(found, clock.today()), today=clock.today(),
    )  # fmt: skip


@bp.get("/rules/new")
@permit(P.SELL_GROUP_KEEP)
def new_rule() -> Page:
    """What was decided?"""
    first = deciding.first_day(session(), current_actor().seller)
    begins = max(first, clock.today()) if first else clock.today()
    return _rule_page(_rule_form(formdata=None, valid_from=begins))


@bp.post("/rules/new")
@permit(P.SELL_GROUP_KEEP)
def decide() -> Page:
    """It holds from its day on."""
    form, actor = _rule_form(), current_actor()
    if not form.validate():
        return _rule_page(form, 422)
    try:
        deciding.decide(session(), actor.seller, form.wanted(), person_id=actor.person)
    except deciding.SoldSince as told:
        form.valid_from.errors = [
            gettext(
                "Sudah ada penjualan dengan aturan lama pada %(day)s. Pilih tanggal sesudahnya.",
                day=day_words(told.day),
            )
        ]
    except deciding.SameDay:
        form.valid_from.errors = [gettext("Sudah ada aturan yang mulai pada tanggal itu.")]
    except deciding.NobodyDecided:
        form.deciders.errors = [
            gettext("Pilih anggota yang ikut memutuskan, yang hari itu sudah dan masih anggota.")
        ]
    except deciding.NoWeights:
        form.basis.errors = [gettext("Isi bobot paling sedikit satu anggota.")]
    except deciding.NoKilograms:
        form.basis.errors = [gettext("Setoran per kilogram belum dicatat di sini.")]
    except deciding.NotHundred as told:
        form.purposes()[0].errors = [
            gettext("Jumlah semua persen SHU %(total)d, seharusnya 100.", total=told.total)
        ]
    if form.errors:
        return _rule_page(form, 422)
    flash(gettext("Aturan tercatat. Semua anggota diberi tahu."))
    return redirect(url_for(".rules"), 303)


@bp.get("/made/<uuid:sale_id>")
@permit(P.SELL_ORDER_HANDLE)
def made(sale_id: uuid.UUID) -> Page:
    """Who made which pieces of a sale."""
    return _made_page(_made_form(sale_id, fresh=True))


@bp.post("/made/<uuid:sale_id>")
@permit(P.SELL_ORDER_HANDLE)
def record(sale_id: uuid.UUID) -> Page:
    """They did."""
    form, actor = _made_form(sale_id), current_actor()
    if not form.validate():
        return _made_page(form, 422)
    try:
        record_makers.record_makers(
            session(), actor.seller, sale_id, form.made(), person_id=actor.person
        )
    except record_makers.WrongPieces as told:
        form.wrong(told.line_id, told.pieces)
        return _made_page(form, 422)
    except record_makers.TooLate:
        flash(gettext("Penjualan ini sudah dibagi, jadi pembuatnya tidak bisa diganti."), "wait")
        return redirect(url_for("group_studio.group"), 303)
    flash(gettext("Tercatat siapa yang membuat."))
    return redirect(url_for("group_studio.group"), 303)


def _rule_form(**kwargs: object) -> RuleForm:
    return rule_form(members_on(session(), current_actor().seller, clock.today()), **kwargs)


def _rule_page(form: RuleForm, status: int = 200) -> Page:
    return render_template("sharing/studio/rule.html", form=form), status


def _made_form(sale_id: uuid.UUID, *, fresh: bool = False) -> MadeForm:
    seller_id = current_actor().seller
    sale = sales.sales(session(), [sale_id]).get(sale_id)
    if sale is None or sale.seller_id != seller_id or not sale.lines:
        abort(404)
    members = members_on(session(), seller_id, sale.sold_on)
    if not members:
        abort(404)
    if not fresh:
        return made_form(sale, members)
    known = {
        f"made_{line_id.hex}_{member_id.hex}": pieces
        for line_id, member_id, pieces in made_before(session(), [one.id for one in sale.lines])
    }
    return made_form(sale, members, formdata=None, data=known)


def _made_page(form: MadeForm, status: int = 200) -> Page:
    return render_template("sharing/studio/made.html", form=form, sale=form.sale), status
