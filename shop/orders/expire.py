"""Orders that nobody paid in time, and those whose money came after all."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog import reserve
from shop.orders.begin import begin, parts_in
from shop.orders.models import SellerOrder
from shop.orders.move import move_part, pieces
from shop.orders.promotion_budget import NothingLeft, take_again
from shop.orders.states import SellerOrderState
from shop.payments.events import PaymentCameLate, PaymentExpired
from shop.payments.models import PaymentPart


def expire(session: Session, event: PaymentExpired) -> None:
    """End the parts that waited for this payment and free their pieces, once."""
    waited = _parts(session, event.payment_id)
    end_unpaid(session, parts_in(session, waited, SellerOrderState.UNPAID))


def end_unpaid(session: Session, parts: Sequence[SellerOrder]) -> None:
    """Let these unpaid parts run out and free their pieces, once. Raises `IllegalMove`."""
    target = SellerOrderState.EXPIRED
    for part in parts:
        move_part(session, part.id, target, actor="clock", person_id=None)
        reserve.release(session, pieces(session, part.id), key=f"{target.value}:{part.id.hex}")


def take_back(session: Session, event: PaymentCameLate) -> None:
    """Let an expired order live again: all its pieces are promised anew, and its sellers told.

    Raises `SoldOut` where they are gone, or what was left of the promotion they were bought at.
    """
    wanted: dict[uuid.UUID, int] = {}
    parts = parts_in(session, _parts(session, event.payment_id), SellerOrderState.EXPIRED)
    for part in parts:
        for variant_id, quantity in pieces(session, part.id).items():
            wanted[variant_id] = wanted.get(variant_id, 0) + quantity
    try:
        take_again(session, [part.id for part in parts])
    except NothingLeft as over:
        raise reserve.SoldOut(next(iter(wanted)), 0) from over
    reserve.reserve(session, wanted, key=f"again:{event.payment_id.hex}")
    begin(session, parts)


def _parts(session: Session, payment_id: uuid.UUID) -> Sequence[uuid.UUID]:
    return session.scalars(
        select(PaymentPart.seller_order_id).where(PaymentPart.payment_id == payment_id)
    ).all()
