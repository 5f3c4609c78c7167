"""The page of the visitor's cart."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import render_template

from shop.core.db import session
from shop.orders import basket, cart_notes, queries, words
from shop.orders.promotion_word import off_basket
from shop.orders.visitor import cart_token


def cart_page(
    *, typed: Mapping[uuid.UUID, str] | None = None, faults: Mapping[uuid.UUID, str] | None = None
) -> str:
    """What lies in it, with its notes, or with those just `typed` and what is wrong with them."""
    token = cart_token()
    found = basket.look(session(), queries.cart_lines(session(), token))
    return render_template(
        "orders/cart.html",
        basket=found,
        off=off_basket(session(), found.orderable, {}),
        notes={**cart_notes.notes(session(), token), **(typed or {})},
        faults=faults or {},
        words=words,
    )
