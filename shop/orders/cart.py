"""What somebody means to buy. A cart belongs to whoever holds its token."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, contains_eager

from shop.catalog.models import Product, Variant
from shop.catalog.reserve import SoldOut
from shop.catalog.states import ProductState
from shop.core import clock, ids
from shop.ledger.insert_once import insert_once
from shop.orders import cart_notes
from shop.orders.models_cart import Cart, CartLine
from shop.sellers.models import Seller
from shop.sellers.states import SellerState

MOST_LINES = 60
"""More different things than anybody carries: above it somebody plays with the shop."""
MOST_PIECES = 1000
"""More of one thing than any order can have."""
_OWN = "person:"


class NotForSale(Exception):
    """There is no such thing on the shelf (any more)."""


class CartFull(Exception):
    """A cart holds at most `MOST_LINES` different things."""


def of_person(person_id: uuid.UUID) -> str:
    """The token of somebody's own cart, the same on each device where they are signed in.

    Nobody else can use it: no browser's cookie holds a token with a colon.
    """
    return f"{_OWN}{person_id.hex}"


def add(session: Session, token: str, variant_id: uuid.UUID, quantity: int) -> int:
    """Put `quantity` more into the cart; returns how many lie there now.

    Never more than can be had: the seller's cap for one order, and what is left. Raises
    `NotForSale`, `SoldOut`, `CartFull`, and `ValueError` for a quantity below 1.
    """
    if quantity < 1:
        raise ValueError(f"{quantity} pieces")
    variant = for_sale(session, variant_id)
    cart = held(session, token)
    line = session.get(CartLine, (cart.id, variant_id), populate_existing=True)
    if line is None and len(cart.lines) >= MOST_LINES:
        raise CartFull
    wanted = quantity + (line.quantity if line else 0)
    return _lay(session, cart, variant, line, wanted)


def set_quantity(session: Session, token: str, variant_id: uuid.UUID, quantity: int) -> int:
    """Have exactly `quantity` in the cart, nothing at 0; returns how many lie there now.

    The price of now counts as seen. Raises as `add` does; a line that is gone stays gone.
    """
    if quantity < 1:
        remove(session, token, [variant_id])
        return 0
    cart = held(session, token)
    line = session.get(CartLine, (cart.id, variant_id), populate_existing=True)
    if line is None:
        return 0
    return _lay(session, cart, for_sale(session, variant_id), line, quantity)


def remove(session: Session, token: str, variant_ids: Collection[uuid.UUID]) -> None:
    """Take these out of the cart: on request, or because they were ordered."""
    cart_id = session.scalar(
        update(Cart)
        .where(Cart.token_hash == ids.token_hash(token))
        .values(updated_at=clock.now())
        .returning(Cart.id)
    )
    if cart_id is None:
        return
    session.execute(
        delete(CartLine).where(
            CartLine.cart_id == cart_id, CartLine.variant_id.in_(list(variant_ids))
        )
    )
    cart_notes.forget_useless(session, cart_id)


def for_sale(session: Session, variant_id: uuid.UUID) -> Variant:
    """A variant that stands on the shelf, with its product. Raises `NotForSale`."""
    variant = session.scalars(
        select(Variant)
        .join(Variant.product)
        .join(Seller, Product.seller_id == Seller.id)
        .where(
            Variant.id == variant_id,
            Product.state == ProductState.LIVE.value,
            Seller.state == SellerState.APPROVED.value,
        )
        .options(contains_eager(Variant.product))
        .execution_options(populate_existing=True)
    ).first()
    if variant is None:
        raise NotForSale
    return variant


def most_of(variant: Variant) -> int:
    """How many of a variant one order can have now."""
    cap = variant.product.most_per_order
    return cap if variant.available is None else min(cap, variant.available)


def _lay(session: Session, cart: Cart, variant: Variant, line: CartLine | None, wanted: int) -> int:
    quantity = min(wanted, most_of(variant))
    if quantity < 1:
        raise SoldOut(variant.id, 0)
    if line is None:
        line = CartLine(cart_id=cart.id, variant_id=variant.id)
        session.add(line)
    line.quantity, line.price_seen = quantity, variant.price
    cart.updated_at = clock.now()
    session.flush()  # the next look at the cart may be a bare query
    return quantity


def held(session: Session, token: str) -> Cart:
    """The cart of this token, made at its first use, held until this transaction ends."""
    person_id = uuid.UUID(token.removeprefix(_OWN)) if token.startswith(_OWN) else None
    insert_once(
        session, Cart, id=ids.new_id(), token_hash=ids.token_hash(token), person_id=person_id,
        updated_at=clock.now(),
    )  # fmt: skip
    return session.scalars(
        select(Cart)
        .where(Cart.token_hash == ids.token_hash(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
