"""Reading carts and orders."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.catalog.models import ProductPhoto
from shop.core import ids
from shop.core.pictures import PictureView, picture_view
from shop.orders.models import Order, SellerOrder, SellerOrderEvent
from shop.orders.models_cart import Cart, CartLine
from shop.orders.place_order import WantedLine
from shop.orders.states import SELLER_ORDER, UNDONE, SellerOrderState
from shop.payments.models import Payment, Refund
from shop.payments.states import PaymentState, RefundState

CART_COOKIE = "cart"


def cart_count(session: Session, token: str | None) -> int:
    """How many pieces lie in the cart of this token; no query for visitors without one."""
    if not token:
        return 0
    pieces = session.scalar(
        select(func.sum(CartLine.quantity))
        .join(Cart)
        .where(Cart.token_hash == ids.token_hash(token))
    )
    return int(pieces or 0)


def cart_lines(session: Session, token: str | None) -> list[WantedLine]:
    """What lies in the cart of this token, as it was put in."""
    if not token:
        return []
    rows = session.execute(
        select(CartLine.variant_id, CartLine.quantity, CartLine.price_seen)
        .join(Cart)
        .where(Cart.token_hash == ids.token_hash(token))
        .order_by(CartLine.added_at, CartLine.variant_id)
    )
    return [(row.variant_id, row.quantity, row.price_seen) for row in rows]


@dataclass(frozen=True)
class OrderView:
    """An order with everything its page tells: parts with lines, photos, payments, refunds.

    `events` are the moves of all parts, oldest first; `photos` are by product.
    """

    order: Order
    parts: Sequence[SellerOrder]
    photos: dict[uuid.UUID, PictureView]
    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    events: Sequence[SellerOrderEvent]

    def payment_for(self, part_id: uuid.UUID) -> Payment | None:
        """The payment that counts for a part."""
        found = [p for p in self.payments if any(x.seller_order_id == part_id for x in p.parts)]
        alive = [payment for payment in found if payment.state != PaymentState.CANCELLED]
        chosen = alive or found
        return chosen[-1] if chosen else None

    def seller_of(self, refund: Refund) -> str:
        """Whose part a refund is for; nothing where it is for all of a payment."""
        of = refund.seller_order_id
        return next((part.seller.name for part in self.parts if part.id == of), "")

    def events_of(self, part_id: uuid.UUID) -> list[SellerOrderEvent]:
        """The moves of one part, oldest first."""
        return [event for event in self.events if event.thing_id == part_id]

    @property
    def not_handed_over(self) -> bool:
        """Whether staff can still call all of it off: nothing has left a seller's house."""
        left = [part.state for part in self.parts if part.state not in UNDONE]
        return bool(left) and all(
            SellerOrderState.CANCELLED in SELLER_ORDER.targets(SellerOrderState(state), "staff")
            for state in left
        )

    @property
    def undoable(self) -> bool:
        """Whether all of it can still be called off: nobody has begun."""
        left = [part.state for part in self.parts if part.state not in UNDONE]
        early = (SellerOrderState.UNPAID, SellerOrderState.WAITING)
        return bool(left) and all(state in early for state in left)


def order_by_token(session: Session, token: str) -> OrderView | None:
    """The order whose secret link this is."""
    return _view(session, select(Order.id).where(Order.token == token).scalar_subquery())


def order_by_id(session: Session, order_id: uuid.UUID) -> OrderView | None:
    """For staff, who may see every order."""
    return _view(session, order_id)


def token_of(session: Session, number: str, phone: str) -> str | None:
    """The secret link of the order with this number, for who knows its phone number (E.164)."""
    return session.scalar(
        select(Order.token).where(Order.number == number, Order.buyer_phone == phone)
    )


def photos_of(session: Session, product_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, PictureView]:
    """The first photo of each of these products."""
    rows = session.scalars(
        select(ProductPhoto)
        .where(ProductPhoto.product_id.in_(product_ids))
        .options(joinedload(ProductPhoto.picture))
        .order_by(ProductPhoto.position.desc())
    )
    return {photo.product_id: picture_view(photo.picture, photo.alt) for photo in rows}


def _view(session: Session, order_id: object) -> OrderView | None:
    order = session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .options(
            selectinload(Order.parts).options(
                selectinload(SellerOrder.lines),
                joinedload(SellerOrder.seller),
                joinedload(SellerOrder.point),
            )
        )
    ).first()
    if order is None:
        return None
    return OrderView(
        order=order,
        parts=order.parts,
        photos=photos_of(session, [line.product_id for p in order.parts for line in p.lines]),
        payments=session.scalars(
            select(Payment)
            .where(Payment.order_id == order.id)
            .options(selectinload(Payment.parts))
            .order_by(Payment.created_at, Payment.id)
        ).all(),
        refunds=session.scalars(
            select(Refund)
            .join(Payment)
            .where(Payment.order_id == order.id, Refund.state != RefundState.WITHDRAWN.value)
            .order_by(Refund.granted_at)
        ).all(),
        events=session.scalars(
            select(SellerOrderEvent)
            .where(SellerOrderEvent.thing_id.in_([part.id for part in order.parts]))
            .order_by(SellerOrderEvent.happened_at, SellerOrderEvent.id)
        ).all(),
    )
