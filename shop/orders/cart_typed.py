"""What is typed into the cart's page. It is one form, so every button on it brings all of it."""

from __future__ import annotations

import uuid

import structlog
from flask import flash, request
from flask_babel import gettext

from shop.catalog.reserve import SoldOut
from shop.core.db import session
from shop.core.forms import tidy
from shop.orders import cart, cart_notes
from shop.orders.cart_page import cart_page
from shop.orders.forms import LONGEST_NOTE
from shop.orders.queries import cart_lines
from shop.orders.visitor import cart_token

log = structlog.get_logger()
_SHOWN = 40


def keep_typed(*, but: uuid.UUID | None = None) -> tuple[str, int] | None:
    """Keep the notes and the numbers that were typed; the page again where a note is too long.

    A number counts as typed where it is not the one that the page showed. The number of the
    variant `but` is left to the button that was pressed.
    """
    typed = _notes()
    long = [seller_id for seller_id, note in typed.items() if len(note) > LONGEST_NOTE]
    if long:
        fault = gettext("Terlalu panjang: paling banyak %(most)d huruf.", most=LONGEST_NOTE)
        return cart_page(typed=typed, faults=dict.fromkeys(long, fault)), 422
    token = cart_token()
    cart_notes.keep(session(), token, typed)
    for variant_id, _, _ in cart_lines(session(), token):
        number = request.form.get(_field(variant_id))
        shown = request.form.get(f"was-{variant_id.hex}")
        if variant_id != but and number is not None and number != shown:
            keep_number(variant_id)
    return None


def keep_number(variant_id: uuid.UUID, step: int = 0) -> None:
    """Have as many in the cart as was typed, and `step` more; say so where that cannot be."""
    text = request.form.get(_field(variant_id))
    typed = whole(text)
    if typed is None or typed + step < 0:
        refuse(text)
    elif token := cart_token():
        _set(token, variant_id, typed + step)


def refuse(text: str | None) -> None:
    """Say that this is no number of pieces: nothing is changed, and the log keeps it."""
    log.warning("cart refused", route=request.endpoint, quantity=(text or "")[:_SHOWN])
    most = cart.MOST_PIECES
    flash(gettext("Isi jumlah dengan angka dari 1 sampai %(most)d.", most=most), "fault")


def whole(text: str | None) -> int | None:
    """The number of pieces that `text` says, at most as many as a cart can hold."""
    digits = (text or "").strip()
    if not digits.isdecimal() or len(digits) > 4 or int(digits) > cart.MOST_PIECES:
        return None
    return int(digits)


def _set(token: str, variant_id: uuid.UUID, wanted: int) -> None:
    try:
        now = cart.set_quantity(session(), token, variant_id, wanted)
    except (cart.NotForSale, SoldOut):
        return  # the line itself says so
    if wanted and not now:
        flash(gettext("Barang itu sudah tidak ada di keranjang."), "wait")
    elif now < wanted:
        flash(gettext("Hanya %(n)d yang bisa dipesan sekarang.", n=now), "wait")


def _field(variant_id: uuid.UUID) -> str:
    return f"n-{variant_id.hex}"


def _notes() -> dict[uuid.UUID, str]:
    """What was typed, by seller; fields that are none of ours are passed over."""
    found = {}
    for name, text in request.form.items():
        try:
            seller_id = uuid.UUID(name.removeprefix("note-"))
        except ValueError:
            continue
        found[seller_id] = tidy(text)
    return found
