"""The studio's pages about today and about orders."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.core.paging import page_number
from shop.core.settings import load_settings
from shop.ledger.queries import monthly_earnings
from shop.orders import (
    accept,
    decline,
    hand_over,
    mark_seen,
    ready,
    words,
    words_studio,
    words_whatsapp,
)
from shop.orders import queries_studio as queries
from shop.orders.chosen_lines import NothingChosen, TooManyPieces
from shop.orders.decline_lines import decline_lines
from shop.orders.forms import CashForm
from shop.orders.forms_undo import DeclineForm
from shop.orders.queries_arrange import fees_to_name
from shop.orders.queries_counts import counts
from shop.orders.queries_studio import PartView
from shop.orders.states import BEFORE_READY, SellerOrderState
from shop.orders.undo import taken_off_before
from shop.orders.worth import worth
from shop.payments.settle import AlreadySettled
from shop.sellers.keep_holders import takers

bp = Blueprint("orders_studio", __name__, url_prefix="/sell")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(Permission.SELL_TODAY_VIEW)
def today() -> str:
    """What to do today, and what this month has brought."""
    seller_id = current_actor().seller
    return render_template(
        "orders/studio/today.html",
        today=queries.today(session(), seller_id),
        months=monthly_earnings(session(), seller_id, months=2),
        fees=fees_to_name(session(), seller_id),
        words=words,
        say=words_studio,
    )


@bp.get("/orders")
@permit(Permission.SELL_ORDER_HANDLE)
def orders() -> str:
    """All orders, by how far they have come."""
    seller_id = current_actor().seller
    group = request.args.get("state", "new")
    if group not in queries.GROUPS:
        abort(404)
    number = page_number(request.args.get("page"))
    return render_template(
        "orders/studio/orders.html",
        page=queries.work_of(session(), seller_id, group, number),
        fees=fees_to_name(session(), seller_id) if group == "new" else (),
        group=group,
        chips=words_studio.chips(counts(session(), seller_id), group),
        words=words,
        say=words_studio,
    )


@bp.get("/orders/<uuid:part_id>")
@permit(Permission.SELL_ORDER_HANDLE)
def order(part_id: uuid.UUID) -> str:
    """One order with everything about it."""
    view = own(part_id)
    return render_template(
        "orders/studio/order.html",
        view=view,
        held=worth(session(), view.part),
        until=view.ends_at(load_settings(session())),
        carriers=takers(session(), view.part.point_id) if view.work.owes_cash else (),
        words=words,
        say=words_studio,
        messages=words_whatsapp.messages,
    )


@bp.post("/orders/<uuid:part_id>/seen")
@permit(Permission.SELL_ORDER_HANDLE)
def seen(part_id: uuid.UUID) -> tuple[str, int]:
    """Its page was opened."""
    mark_seen.mark_seen(session(), own(part_id).part.id)
    return "", 204


@bp.post("/orders/<uuid:part_id>/accept")
@permit(Permission.SELL_ORDER_HANDLE)
def accept_order(part_id: uuid.UUID) -> Response:
    """Take it on."""
    return step(part_id, accept.accept, gettext("Pesanan diterima."))


@bp.post("/orders/<uuid:part_id>/ready")
@permit(Permission.SELL_ORDER_HANDLE)
def ready_order(part_id: uuid.UUID) -> Response:
    """It is made."""
    return step(part_id, ready.ready, gettext("Pesanan siap diserahkan."))


@bp.post("/orders/<uuid:part_id>/hand-over")
@permit(Permission.SELL_ORDER_HANDLE)
def hand_over_order(part_id: uuid.UUID) -> Response:
    """It has left the house."""
    return step(part_id, hand_over.hand_over, gettext("Pesanan sudah diserahkan."))


@bp.get("/orders/<uuid:part_id>/decline")
@permit(Permission.SELL_ORDER_HANDLE)
def decline_page(part_id: uuid.UUID) -> Page:
    """Why it cannot be made."""
    view = own(part_id)
    if view.part.state not in BEFORE_READY:
        return too_late(part_id)
    return _decline_page(view, DeclineForm.about(worth(session(), view.part)))


@bp.post("/orders/<uuid:part_id>/decline")
@permit(Permission.SELL_ORDER_HANDLE)
def decline_order(part_id: uuid.UUID) -> Page:
    """Say no."""
    view = own(part_id)
    form = DeclineForm.about(worth(session(), view.part))
    if form.foreign(request.form):
        abort(400)
    if taken_off_before(session(), part_id, form.key.data or ""):
        return redirect(url_for(".order", part_id=part_id), 303)
    if not form.validate():
        return _decline_page(view, form), 422
    if form.all:
        act = partial(decline.decline, reason=form.reason.data)
        return step(part_id, act, gettext("Pesanan ditolak. Pembeli membaca alasannya."))

    def some(session: Session, mine: uuid.UUID, person_id: uuid.UUID) -> None:
        decline_lines(
            session, mine, form.pieces, person_id=person_id, reason=form.reason.data,
            key=form.key.data,
        )  # fmt: skip

    try:
        return step(part_id, some, gettext("Dicatat. Pembeli membaca alasannya."))
    except (NothingChosen, TooManyPieces) as fault:
        pause()
        form.blame(fault)
        return _decline_page(own(part_id), form), 422


def _decline_page(view: PartView, form: DeclineForm) -> str:
    return render_template("orders/studio/decline.html", view=view, form=form, words=words)


@bp.get("/orders/<uuid:part_id>/cash")
@permit(Permission.SELL_ORDER_HANDLE)
def cash_page(part_id: uuid.UUID) -> Page:
    """How much cash there must be."""
    view = own(part_id)
    waits = view.work.owes_cash or view.work.carrier
    if not (waits and view.part.state in _TAKES_CASH):
        return too_late(part_id)
    form = CashForm(amount=view.part.asked)
    return render_template("orders/studio/cash.html", view=view, form=form, words=words)


@bp.post("/orders/<uuid:part_id>/cash")
@permit(Permission.SELL_ORDER_HANDLE)
def cash(part_id: uuid.UUID) -> Page:
    """The cash is in her hand, and what it was for is with the buyer."""
    view, form = own(part_id), CashForm()
    form.total = view.part.asked
    if not form.validate():
        page = render_template("orders/studio/cash.html", view=view, form=form, words=words)
        return page, 422
    if view.part.state in _HANDED_OVER:
        return step(part_id, hand_over.receive_cash, gettext("Uang tunai dicatat."))
    act = partial(hand_over.hand_over, cash_received=True)
    return step(part_id, act, gettext("Pesanan diserahkan, uang tunai dicatat."))


_HANDED_OVER = (SellerOrderState.HANDED_OVER, SellerOrderState.DISPUTED)
_TAKES_CASH = (SellerOrderState.READY, *_HANDED_OVER)


def own(part_id: uuid.UUID) -> PartView:
    """One's own part; 404 for any other."""
    view = queries.part_of(session(), current_actor().seller, part_id)
    if view is None:
        abort(404)
    return view


def step(part_id: uuid.UUID, act: Callable[..., None], said: str) -> Response:
    """Take a step of one's own order and go back to where it was pressed."""
    part = own(part_id).part.id
    try:
        act(session(), part, current_actor().person)
        mark_seen.mark_seen(session(), part)
    except (IllegalMove, AlreadySettled):
        return too_late(part_id)
    flash(said)
    return redirect(_back(part_id), 303)


def too_late(part_id: uuid.UUID) -> Response:
    """Say that this cannot be done any more, on the order's page."""
    pause()
    flash(gettext("Itu sudah dilakukan, atau pesanannya sudah berubah."), "wait")
    return redirect(url_for(".order", part_id=part_id), 303)


def _back(part_id: uuid.UUID) -> str:
    if request.form.get("from") == "today":
        return url_for(".today")
    return url_for(".order", part_id=part_id)
