"""A part, or a whole order, is called off: by its buyer before it is made, or by staff."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.catalog import reserve
from shop.core.lifecycle import IllegalMove
from shop.orders.grant_back import Act
from shop.orders.models import SellerOrder
from shop.orders.move import held_payments, move_part, pieces
from shop.orders.states import SELLER_ORDER, UNDONE, SellerOrderState
from shop.orders.tell import CALLED_OFF, CANCELLED, tell_sellers
from shop.orders.undo import take_off, undo_part
from shop.payments import cancel as payments_cancel
from shop.payments.states import PaymentState

S = SellerOrderState


def cancel(
    session: Session,
    order_id: uuid.UUID,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str = "",
) -> None:
    """Call a whole order off. `actor` is `buyer` or `staff`.

    What was paid becomes due back. Staff can do so until something of it is handed over. Raises
    `IllegalMove` where a part is past that or nothing is left to call off, and, for a buyer, once
    something is being made or while staff look for a transfer she said she made.
    """
    parts = session.scalars(
        select(SellerOrder)
        .where(SellerOrder.order_id == order_id)
        .order_by(SellerOrder.id)
        .execution_options(populate_existing=True)
    ).all()
    left = [part for part in parts if part.state not in UNDONE]
    may = {S.UNPAID, *SELLER_ORDER.sources(S.CANCELLED, actor)}
    if not left or any(part.state not in may for part in left):
        raise IllegalMove(SELLER_ORDER.name, S.CANCELLED)
    if actor == "staff":
        audit.write(session, person_id, "order.cancel", "order", order_id, reason=reason)
    unpaid = [part.id for part in left if part.state == S.UNPAID]
    begun = [part.id for part in left if part.state != S.UNPAID]
    held_payments(session, [part.id for part in left])
    if unpaid:
        _unpaid(session, unpaid, actor, person_id, reason)
    for part_id in begun:
        cancel_part(session, part_id, actor=actor, person_id=person_id, reason=reason)


def cancel_part(
    session: Session,
    part_id: uuid.UUID,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str = "",
    seller_share: int | None = None,
    delivery: int | None = None,
) -> None:
    """Call one seller's part off: a buyer before it is accepted, staff before it is handed over.

    The seller bears `seller_share` rupiah of what goes back (None: all); of the delivery fee
    `delivery` rupiah go back (None: all). An order that is not paid yet has one sum to pay, so it
    is called off as a whole. Raises `IllegalMove`, `chosen_lines.BadShare`, `TooMuchBack`.
    """
    undo_part(session, part_id, S.CANCELLED, Act(actor, person_id, reason, seller_share, delivery))
    tell_sellers(session, [part_id], CALLED_OFF if actor == "staff" else CANCELLED)
    if actor == "staff":
        audit.write(session, person_id, "order.cancel_part", "seller_order", part_id, reason=reason)


def _unpaid(
    session: Session,
    part_ids: list[uuid.UUID],
    actor: str,
    person_id: uuid.UUID | None,
    reason: str,
) -> None:
    payments = {payment.id: payment for payment in held_payments(session, part_ids).values()}
    for payment in payments.values():
        if payment.state in (PaymentState.PENDING, PaymentState.CLAIMED):
            payments_cancel.cancel(session, payment.id, actor, person_id, reason or None)
    for part_id in part_ids:
        move_part(
            session, part_id, S.CANCELLED, actor=actor, person_id=person_id, reason=reason or None
        )
        reserve.release(session, pieces(session, part_id), key=f"{S.CANCELLED.value}:{part_id.hex}")
        take_off(session, part_id)
    if not payments and held_payments(session, part_ids):
        raise IllegalMove(SELLER_ORDER.name, S.CANCELLED)  # a fee was agreed to at this moment
