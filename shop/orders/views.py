"""The cart, and finding an order again, as buyers see them."""

from __future__ import annotations

import uuid

import structlog
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.catalog.reserve import SoldOut
from shop.core.db import session
from shop.core.http import keep_writes, without_token
from shop.orders import cart, cart_page, cart_typed, find
from shop.orders.forms import FindForm
from shop.orders.visitor import cart_token

bp = Blueprint("orders", __name__)
log = structlog.get_logger()
Page = Response | tuple[str, int]


@bp.get("/cart", endpoint="cart")
@permit(Permission.BUY_SHOP_USE)
def show_cart() -> str:
    """What lies in the cart."""
    return cart_page.cart_page()


@bp.post("/cart/add")
@without_token
@permit(Permission.BUY_SHOP_USE)
def cart_add() -> Response:
    """Put something in."""
    typed = request.form.get("quantity")
    quantity, variant_id = cart_typed.whole(typed), _id(request.form.get("variant_id"))
    if not quantity or variant_id is None:
        cart_typed.refuse(typed)
        return redirect(url_for(".cart"), 303)
    try:
        now = cart.add(session(), cart_token(make=True), variant_id, quantity)
    except cart.NotForSale:
        flash(gettext("Barang ini sudah tidak dijual."), "fault")
    except cart.CartFull:
        flash(gettext("Keranjang penuh. Pesan dulu, lalu lanjut belanja."), "fault")
    except SoldOut:
        flash(gettext("Barang ini sedang habis."), "fault")
    else:
        _say_added(now, quantity)
    return redirect(url_for(".cart"), 303)


@bp.post("/cart/<uuid:variant_id>")
@permit(Permission.BUY_SHOP_USE)
def cart_set(variant_id: uuid.UUID) -> Page:
    """Have more or fewer of something."""
    if again := cart_typed.keep_typed(but=variant_id):
        return again
    cart_typed.keep_number(variant_id, {"1": 1, "-1": -1}.get(request.form.get("step", ""), 0))
    return redirect(url_for(".cart"), 303)


@bp.post("/cart/<uuid:variant_id>/remove")
@permit(Permission.BUY_SHOP_USE)
def cart_remove(variant_id: uuid.UUID) -> Page:
    """Take something out."""
    if again := cart_typed.keep_typed(but=variant_id):
        return again
    if token := cart_token():
        cart.remove(session(), token, [variant_id])
    return redirect(url_for(".cart"), 303)


@bp.get("/lacak", endpoint="find")
@permit(Permission.BUY_SHOP_USE)
def find_page() -> str:
    """Find an order by its number and phone."""
    return render_template("orders/find.html", form=FindForm())


@bp.post("/lacak")
@permit(Permission.BUY_SHOP_USE)
def find_order() -> Response:
    """On to the order, if number and phone fit each other."""
    form, status = FindForm(), 422
    if form.validate():
        keep_writes()
        try:
            token = find.find(
                session(), form.number.data, form.phone.e164, address=request.remote_addr or ""
            )
        except find.NotFound:
            form.number.errors = [gettext("Nomor pesanan dan nomor HP ini tidak cocok.")]
        except find.TooManyTries:
            log.warning("order lookup refused", why="too many tries", address=request.remote_addr)
            form.number.errors = [gettext("Terlalu banyak percobaan. Coba lagi 15 menit lagi.")]
            status = 429
        else:
            return redirect(url_for(".track", token=token), 303)
    page = make_response(render_template("orders/find.html", form=form), status)
    if status == 429:
        page.headers["Retry-After"] = str(int(find.WINDOW.total_seconds()))
    return page


def _say_added(now: int, wanted: int) -> None:
    if now < wanted:
        flash(gettext("Hanya %(n)d yang bisa dipesan sekarang.", n=now), "wait")
    else:
        flash(ngettext("%(num)d masuk keranjang.", "%(num)d masuk keranjang.", wanted))


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
