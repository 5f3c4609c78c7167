"""How a seller's goods reach buyers, in her studio."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.core.i18n import chosen
from shop.sellers import deliver
from shop.sellers.forms_delivery import DeliveryForm, delivery_form, fill_in
from shop.sellers.points import open_points
from shop.sellers.queries import own_seller

bp = Blueprint("delivery_studio", __name__, url_prefix="/sell/more/delivery")
Page = str | tuple[str, int]


@bp.get("")
@permit(P.SELL_SELLER_EDIT)
def delivery() -> Page:
    """Zones and fees, pick-up points, by arrangement."""
    return _page(_form(formdata=None))


@bp.post("")
@permit(P.SELL_SELLER_EDIT)
def save() -> Page | Response:
    """Change them, or fill in the fees that the programme proposes."""
    form, actor = _form(), current_actor()
    if "propose" in request.form:
        fill_in(form, deliver.proposals(session()))
        return _page(form)
    if not form.validate():
        return _page(form, 422)
    deliver.deliver(
        session(), actor.seller, actor.person, terms=form.terms(),
        arranges=bool(form.arranges.data),
        point_ids=form.point_ids(),
    )  # fmt: skip
    flash(gettext("Tersimpan."))
    return redirect(url_for("sellers_studio.more"), 303)


def _form(**kwargs: object) -> DeliveryForm:
    seller = own_seller(session(), current_actor())
    return delivery_form(seller, open_points(session()), deliver.proposals(session()), **kwargs)


def _page(form: DeliveryForm, status: int = 200) -> Page:
    points = open_points(session())
    notes = {point.id.hex: f"{chosen(point, 'hours')}. {point.address}" for point in points}
    page = render_template("sellers/studio/delivery.html", form=form, points=points, notes=notes)
    return page, status
