"""The cart's notes to sellers, and its link for another phone."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.orders import basket, share, words, words_link
from shop.orders.cart_typed import keep_typed
from shop.orders.share import Shared
from shop.orders.visitor import cart_token

bp = Blueprint("carts", __name__)

Page = Response | tuple[str, int]


@bp.post("/cart/notes")
@permit(Permission.BUY_SHOP_USE)
def notes() -> Page:
    """Keep what was typed; on to the checkout where that was pressed."""
    if again := keep_typed():
        return again
    onward = "orders.checkout" if "checkout" in request.form else "orders.cart"
    return redirect(url_for(onward), 303)


@bp.post("/cart/share")
@permit(Permission.BUY_SHOP_USE)
def make_link() -> Page:
    """Make the cart's link."""
    if again := keep_typed():
        return again
    if share.share(session(), cart_token()) is None:
        return redirect(url_for("orders.cart"), 303)
    return redirect(url_for(".link"), 303)


@bp.get("/cart/share")
@permit(Permission.BUY_SHOP_USE)
def link() -> Response:
    """The link, to be sent or copied."""
    word = share.word_of(session(), cart_token())
    if word is None:
        return redirect(url_for("orders.cart"), 303)
    address = url_for(".shared_cart", word=word, _external=True)
    page = render_template(
        "orders/share.html", address=address, whatsapp=words_link.of_cart(address)
    )
    return make_response(page)


@bp.get("/cart/<word>")
@permit(Permission.BUY_SHOP_USE)
def shared_cart(word: str) -> Response:
    """What a shared cart holds, for whoever has its link."""
    found = _shared(word)
    page = render_template(
        "orders/shared_cart.html",
        basket=basket.look(session(), found.lines),
        own=found.is_of(cart_token()),
        word=word,
        words=words,
    )
    return _hidden(make_response(page))


@bp.post("/cart/<word>")
@permit(Permission.BUY_SHOP_USE)
def take(word: str) -> Response:
    """Have the same things in one's own cart."""
    taken = share.take(session(), _shared(word), cart_token(make=True))
    if taken.things:
        flash(
            ngettext(
                "%(num)d jenis masuk keranjang.", "%(num)d jenis masuk keranjang.", taken.things
            )
        )
    if taken.left_out:
        flash(
            ngettext(
                "%(num)d jenis tidak ikut: sedang habis atau tidak dijual lagi.",
                "%(num)d jenis tidak ikut: sedang habis atau tidak dijual lagi.",
                taken.left_out,
            ),
            "wait",
        )
    return redirect(url_for("orders.cart"), 303)


def _shared(word: str) -> Shared:
    found = share.shared(session(), word)
    if found is None:
        abort(404)
    return found


def _hidden(page: Response) -> Response:
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
