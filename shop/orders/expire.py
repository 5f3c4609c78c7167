"""Orders that nobody paid in time, and those whose money came after all."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog import reserve
from shop.orders.begin import begin, parts_in
from shop.orders.models import SellerOrder, SellerOrderEvent
from shop.orders.move import move_part, pieces
from shop.orders.promotion_budget import NothingLeft, take_again
from shop.orders.states import SellerOrderState
from shop.payments.arrivals import times_taken_back
from shop.payments.cannot_reopen import CannotReopen, Why
from shop.payments.events import PaymentCameLate, PaymentExpired, PaymentReopened
from shop.payments.models import PaymentPart


def expire(session: Session, event: PaymentExpired) -> None:
    """End the parts that waited for this payment and free their pieces, once."""
    waited = _parts(session, event.payment_id)
    end_unpaid(session, parts_in(session, waited, SellerOrderState.UNPAID))


def end_unpaid(session: Session, parts: Sequence[SellerOrder]) -> None:
    """Let these unpaid parts run out and free their pieces, once. Raises `IllegalMove`."""
    target = SellerOrderState.EXPIRED
    for part in parts:
        key = f"{target.value}:{part.id.hex}{_again(_times_expired(session, part.id))}"
        move_part(session, part.id, target, actor="clock", person_id=None)
        reserve.release(session, pieces(session, part.id), key=key)


def take_back(session: Session, event: PaymentCameLate) -> None:
    """Let an expired order live again: all its pieces are promised anew, and its sellers told.

    Raises `SoldOut` where they are gone, or what was left of the promotion they were bought at.
    """
    wanted: dict[uuid.UUID, int] = {}
    parts = parts_in(session, _parts(session, event.payment_id), SellerOrderState.EXPIRED)
    for part in parts:
        for variant_id, quantity in pieces(session, part.id).items():
            wanted[variant_id] = wanted.get(variant_id, 0) + quantity
    again = _again(times_taken_back(session, event.payment_id))
    try:
        take_again(session, [part.id for part in parts])
    except NothingLeft as over:
        raise reserve.SoldOut(next(iter(wanted)), 0) from over
    reserve.reserve(session, wanted, key=f"again:{event.payment_id.hex}{again}")
    begin(session, parts)


def reopen(session: Session, event: PaymentReopened) -> None:
    """Let an order live again whose money came late, as `take_back`; all of it must have run out.

    Raises `CannotReopen`, `SoldOut`.
    """
    wanted = _parts(session, event.payment_id)
    if len(parts_in(session, wanted, SellerOrderState.EXPIRED)) != len(wanted):
        raise CannotReopen(Why.NOT_EXPIRED)
    take_back(session, PaymentCameLate(event.payment_id))


def _times_expired(session: Session, part_id: uuid.UUID) -> int:
    """How often it ran out before: money taken back can let that happen more than once."""
    before = session.scalar(
        select(func.count())
        .select_from(SellerOrderEvent)
        .where(
            SellerOrderEvent.thing_id == part_id,
            SellerOrderEvent.target == SellerOrderState.EXPIRED.value,
        )
    )
    return before or 0


def _again(before: int) -> str:
    return f":{before}" if before else ""


def _parts(session: Session, payment_id: uuid.UUID) -> Sequence[uuid.UUID]:
    return session.scalars(
        select(PaymentPart.seller_order_id).where(PaymentPart.payment_id == payment_id)
    ).all()
