"""Whose cart a request is about."""

from __future__ import annotations

from flask import session as cookie

from shop.accounts.access import current_actor
from shop.core import ids
from shop.orders import cart
from shop.orders.queries import CART_COOKIE


def cart_token(*, make: bool = False) -> str:
    """The token of the visitor's cart: a person's own on every device, else this browser's.

    Empty for a browser that has none yet, unless it is to `make` one.
    """
    person_id = current_actor().person_id
    if person_id is not None:
        return cart.of_person(person_id)
    if make:
        cookie.permanent = True
        cookie.setdefault(CART_COOKIE, ids.new_token())
    return cookie.get(CART_COOKIE) or ""
