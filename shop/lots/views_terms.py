"""The studio's page about which products are sold by lots, and on which terms."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.ledger import figures
from shop.lots import pool, queries, words
from shop.lots.forms import TermsForm, offer

bp = Blueprint("lots_terms", __name__, url_prefix="/sell/lots/products")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(P.SELL_GROUP_KEEP)
def products() -> Page:
    """Which products are sold by lots, and on which terms."""
    return _terms_page(_terms_form(formdata=None))


@bp.post("")
@permit(P.SELL_GROUP_KEEP)
def set_terms() -> Page:
    """One more, or other terms."""
    form, actor = _terms_form(), current_actor()
    if form.validate():
        try:
            pool.pool(
                session(), actor.seller, uuid.UUID(form.product.data), form.terms(),
                person_id=actor.person,
            )  # fmt: skip
        except pool.NotCooperative:
            form.product.errors = [gettext("Lot hanya untuk koperasi.")]
        except pool.NoWeight:
            form.product.errors = [gettext("Isi dulu berat barang ini di halaman Produk.")]
    if form.errors:
        return _terms_page(form, 422)
    flash(gettext("Tercatat."))
    return redirect(url_for(".products"), 303)


def _terms_form(**kwargs: object) -> TermsForm:
    form = TermsForm(**kwargs)
    rows = queries.products(session(), current_actor().seller)
    offer(form.product, [(one.id, one.name) for one in rows])
    return form


def _terms_page(form: TermsForm, status: int = 200) -> Page:
    page = render_template(
        "lots/studio/products.html",
        form=form,
        pooled=queries.pooled(session(), current_actor().seller),
        percent=figures.percent,
        words=words,
    )
    return page, status
