"""A cart in a link: the same things, put into another phone's own cart."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from shop.catalog.reserve import SoldOut
from shop.core import clock, ids
from shop.orders import cart
from shop.orders.forget import CART_LASTS
from shop.orders.models_cart import Cart
from shop.orders.place_order import WantedLine


@dataclass(frozen=True)
class Shared:
    """What a link's cart holds. It tells nothing of whose it is."""

    token_hash: str
    lines: tuple[WantedLine, ...]

    def is_of(self, token: str) -> bool:
        """Whether it is the very cart of `token`."""
        return self.token_hash == ids.token_hash(token)


@dataclass(frozen=True)
class Taken:
    """How many different things came into the cart, and how many could not be had."""

    things: int
    left_out: int


def share(session: Session, token: str) -> str | None:
    """The word in the link to this cart, made at the first call; None while it is empty."""
    found = session.scalars(
        select(Cart).where(Cart.token_hash == ids.token_hash(token)).with_for_update()
    ).first()
    if found is None or not found.lines:
        return None
    found.share_token = found.share_token or ids.new_token()
    session.flush()
    return found.share_token


def word_of(session: Session, token: str) -> str | None:
    """The word in the link to this cart, if it was ever shared."""
    return session.scalar(select(Cart.share_token).where(Cart.token_hash == ids.token_hash(token)))


def shared(session: Session, word: str) -> Shared | None:
    """The cart that a link leads to, as it lies now; None for a link that never was or is old."""
    found = session.scalars(
        select(Cart)
        .where(Cart.share_token == word, Cart.updated_at > clock.now() - CART_LASTS)
        .options(selectinload(Cart.lines))
    ).first()
    if found is None:
        return None
    lines = ((line.variant_id, line.quantity, line.price_seen) for line in found.lines)
    return Shared(found.token_hash, tuple(lines))


def take(session: Session, found: Shared, token: str) -> Taken:
    """Have at least as many of everything in the cart of `token`, as far as it can be had.

    Doing it twice changes nothing more. Prices are those of now.
    """
    lying = {line.variant_id: line.quantity for line in cart.held(session, token).lines}
    left_out = 0
    for variant_id, quantity, _ in found.lines:
        missing = quantity - lying.get(variant_id, 0)
        if missing < 1:
            continue
        try:
            cart.add(session, token, variant_id, missing)
        except (cart.NotForSale, cart.CartFull, SoldOut):
            left_out += 1
    return Taken(len(found.lines) - left_out, left_out)
