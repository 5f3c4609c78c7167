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
from shop.orders import cart, cart_page, find
from shop.orders.forms import FindForm
from shop.orders.visitor import cart_token

bp = Blueprint("orders", __name__)
log = structlog.get_logger()
_SHOWN = 40


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
    quantity, variant_id = _quantity(), _id(request.form.get("variant_id"))
    if quantity is None or quantity < 1 or variant_id is None:
        return _refused()
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
def cart_set(variant_id: uuid.UUID) -> Response:
    """Have more or fewer of something."""
    quantity, step = _quantity(), {"1": 1, "-1": -1}.get(request.form.get("step", ""), 0)
    if quantity is None or quantity + step < 0:
        return _refused()
    if token := cart_token():
        _set(token, variant_id, quantity + step)
    return redirect(url_for(".cart"), 303)


@bp.post("/cart/<uuid:variant_id>/remove")
@permit(Permission.BUY_SHOP_USE)
def cart_remove(variant_id: uuid.UUID) -> Response:
    """Take something out."""
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


def _set(token: str, variant_id: uuid.UUID, wanted: int) -> None:
    try:
        now = cart.set_quantity(session(), token, variant_id, wanted)
    except (cart.NotForSale, SoldOut):
        return  # the line itself says so
    if now < wanted:
        flash(gettext("Hanya %(n)d yang bisa dipesan sekarang.", n=now), "wait")


def _say_added(now: int, wanted: int) -> None:
    if now < wanted:
        flash(gettext("Hanya %(n)d yang bisa dipesan sekarang.", n=now), "wait")
    else:
        flash(ngettext("%(num)d masuk keranjang.", "%(num)d masuk keranjang.", wanted))


def _refused() -> Response:
    """No form of ours sends this: nothing is changed, and the log keeps it."""
    typed = request.form.get("quantity", "")[:_SHOWN]
    log.warning("cart refused", route=request.endpoint, quantity=typed)
    most = cart.MOST_PIECES
    flash(gettext("Isi jumlah dengan angka dari 1 sampai %(most)d.", most=most), "fault")
    return redirect(url_for(".cart"), 303)


def _quantity() -> int | None:
    text = request.form.get("quantity", "").strip()
    whole = text.isdecimal() and len(text) < 5
    return int(text) if whole and int(text) <= cart.MOST_PIECES else None


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
