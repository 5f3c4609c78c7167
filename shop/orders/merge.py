"""What somebody chose before signing in comes into their own cart."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop.accounts.events import PersonSignedIn
from shop.core import clock, ids
from shop.orders import cart, cart_notes
from shop.orders.models_cart import Cart, CartLine, CartNote
from shop.orders.queries import CART_COOKIE


def on_sign_in(session: Session, event: PersonSignedIn) -> None:
    """Bring the browser's cart, if it has one, into the person's own."""
    if token := event.kept.get(CART_COOKIE):
        merge(session, token, event.person_id)


def merge(session: Session, token: str, person_id: uuid.UUID) -> None:
    """Move everything from the cart of `token` into the person's own cart, without loss.

    Of what lies in both, the person has chosen so many on one phone and so many on another: the
    sum is kept, and the cart's page says how many of it can be had. The price seen on this device
    counts. Different things beyond `MOST_LINES` stay on the device, for the next time.
    """
    device = session.scalars(
        select(Cart).where(Cart.token_hash == ids.token_hash(token)).with_for_update()
    ).first()
    if device is None or not device.lines:
        return
    own = cart.held(session, cart.of_person(person_id))
    _move_lines(device, own)
    _move_notes(session, device, own)
    own.updated_at = clock.now()
    share_token, device.share_token = device.share_token, None
    session.flush()
    own.share_token = own.share_token or share_token
    if not device.lines:
        session.delete(device)
    session.flush()


def _move_lines(device: Cart, own: Cart) -> None:
    mine = {line.variant_id: line for line in own.lines}
    for line in list(device.lines):
        both = mine.get(line.variant_id)
        if both is not None:
            both.quantity = min(both.quantity + line.quantity, cart.MOST_PIECES)
            both.price_seen = line.price_seen
        elif len(own.lines) < cart.MOST_LINES:
            own.lines.append(
                CartLine(
                    variant_id=line.variant_id,
                    quantity=line.quantity,
                    price_seen=line.price_seen,
                    added_at=line.added_at,
                )
            )
        else:
            continue
        device.lines.remove(line)


def _move_notes(session: Session, device: Cart, own: Cart) -> None:
    """Of two different notes to one seller both are kept, or the later where both are too long."""
    mine = cart_notes.of_cart(session, own.id)
    found = cart_notes.of_cart(session, device.id)
    for seller_id, note in found.items():
        before = mine.get(seller_id, "")
        both = note if before in ("", note) else f"{before} / {note}"
        cart_notes.write(session, own.id, seller_id, both if len(both) <= 300 else note)
    session.execute(delete(CartNote).where(CartNote.cart_id == device.id))
