"""The studio's page about the smallest order."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.sellers.forms_minimum import MinimumForm
from shop.sellers.minimum import set_minimum
from shop.sellers.queries import own_seller

bp = Blueprint("minimum_studio", __name__, url_prefix="/sell/more")


@bp.get("/minimum")
@permit(P.SELL_SELLER_EDIT)
def minimum() -> str:
    """The least the seller takes an order for."""
    seller = own_seller(session(), current_actor())
    form = MinimumForm(formdata=None, minimum_order=seller.minimum_order or None)
    return render_template("sellers/studio/minimum.html", form=form)


@bp.post("/minimum")
@permit(P.SELL_SELLER_EDIT)
def save_minimum() -> Response | tuple[str, int]:
    """Change it; orders that are in already stay."""
    form, actor = MinimumForm(), current_actor()
    if not form.validate():
        return render_template("sellers/studio/minimum.html", form=form), 422
    set_minimum(session(), actor.seller, form.minimum_order.data or 0, actor.person)
    flash(gettext("Tersimpan."))
    return redirect(url_for("sellers_studio.more"), 303)
