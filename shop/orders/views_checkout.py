"""The checkout, one page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from flask import abort, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import pause, session
from shop.core.i18n import language
from shop.core.settings import load_settings
from shop.orders import cart, cart_notes, checkout, form_key, queries, till, words
from shop.orders.forms import CheckoutForm
from shop.orders.models import Order
from shop.orders.till_money import AtTill, TillMoney, till_money
from shop.orders.views import bp
from shop.orders.visitor import cart_token
from shop.payments import make_code
from shop.payments.queries_ways import closed
from shop.payments.start import NoFreeCode
from shop.payments.states import Method
from shop.payments.ways import offered
from shop.sellers.models import Seller

Page = str | Response | tuple[str, int]
_LAST = "order"
_KELURAHAN = "kelurahan"
_ORDER = (Method.GATEWAY, Method.TRANSFER, Method.QRIS, Method.CARD, Method.CASH)


@bp.get("/checkout", endpoint="checkout")
@permit(Permission.BUY_SHOP_USE)
def checkout_page() -> Page:
    """Who, where to, how to pay. With an empty cart: the order just placed, or the cart."""
    lines = queries.cart_lines(session(), cart_token())
    key = form_key.of_cart(session(), cart_token())
    form = CheckoutForm(key=key, kelurahan=cookie.get(_KELURAHAN, ""))
    found = till.first_look(session(), form, lines, cart_notes.notes(session(), cart_token()))
    if not found.parts and _LAST in cookie:
        return redirect(url_for(".track", token=cookie[_LAST]), 303)
    if not found.parts:
        return redirect(url_for(".cart"), 303)
    _offer_ways(found)
    if form.method.choices:
        form.method.data = form.method.choices[0][0]
    return _page(found)


@bp.post("/checkout")
@permit(Permission.BUY_SHOP_USE)
def place() -> Page:
    """Place the order, or say what is missing or has changed; everything typed is kept."""
    form = CheckoutForm()
    if not form_key.is_ours(form.key.data or "", cart_token()):
        abort(400)
    try:
        found = till.look_again(session(), form, request.form)
    except till.BadForm:
        abort(400)
    _offer_ways(found)
    if "refresh" in request.form or "gather" in request.form:
        cookie[_KELURAHAN] = form.kelurahan.data
        if request.form.get("refresh") == "fees" and not form.kelurahan.data:
            form.kelurahan.errors = [gettext("Pilih kelurahan tujuan antar.")]
            return _page(found), 422
        if form.word_fault:
            form.word.errors = [form.word_fault]
            return _page(found), 422
        return _page(found)
    if not form.validate():
        return _page(found), 422
    return _place(found)


def _place(found: till.Till) -> Page:
    person_id = current_actor().person_id
    wanted = till.wanted_in(found.form, request.form, language=language(), buyer_id=person_id)
    credit = _credit_seen(found.form)
    if found.form.credit.data and bool(credit) != (person_id is not None and _uses(found.form)):
        return _other_sum(found)
    wanted = replace(wanted, credit=credit)
    before = form_key.ordered_meanwhile(
        session(), wanted, cart_token=cart_token(), last_token=cookie.get(_LAST)
    )
    if before:
        return _ask_first(found, before)
    try:
        order = checkout.place(session(), wanted)
    except checkout.Changed as told:
        return _again(found.form, told.changes)
    except checkout.KeyReused as told:
        return _ask_first(found, told.order)
    except NoFreeCode:
        return _page(found, no_code=True), 409
    ordered = [line[0] for part in wanted.parts for line in part.lines]
    cart.remove(session(), cart_token(), ordered)
    token = cookie[_LAST] = order.token
    cookie[_KELURAHAN] = order.kelurahan_code or ""
    if order.method == Method.GATEWAY:
        make_code.make_first(session(), current_app.extensions["config"], order.id)
    return redirect(url_for(".track", token=token), 303)


def _ask_first(found: till.Till, placed: Order) -> Page:
    found.form.key.data = form_key.once_more(cart_token())
    return _page(found, placed=placed), 409


def _again(form: CheckoutForm, changes: Sequence[checkout.Change]) -> Page:
    pause()  # what the page shows now must be read anew
    found = till.look_again(session(), form, request.form)
    _offer_ways(found)
    return _page(replace(found, changes=tuple(changes))), 409


def _offer_ways(found: till.Till) -> None:
    off = closed(session(), found.sellers)
    can = offered(load_settings(session()), current_app.extensions["config"], found.total)
    found.form.method.choices = [
        (way.value, words.METHODS[way][0])
        for way in sorted(can, key=_ORDER.index)
        if way not in off
    ]
    found.form.missing = words.missing_ways(off, can, found.sellers)


def _credit_seen(form: CheckoutForm) -> int:
    """What the sum on the button was less because of her credit, in rupiah."""
    seen = form.credit.data or ""
    return int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else 0


def _uses(form: CheckoutForm) -> bool:
    """Whether credit is to be used, by the tick and the way to pay that stand in the form."""
    return form.method.data != Method.CASH and bool(form.use_credit.data)


def _other_sum(found: till.Till) -> Page:
    """The tick or the way to pay is another one than the sum on the button was reckoned with."""
    pay = _money(found)
    told = checkout.Change(checkout.ChangeKind.TOTAL, now=found.total - pay.used)
    return _page(replace(found, changes=(told,))), 409


def _money(found: till.Till) -> TillMoney:
    at_till = AtTill(
        costs=_costs(found),
        ways=[value for value, _ in found.form.method.choices or ()],
        method=found.form.method.data,
        later=found.arranged or not found.complete,
        wants_credit=bool(found.form.use_credit.data),
    )
    return till_money(session(), at_till, load_settings(session()), current_actor().person_id)


def _costs(found: till.Till) -> list[tuple[Seller, int]]:
    """What is paid for each seller's part, less what promotions take off."""
    goods, costs = iter(found.off.goods), []
    for part in found.parts:
        seller, lines = part.basket.seller, part.basket.lines
        less = [taken for _ in lines if (taken := next(goods, None))]
        brought = found.off.delivery.get(seller.id)
        less += [brought] if brought else []
        fee = (part.fee or 0) if part.delivered else 0
        costs.append((seller, part.basket.goods + fee - sum(taken.discount for taken in less)))
    return costs


def _page(found: till.Till, **more: object) -> str:
    """The form, or that nothing is left which it could be about."""
    page = "orders/checkout.html" if found.parts else "orders/checkout_gone.html"
    form = found.form
    form.use_credit.data = bool(form.use_credit.data) or not form.credit.data
    pay = _money(found)
    return render_template(page, till=found, form=form, pay=pay, words=words, **more)
