"""Promotions: of the programme for staff, of her own goods for a seller."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.exc import NoResultFound
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core import ids
from shop.core.db import session
from shop.ledger.figures import percent
from shop.orders.add_promotion import BadPromotion, NotHers, add_promotion
from shop.orders.end_promotion import end_promotion
from shop.orders.forms_promotion import OwnPromotionForm, PromotionForm
from shop.orders.queries_promotions import promotions, scopes

bp = Blueprint("promotions_staff", __name__, url_prefix="/staff/settings/promotions")
bp_studio = Blueprint("promotions_studio", __name__, url_prefix="/sell/more/promotions")

Page = Response | str | tuple[str, int]


@bp.get("")
@permit(P.STAFF_SETTINGS_EDIT)
def promotions_page() -> str:
    """Every promotion, what it has cost so far, and a form for another."""
    return _staff_page(_fresh(PromotionForm))


@bp.post("")
@permit(P.STAFF_SETTINGS_EDIT)
def add() -> Page:
    """Make one for the programme."""
    form = PromotionForm()
    form.offer(scopes(session()), gettext("Semua barang"))
    if not form.validate_on_submit():
        return _staff_page(form), 422
    person_id = current_actor().person
    try:
        add_promotion(session(), form.wanted, key=f"staff:{form.key.data}", person_id=person_id)
    except BadPromotion as told:
        form.blame(told)
        return _staff_page(form), 422
    flash(gettext("Promo disimpan."))
    return redirect(url_for(".promotions_page"), 303)


@bp.post("/<uuid:promotion_id>/end")
@permit(P.STAFF_SETTINGS_EDIT)
def end(promotion_id: uuid.UUID) -> Response:
    """End one before its time."""
    try:
        end_promotion(session(), promotion_id, person_id=current_actor().person)
    except NoResultFound:
        abort(404)
    flash(gettext("Promo sudah diakhiri. Pesanan yang sudah masuk tidak berubah."))
    return redirect(url_for(".promotions_page"), 303)


@bp_studio.get("")
@permit(P.SELL_SELLER_EDIT)
def own() -> str:
    """The promotions of her goods, what they have cost so far, and a form for another."""
    return _own_page(_fresh(OwnPromotionForm))


@bp_studio.post("")
@permit(P.SELL_SELLER_EDIT)
def add_own() -> Page:
    """Make one for her goods, at her own cost."""
    form, seller_id = OwnPromotionForm(), current_actor().seller
    form.offer(scopes(session(), seller_id), gettext("Semua barang saya"))
    if not form.validate_on_submit():
        return _own_page(form), 422
    wanted = form.wanted
    if wanted.product_id is None:
        wanted = replace(wanted, seller_id=seller_id)
    try:
        add_promotion(
            session(), wanted, key=f"{seller_id.hex}:{form.key.data}"[:80],
            person_id=current_actor().person, by_seller=seller_id,
        )  # fmt: skip
    except BadPromotion as told:
        form.blame(told)
        return _own_page(form), 422
    flash(gettext("Promo disimpan."))
    return redirect(url_for(".own"), 303)


@bp_studio.post("/<uuid:promotion_id>/end")
@permit(P.SELL_SELLER_EDIT)
def end_own(promotion_id: uuid.UUID) -> Response:
    """End one of her own before its time."""
    actor = current_actor()
    try:
        end_promotion(session(), promotion_id, person_id=actor.person, by_seller=actor.seller)
    except (NoResultFound, NotHers):
        abort(404)
    flash(gettext("Promo sudah diakhiri. Pesanan yang sudah masuk tidak berubah."))
    return redirect(url_for(".own"), 303)


def _fresh(kind: type[OwnPromotionForm]) -> OwnPromotionForm:
    return kind(formdata=None, key=ids.new_token())


def _staff_page(form: OwnPromotionForm) -> str:
    form.offer(scopes(session()), gettext("Semua barang"))
    rows = promotions(session())
    return render_template("orders/promotions/staff.html", form=form, rows=rows, percent=percent)


def _own_page(form: OwnPromotionForm) -> str:
    seller_id = current_actor().seller
    form.offer(scopes(session(), seller_id), gettext("Semua barang saya"))
    rows = promotions(session(), seller_id)
    return render_template("orders/promotions/studio.html", form=form, rows=rows, percent=percent)
