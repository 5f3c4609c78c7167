"""The cart, and finding an order again, as buyers see them."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.catalog.reserve import SoldOut
from shop.core import ids
from shop.core.db import session
from shop.core.http import keep_writes, without_token
from shop.orders import basket, cart, find, queries, words
from shop.orders.forms import FindForm

bp = Blueprint("orders", __name__)
_MOST = 1000


@bp.get("/cart", endpoint="cart")
@permit(Permission.BUY_SHOP_USE)
def cart_page() -> str:
    """What lies in the cart."""
    lines = queries.cart_lines(session(), cookie.get(queries.CART_COOKIE))
    return render_template("orders/cart.html", basket=basket.look(session(), lines), words=words)


@bp.post("/cart/add")
@without_token
@permit(Permission.BUY_SHOP_USE)
def cart_add() -> Response:
    """Put something in."""
    quantity, variant_id = _quantity(), _id(request.form.get("variant_id"))
    if quantity is None or quantity < 1 or variant_id is None:
        flash(gettext("Isi jumlah dengan angka dari 1 sampai %(most)d.", most=_MOST), "fault")
        return redirect(url_for(".cart"), 303)
    cookie.permanent = True
    token = cookie.setdefault(queries.CART_COOKIE, ids.new_token())
    try:
        now = cart.add(session(), token, variant_id, quantity, person_id=current_actor().person_id)
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
    token = cookie.get(queries.CART_COOKIE)
    if quantity is None or quantity + step < 0:
        flash(gettext("Isi jumlah dengan angka dari 1 sampai %(most)d.", most=_MOST), "fault")
    elif token:
        _set(token, variant_id, quantity + step)
    return redirect(url_for(".cart"), 303)


@bp.post("/cart/<uuid:variant_id>/remove")
@permit(Permission.BUY_SHOP_USE)
def cart_remove(variant_id: uuid.UUID) -> Response:
    """Take something out."""
    if token := cookie.get(queries.CART_COOKIE):
        cart.remove(session(), token, [variant_id])
    return redirect(url_for(".cart"), 303)


@bp.get("/lacak", endpoint="find")
@permit(Permission.BUY_SHOP_USE)
def find_page() -> str:
    """Find an order by its number and phone."""
    return render_template("orders/find.html", form=FindForm())


@bp.post("/lacak")
@permit(Permission.BUY_SHOP_USE)
def find_order() -> Response | tuple[str, int]:
    """On to the order, if number and phone fit each other."""
    form = FindForm()
    if form.validate():
        keep_writes()
        try:
            token = find.find(
                session(), form.number.data, form.phone.e164, address=request.remote_addr or ""
            )
        except find.NotFound:
            form.number.errors = [gettext("Nomor pesanan dan nomor HP ini tidak cocok.")]
        except find.TooManyTries:
            form.number.errors = [gettext("Terlalu banyak percobaan. Coba lagi 15 menit lagi.")]
        else:
            return redirect(url_for(".track", token=token), 303)
    return render_template("orders/find.html", form=form), 422


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


def _quantity() -> int | None:
    text = request.form.get("quantity", "").strip()
    return int(text) if text.isdecimal() and len(text) < 5 and int(text) <= _MOST else None


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
