"""The staff's pages about sellers: the list, one seller, and letting them in or not."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.core.forms import tidy
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.core.regions import all_kelurahan, all_zones
from shop.sellers import approve as approving
from shop.sellers import queries_staff as queries
from shop.sellers.forms import KIND_NAMES, ROLE_NAMES, MemberForm, ReasonForm, StaffApplicationForm
from shop.sellers.models import Seller
from shop.sellers.queries import certificates_of_sellers
from shop.sellers.register import register_for
from shop.sellers.states import SELLER, SellerState

bp = Blueprint("sellers_staff", __name__, url_prefix="/staff/sellers")

Page = str | tuple[str, int]

STATE_NAMES = {
    SellerState.APPLIED: _l("Menunggu"),
    SellerState.APPROVED: _l("Disetujui"),
    SellerState.DECLINED: _l("Ditolak"),
    SellerState.SUSPENDED: _l("Ditutup sementara"),
}


@bp.get("")
@permit(P.STAFF_SELLER_VIEW)
def sellers() -> Page:
    """All sellers, by state and by words."""
    state = request.args.get("state")
    state = state if state in list(SellerState) else None
    words = tidy(request.args.get("q"))[:80]
    number = page_number(request.args.get("page"))
    return render_template(
        "sellers/staff/sellers.html",
        page=queries.seller_lines(session(), number, state=state, words=words),
        counts=queries.counts_by_state(session()),
        state=state,
        words=words,
        state_names=STATE_NAMES,
        kinds=KIND_NAMES,
        kelurahan=all_kelurahan(),
    )


@bp.get("/new")
@permit(P.STAFF_SELLER_APPROVE)
def new() -> Page:
    """Open a stall for somebody, say at the training."""
    return render_template("sellers/staff/new.html", form=StaffApplicationForm(formdata=None))


@bp.post("/new")
@permit(P.STAFF_SELLER_APPROVE)
def create() -> Page:
    """Open it; a password made for a new account is shown in this answer and never again."""
    form = StaffApplicationForm()
    if not form.validate():
        return render_template("sellers/staff/new.html", form=form), 422
    seller, account = register_for(session(), form.application(), current_actor().person)
    return render_template("sellers/staff/account.html", seller=seller, account=account), 201


@bp.get("/<uuid:seller_id>")
@permit(P.STAFF_SELLER_VIEW)
def seller(seller_id: uuid.UUID) -> Page:
    """One seller: what they say, who works there, what happened, what comes next."""
    return seller_page(found_or_404(seller_id))


@bp.post("/<uuid:seller_id>/approve")
@permit(P.STAFF_SELLER_APPROVE)
def approve(seller_id: uuid.UUID) -> Response:
    """Let their goods be shown."""
    return _move(seller_id, approving.approve)


@bp.post("/<uuid:seller_id>/decline")
@permit(P.STAFF_SELLER_APPROVE)
def decline(seller_id: uuid.UUID) -> Page | Response:
    """Send the application back with the reason."""
    return _move_with_reason(seller_id, approving.decline)


@bp.post("/<uuid:seller_id>/suspend")
@permit(P.STAFF_SELLER_APPROVE)
def suspend(seller_id: uuid.UUID) -> Page | Response:
    """Take their goods off the shelves for now."""
    return _move_with_reason(seller_id, approving.suspend)


def found_or_404(seller_id: uuid.UUID) -> Seller:
    """The seller of the address."""
    return queries.seller_of(session(), seller_id) or abort(404)


def seller_page(
    found: Seller,
    *,
    reason: ReasonForm | None = None,
    member: MemberForm | None = None,
    fault: str = "",
    status: int = 200,
) -> Page:
    """The page of one seller, with a form as it was typed."""
    page = render_template(
        "sellers/staff/seller.html",
        seller=found,
        members=queries.member_lines(session(), found.id),
        events=queries.events_of(session(), found.id),
        skills=certificates_of_sellers(session(), [found.id]).get(found.id, []),
        moves=SELLER.targets(SellerState(found.state), "staff"),
        reason_form=reason or ReasonForm(formdata=None),
        member_form=member or MemberForm(formdata=None),
        fault=fault,
        state_names=STATE_NAMES,
        kinds=KIND_NAMES,
        roles=ROLE_NAMES,
        kelurahan=all_kelurahan(),
        zone_names=all_zones(),
    )
    return page, status


def _move(seller_id: uuid.UUID, verb: Callable[..., None], *reason: Any) -> Response:
    found = found_or_404(seller_id)
    try:
        verb(session(), seller_id, current_actor().person, *reason)
    except IllegalMove:
        abort(409)
    state = STATE_NAMES[SellerState(found.state)]
    flash(gettext("%(name)s: %(state)s.", name=found.name, state=str(state).lower()))
    return redirect(url_for(".seller", seller_id=seller_id), 303)


def _move_with_reason(seller_id: uuid.UUID, verb: Callable[..., None]) -> Page | Response:
    form = ReasonForm()
    if not form.validate():
        return seller_page(found_or_404(seller_id), reason=form, status=422)
    return _move(seller_id, verb, form.reason.data)
