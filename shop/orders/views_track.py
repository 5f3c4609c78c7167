"""An order's own page, for whoever holds its secret link."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flask import (
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.accounts.queries import buyer_has_news
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.core.models import ShopSettings
from shop.core.settings import load_settings
from shop.orders import cancel, complete, queries, story, words
from shop.orders.complete import CashNotReceived
from shop.orders.deadlines import deadlines
from shop.orders.history import history
from shop.orders.models import SellerOrder
from shop.orders.pay_steps import pay_steps
from shop.orders.queries import OrderView
from shop.orders.states import SellerOrderState
from shop.orders.views import bp
from shop.payments import queries_stray, settle, switch
from shop.payments.age import age
from shop.payments.ask_back import end_codes
from shop.payments.models import Payment
from shop.payments.providers.acquirer import GatewayUnreachable
from shop.payments.providers.stripe import Card
from shop.payments.queries import looked_for_in_vain
from shop.payments.queries_gateway import shown_code
from shop.payments.queries_ways import closed
from shop.payments.scan import scan_of
from shop.payments.start import NoFreeCode
from shop.payments.states import Method, PaymentState
from shop.payments.words_stray import told


@bp.get("/o/<token>")
@permit(Permission.BUY_SHOP_USE)
def track(token: str) -> str:
    """How far it has come, how to pay, whom to ask."""
    view, settings = _order(token), load_settings(session())
    payment = _to_pay(view)
    return render_template(
        "orders/track.html",
        view=view,
        order=view.order,
        story=story,
        words=words,
        payment=payment,
        steps=pay_steps(session(), view, settings),
        strays=queries_stray.of_order(session(), view.order.id),
        told=told,
        other_ways=_other_ways(payment, settings),
        code=shown_code(session(), payment),
        age=age,
        in_vain=payment is not None and looked_for_in_vain(session(), payment),
        settings=settings,
        scan=scan_of(session(), settings, payment),
        by_card=Card().offered(settings, current_app.extensions["config"]),
        can_cancel=_can_cancel(view),
        deadlines=deadlines(view, settings),
        history=history(view),
        has_news=buyer_has_news(session(), view.order.id),
    )


@bp.post("/o/<token>/claim")
@permit(Permission.BUY_SHOP_USE)
def claim(token: str) -> Response:
    """The buyer says that she has sent the money: of one payment, or all that is left."""
    view, which = _order(token), request.form.get("payment", "")
    for payment in view.payments:
        if payment.state == PaymentState.PENDING and which in ("", str(payment.id)):
            _try(partial(settle.claim, session(), payment.id))
    return _back(token)


@bp.post("/o/<token>/method")
@permit(Permission.BUY_SHOP_USE)
def pay_otherwise(token: str) -> Response:
    """Her card or code does not work: she pays by transfer or QRIS."""
    payment, method = _to_pay(_order(token)), request.form.get("method", "")
    if payment is None or method not in _other_ways(payment, load_settings(session())):
        if payment is None or method != payment.method:
            _say_changed()
        return _back(token)
    payment_id = payment.id
    if payment.method == Method.GATEWAY:
        with suppress(GatewayUnreachable):  # what comes by the old code all the same goes back
            end_codes(session(), current_app.extensions["config"], payment_id)
    try:
        _try(lambda: switch.switch(session(), payment_id, Method(method)))
    except NoFreeCode:
        flash(
            gettext("Belum bisa: terlalu banyak yang membayar jumlah ini. Coba lagi nanti."), "wait"
        )
    return _back(token)


@bp.get("/o/<token>/cancel")
@permit(Permission.BUY_SHOP_USE)
def cancel_page(token: str) -> Response | str:
    """Ask once more."""
    view = _order(token)
    if not _can_cancel(view):
        return _back(token)
    return _ask(view)


@bp.post("/o/<token>/cancel")
@permit(Permission.BUY_SHOP_USE)
def cancel_order(token: str) -> Response:
    """The buyer does not want it any more."""
    order_id = _order(token).order.id
    if _try(lambda: cancel.cancel(session(), order_id, actor="buyer", person_id=None)):
        flash(gettext("Pesanan dibatalkan."))
    return _back(token)


@bp.get("/o/<token>/<uuid:part_id>/cancel")
@permit(Permission.BUY_SHOP_USE)
def cancel_part_page(token: str, part_id: uuid.UUID) -> Response | str:
    """Ask once more, about one seller's part."""
    part = _part(token, part_id)
    return _ask(_order(token), part) if part.state == SellerOrderState.WAITING else _back(token)


@bp.post("/o/<token>/<uuid:part_id>/cancel")
@permit(Permission.BUY_SHOP_USE)
def cancel_part(token: str, part_id: uuid.UUID) -> Response:
    """The buyer does not want one seller's part any more."""
    _part(token, part_id)
    if _try(lambda: cancel.cancel_part(session(), part_id, actor="buyer", person_id=None)):
        flash(gettext("Bagian ini dibatalkan."))
    return _back(token)


@bp.post("/o/<token>/<uuid:part_id>/received")
@permit(Permission.BUY_SHOP_USE)
def received(token: str, part_id: uuid.UUID) -> Response:
    """The buyer has it."""
    _part(token, part_id)
    try:
        _try(lambda: complete.complete(session(), part_id, actor="buyer"))
    except CashNotReceived:
        flash(gettext("Penjual belum mencatat uang tunainya. Minta penjual mencatatnya."), "wait")
    return _back(token)


_TO_PAY = (PaymentState.PENDING, PaymentState.CLAIMED)


def _order(token: str) -> OrderView:
    view = queries.order_by_token(session(), token)
    if view is None:
        abort(404)
    return view


def _part(token: str, part_id: uuid.UUID) -> SellerOrder:
    part = next((part for part in _order(token).parts if part.id == part_id), None)
    return part or abort(404)


def _ask(view: OrderView, part: SellerOrder | None = None) -> str:
    paid = any(payment.state == PaymentState.SETTLED for payment in view.payments)
    return render_template("orders/cancel.html", order=view.order, part=part, paid=paid)


def _to_pay(view: OrderView) -> Payment | None:
    """What the buyer still has to pay to the programme or, in cash, to a seller."""
    return next((payment for payment in view.payments if payment.state in _TO_PAY), None)


def _other_ways(payment: Payment | None, settings: ShopSettings) -> list[Method]:
    if payment is None:
        return []
    off = closed(session(), {part.seller_id for part in payment.parts})
    return switch.other_ways(payment, settings, current_app.extensions["config"], off=off)


def _can_cancel(view: OrderView) -> bool:
    return view.undoable and not story.claimed(view)


def _try(act: Callable[[], object]) -> bool:
    """Do it, or say that it cannot be done any more; nothing of it is kept then."""
    try:
        act()
    except IllegalMove:
        pause()
        _say_changed()
        return False
    return True


def _say_changed() -> None:
    flash(gettext("Itu tidak bisa lagi: pesanan sudah berubah. Lihat keadaannya di bawah."), "wait")


def _back(token: str) -> Response:
    return redirect(url_for(".track", token=token), 303)
