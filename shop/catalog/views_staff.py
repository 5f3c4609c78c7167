"""The staff's pages about products."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission as P
from shop.catalog import approve as approving
from shop.catalog import queries_studio as queries
from shop.catalog.advice import advice_for
from shop.catalog.forms import DeclineForm
from shop.catalog.state_words import STATE_NAMES, known_state, state_chips
from shop.core.db import session
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.core.pictures import picture_view

bp = Blueprint("catalog_staff", __name__, url_prefix="/staff/products")


@bp.get("")
@permit(P.STAFF_PRODUCT_APPROVE)
def products() -> str:
    """What waits to be looked at, and everything there is, searchable."""
    return _page()


@bp.post("/<uuid:product_id>/approve")
@permit(P.STAFF_PRODUCT_APPROVE)
def approve(product_id: uuid.UUID) -> Response:
    """Put it on the shelf and tell the seller."""
    product = queries.product_for_staff(session(), product_id) or abort(404)
    try:
        approving.approve_product(session(), product_id, current_actor().person)
    except approving.SellerNotApproved:
        flash(
            gettext("Setujui dulu %(seller)s, baru barangnya.", seller=product.seller.name), "wait"
        )
    except IllegalMove:
        abort(409)
    else:
        flash(gettext("%(name)s tampil di toko. Penjualnya diberi tahu.", name=product.name))
    return redirect(url_for(".products"), 303)


@bp.post("/<uuid:product_id>/decline")
@permit(P.STAFF_PRODUCT_APPROVE)
def decline(product_id: uuid.UUID) -> Response | tuple[str, int]:
    """Send it back to the seller with the reason."""
    product = queries.product_for_staff(session(), product_id) or abort(404)
    form = DeclineForm()
    if not form.validate():
        return _page({product_id: form.beside(product_id)}), 422
    try:
        approving.decline_product(
            session(), product_id, current_actor().person, form.reason.data or ""
        )
    except IllegalMove:
        abort(409)
    flash(gettext("%(name)s dikembalikan. Penjualnya membaca alasan Anda.", name=product.name))
    return redirect(url_for(".products"), 303)


def _page(forms: Mapping[uuid.UUID, DeclineForm] | None = None) -> str:
    """The queue and the list; `forms` are those that were refused."""
    state, words = known_state(request.args.get("state")), request.args.get("q", "").strip()[:60]
    waiting = [
        (
            product,
            [picture_view(photo.picture, photo.alt) for photo in product.photos],
            advice_for(product),
            (forms or {}).get(product.id) or DeclineForm.blank(product.id),
        )
        for product in queries.waiting(session())
    ]
    return render_template(
        "catalog/staff/products.html",
        waiting=waiting,
        page=queries.all_products(session(), words, state, page_number(request.args.get("page"))),
        tabs=state_chips(".products", queries.counts_by_state(session()), state, words),
        names=STATE_NAMES,
        state=state,
        words=words,
    )
