"""Moving a seller's part of an order through its life, and what every move needs to know."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from shop.core import clock, device
from shop.core.lifecycle import move, move_all
from shop.orders.models import OrderLine, SellerOrder, SellerOrderEvent
from shop.orders.promotion_budget import set_free
from shop.orders.states import SELLER_ORDER, UNDONE, SellerOrderState
from shop.payments.models import Payment, PaymentPart
from shop.payments.states import PaymentState


def move_part(
    session: Session,
    part_id: uuid.UUID,
    target: SellerOrderState,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str | None = None,
    **extra: Any,
) -> str:
    """Bring a part to `target`; returns the state it came from. Raises `IllegalMove`.

    What an undone part took of a promotion's budget is free again.
    """
    source = move(
        session, SELLER_ORDER, cast("Table", SellerOrder.__table__),
        cast("Table", SellerOrderEvent.__table__), part_id, target,
        actor=actor, person_id=person_id, reason=reason, extra=extra,
    )  # fmt: skip
    if target in UNDONE:
        set_free(session, [part_id])
    loaded = session.identity_map.get(identity_key(SellerOrder, part_id))
    if loaded is not None:
        session.expire(loaded, ["state", *extra])
    return source


def move_parts(
    session: Session,
    part_ids: Collection[uuid.UUID],
    source: SellerOrderState,
    target: SellerOrderState,
    *,
    actor: str,
    person_id: uuid.UUID | None = None,
    **extra: Any,
) -> None:
    """Bring several parts, which go on, from `source` to `target` at once. Raises `IllegalMove`."""
    move_all(
        session, SELLER_ORDER, cast("Table", SellerOrder.__table__),
        cast("Table", SellerOrderEvent.__table__), part_ids, source, target,
        actor=actor, person_id=person_id, extra=extra,
    )  # fmt: skip
    for part_id in part_ids:
        loaded = session.identity_map.get(identity_key(SellerOrder, part_id))
        if loaded is not None:
            session.expire(loaded, ["state", *extra])


def note_down(
    session: Session,
    part: SellerOrder,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str,
) -> None:
    """Write down that somebody changed a part which stays in its state."""
    session.add(
        SellerOrderEvent(
            thing_id=part.id, happened_at=clock.now(), person_id=person_id, actor=actor,
            source=part.state, target=part.state, reason=reason, device=device.current(),
        )
    )  # fmt: skip


def pieces(session: Session, part_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How many pieces of which variant the part is to bring, cancelled ones left out."""
    rows = session.execute(
        select(OrderLine.variant_id, OrderLine.quantity - OrderLine.cancelled).where(
            OrderLine.seller_order_id == part_id
        )
    )
    return {variant_id: quantity for variant_id, quantity in rows if quantity}


def held_payments(session: Session, part_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Payment]:
    """The payment that counts for each of these parts, held against others until this
    transaction ends; a called-off one counts where there is no other.

    Every use case that may move money holds its payments before anything else, and all of them at
    once: the books come after, so two of them never wait for each other.
    """
    rows = session.execute(
        select(PaymentPart.seller_order_id, Payment)
        .join(Payment, PaymentPart.payment_id == Payment.id)
        .where(PaymentPart.seller_order_id.in_(part_ids))
        .order_by(Payment.id)
        .with_for_update(of=Payment)
        .execution_options(populate_existing=True)
    ).all()
    found: dict[uuid.UUID, Payment] = {}
    for part_id, payment in rows:
        if part_id not in found or payment.state != PaymentState.CANCELLED:
            found[part_id] = payment
    return found
