"""The key of a checkout form: forms of one cart share it, and only its visitor can use it."""

from __future__ import annotations

from flask import current_app
from itsdangerous import Signer
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import ids
from shop.orders.models import Order, OrderLine, SellerOrder
from shop.orders.models_cart import Cart
from shop.orders.place_order import PlaceOrder
from shop.orders.queries import cart_lines

_OF_A_CART = "%Y%m%d%H%M%S%f"


def of_cart(session: Session, cart_token: str) -> str:
    """The key of every form opened on this cart as it lies now: two tabs make one order."""
    changed = session.scalar(
        select(Cart.updated_at).where(Cart.token_hash == ids.token_hash(cart_token))
    )
    return _signed(changed.strftime(_OF_A_CART), cart_token) if changed else once_more(cart_token)


def once_more(cart_token: str) -> str:
    """The key of a form whose visitor was told that she has ordered this: a second order."""
    return _signed(ids.new_token(), cart_token)


def is_ours(key: str, cart_token: str) -> bool:
    """Whether the shop made this key, for the holder of this cart."""
    return _signer(cart_token).validate(key)


def ordered_meanwhile(
    session: Session, wanted: PlaceOrder, *, cart_token: str, last_token: str | None
) -> Order | None:
    """The visitor's last order (`last_token`), if it took from the cart what is wanted here.

    None for another press of the form that made it, and for a second order that was asked for.
    """
    order = session.scalars(select(Order).where(Order.token == last_token)).first()
    if order is None or order.key == wanted.key or not wanted.key.partition(".")[0].isdecimal():
        return None
    lying = {variant_id for variant_id, _, _ in cart_lines(session, cart_token)}
    taken = session.scalars(
        select(OrderLine.variant_id).join(SellerOrder).where(SellerOrder.order_id == order.id)
    )
    here = {variant_id for part in wanted.parts for variant_id, _, _ in part.lines}
    return order if (here - lying) & set(taken) else None


def _signed(text: str, cart_token: str) -> str:
    return _signer(cart_token).sign(text).decode()


def _signer(cart_token: str) -> Signer:
    return Signer(current_app.secret_key or "", salt=f"checkout:{cart_token}")
