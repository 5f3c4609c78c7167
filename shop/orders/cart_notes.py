"""What the buyer wants to tell each seller, kept with the cart until it is ordered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.core import ids
from shop.orders.models_cart import Cart, CartLine, CartNote


def notes(session: Session, token: str) -> dict[uuid.UUID, str]:
    """The notes of this token's cart, by seller."""
    if not token:
        return {}
    rows = session.execute(
        select(CartNote.seller_id, CartNote.note)
        .join(Cart, Cart.id == CartNote.cart_id)
        .where(Cart.token_hash == ids.token_hash(token))
    )
    return {row.seller_id: row.note for row in rows}


def of_cart(session: Session, cart_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """The notes of one cart, by seller."""
    rows = session.execute(
        select(CartNote.seller_id, CartNote.note).where(CartNote.cart_id == cart_id)
    )
    return {row.seller_id: row.note for row in rows}


def keep(session: Session, token: str, wanted: Mapping[uuid.UUID, str]) -> None:
    """Keep these notes (at most 300 signs each) to sellers of whom something lies in the cart.

    An empty one is dropped; notes to anybody else are not kept.
    """
    cart_id = session.scalar(
        update(Cart)
        .where(Cart.token_hash == ids.token_hash(token))
        .values(updated_at=Cart.updated_at)  # held until the end, its form's key unchanged
        .returning(Cart.id)
    )
    if cart_id is None:
        return
    sellers = session.scalars(
        select(Variant.seller_id)
        .join(CartLine, CartLine.variant_id == Variant.id)
        .where(CartLine.cart_id == cart_id)
        .distinct()
    ).all()
    for seller_id in sellers:
        if seller_id in wanted:
            write(session, cart_id, seller_id, wanted[seller_id])


def write(session: Session, cart_id: uuid.UUID, seller_id: uuid.UUID, note: str) -> None:
    """Put one note in the place of the one before; the cart is held by the caller."""
    session.execute(
        delete(CartNote).where(CartNote.cart_id == cart_id, CartNote.seller_id == seller_id)
    )
    if note:
        session.add(CartNote(cart_id=cart_id, seller_id=seller_id, note=note))
        session.flush()


def forget_useless(session: Session, cart_id: uuid.UUID) -> None:
    """Drop the notes to sellers of whom nothing lies in the cart any more."""
    left = (
        select(Variant.seller_id)
        .join(CartLine, CartLine.variant_id == Variant.id)
        .where(CartLine.cart_id == cart_id)
    )
    session.execute(
        delete(CartNote).where(CartNote.cart_id == cart_id, CartNote.seller_id.not_in(left))
    )
