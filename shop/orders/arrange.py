"""Bringing by arrangement: the seller names a fee, the buyer agrees, and only then it is paid.
Or she says that she cannot bring it, and nobody pays anything.

The pieces stay promised meanwhile, but not for ever: the order's `expires_at` is until when the
seller has to name the fee, then until when the buyer has to agree.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.catalog import reserve
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.core.money import Rupiah, rupiah
from shop.core.settings import load_settings
from shop.orders.ask_to_pay import ask_to_pay
from shop.orders.decline import NoReason
from shop.orders.expire import end_unpaid
from shop.orders.models import Order, SellerOrder
from shop.orders.move import move_part, pieces
from shop.orders.states import SELLER_ORDER, UNDONE, DeliveryKind, SellerOrderState
from shop.orders.undo import take_off
from shop.payments.collect import collecting
from shop.payments.states import Method

HIGHEST = 500_000
"""Rupiah: no ride or boat around the islands costs more."""
FEE_NAMED = "fee_named"
NOT_BROUGHT = "order_not_brought"
S = SellerOrderState
log = structlog.get_logger()


class FeeChanged(Exception):
    """The sum is not the one the buyer saw: the seller has named another fee meanwhile."""


def name_fee(session: Session, part_id: uuid.UUID, fee: int, *, person_id: uuid.UUID) -> None:
    """Say what bringing this part costs, in rupiah; until the buyer agrees it can be said anew.

    The buyer is told, and has a payment's time to agree; the same fee again changes nothing.
    Raises `IllegalMove`, and `ValueError` for a fee out of range.
    """
    if not 0 <= fee <= HIGHEST:
        raise ValueError(f"{fee} rupiah")
    of_part = select(SellerOrder.order_id).where(SellerOrder.id == part_id)
    order = _held(session, of_part.scalar_subquery())
    part = next(part for part in _parts(session, order.id) if part.id == part_id)
    if part not in _open(order, [part]):
        raise IllegalMove(SELLER_ORDER.name, "arranged")
    if part.arranged_fee == fee:
        return
    move_part(
        session, part_id, S.UNPAID, actor="seller", person_id=person_id, reason=rupiah(fee),
        arranged_fee=fee, arranged_at=clock.now(),
    )  # fmt: skip
    order.expires_at = clock.now() + timedelta(hours=load_settings(session).unpaid_hours)
    session.flush()
    notify.tell_buyer(
        session, order.id, FEE_NAMED, event=notify.just_now(part_id),
        link=f"/o/{order.token}", number=order.number, amount=rupiah(fee),
    )  # fmt: skip


def agree(session: Session, order_id: uuid.UUID, *, total_seen: int) -> bool:
    """The buyer agrees to every fee that was named: the sums grow by them, and it is to be paid.

    `total_seen` is the new sum she saw, in rupiah. False where she has agreed before. Raises
    `FeeChanged`, `IllegalMove` where a fee is missing or it is too late, and
    `payments.start.NoFreeCode`.
    """
    order = _held(session, order_id)
    parts = _parts(session, order_id)
    alive = [part for part in parts if part.state not in UNDONE]
    arranged = [part for part in alive if part.delivery_kind == DeliveryKind.ARRANGED]
    if arranged and all(part.agreed_at for part in arranged):
        return False
    wanted = _open(order, alive)
    fees = {part.id: part.arranged_fee for part in wanted if part.arranged_fee is not None}
    if not wanted or len(fees) < len(wanted):
        raise IllegalMove(SELLER_ORDER.name, "agreed")
    total = order.total + sum(fees.values())
    if total != total_seen:
        raise FeeChanged
    for part in wanted:
        move_part(
            session, part.id, S.UNPAID, actor="buyer", person_id=None, reason=rupiah(fees[part.id]),
            agreed_at=clock.now(), delivery=fees[part.id], total=part.goods + fees[part.id],
        )  # fmt: skip
    order.delivery = Rupiah(order.delivery + sum(fees.values()))
    order.total = Rupiah(total)
    settings = load_settings(session)
    paid_later = order.method != Method.CASH
    order.expires_at = clock.now() + timedelta(hours=settings.unpaid_hours) if paid_later else None
    session.flush()
    session.expire(order, ["parts"])
    shares = [(part.id, part.seller_id, part.total) for part in order.parts]
    sellers = [seller_id for _, seller_id, _ in shares] if settings.sellers_collect else []
    direct = collecting(session, Method(order.method), sellers) if sellers else ()
    ask_to_pay(session, order, shares, direct=direct, codes_are_credit=settings.codes_are_credit)
    return True


def decline_to_bring(
    session: Session, part_id: uuid.UUID, *, person_id: uuid.UUID, reason: str
) -> None:
    """The seller cannot bring this part, and the buyer reads why.

    What is not paid yet has one sum to pay, so the order ends as a whole: the parts of others are
    called off with hers, and all pieces are for sale again. Raises `NoReason`, and `IllegalMove`
    once the buyer has agreed to the fee or the order has ended.
    """
    words = reason.strip()[:300]
    if not words:
        raise NoReason
    of_part = select(SellerOrder.order_id).where(SellerOrder.id == part_id)
    order = _held(session, of_part.scalar_subquery())
    alive = [part for part in _parts(session, order.id) if part.state not in UNDONE]
    if part_id not in {part.id for part in _open(order, alive)}:
        raise IllegalMove(SELLER_ORDER.name, S.DECLINED)
    for part in alive:
        target = S.DECLINED if part.id == part_id else S.CANCELLED
        move_part(session, part.id, target, actor="seller", person_id=person_id, reason=words)
        reserve.release(session, pieces(session, part.id), key=f"{target.value}:{part.id.hex}")
        take_off(session, part.id)
    own = session.get_one(SellerOrder, part_id)
    notify.tell_buyer(
        session, order.id, NOT_BROUGHT, event=part_id.hex, link=f"/o/{order.token}",
        number=order.number, seller=own.seller.name, reason=words,
    )  # fmt: skip


def expire_unagreed(session: Session) -> int:
    """End orders whose fees were not named or agreed on in time; returns how many ended.

    Their pieces go back on the shelf. One that cannot end keeps no other from ending.
    """
    due = session.scalars(
        select(Order.id)
        .join(SellerOrder)
        .where(
            SellerOrder.state == S.UNPAID.value,
            SellerOrder.delivery_kind == DeliveryKind.ARRANGED.value,
            SellerOrder.agreed_at.is_(None),
            Order.expires_at <= clock.now(),
        )
        .distinct()
    ).all()
    return sum(_end(session, order_id) for order_id in due)


def _end(session: Session, order_id: uuid.UUID) -> bool:
    try:
        with session.begin_nested():
            order = _held(session, order_id)
            parts = _parts(session, order_id)
            if order.expires_at is None or order.expires_at > clock.now():
                return False  # a fee was named or agreed to at this moment
            end_unpaid(session, [part for part in parts if part.state == S.UNPAID])
    except Exception as fault:  # noqa: BLE001 - the others must end all the same
        log.error("order not expired", order=str(order_id), error=type(fault).__name__)
        return False
    return True


def _open(order: Order, parts: Sequence[SellerOrder]) -> list[SellerOrder]:
    """Those of these parts whose fee can still be named and agreed to; none if one has begun."""
    late = order.expires_at is not None and order.expires_at <= clock.now()
    if late or any(part.state != S.UNPAID for part in parts):
        return []
    arranged = DeliveryKind.ARRANGED
    return [p for p in parts if p.delivery_kind == arranged and p.agreed_at is None]


def _held(session: Session, order_id: object) -> Order:
    """The order, held against others who name, agree or end, until this transaction ends."""
    return session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _parts(session: Session, order_id: uuid.UUID) -> Sequence[SellerOrder]:
    return session.scalars(
        select(SellerOrder)
        .where(SellerOrder.order_id == order_id)
        .order_by(SellerOrder.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
