"""Orders to be paid, and payments in every state, for tests of money."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.ledger import earn
from shop.orders.models import Order, SellerOrder
from shop.orders.states import SellerOrderState
from shop.payments.models import Payment
from shop.payments.refund import grant
from shop.payments.settle import settle, settle_cash
from shop.payments.start import start
from shop.payments.states import Method
from shop.sellers.models import Seller

EVIDENCE = "mutasi 25 Nov"


def make_order(
    session: Session,
    *parts: tuple[Seller, int],
    method: Method = Method.TRANSFER,
    code: int = 0,
    fee: int = 0,
    buyer: str = "Dewi",
) -> Order:
    """An order with one part for each of `parts` (seller and rupiah of goods), fee each."""
    goods = sum(amount for _, amount in parts)
    order = Order(
        id=ids.new_id(),
        number=ids.new_number(),
        token=ids.new_token(),
        key=ids.new_token(),
        content_hash="",
        language="id",
        buyer_name=buyer,
        buyer_phone="+6281234567890",
        method=method.value,
        goods=goods,
        delivery=0,
        unique_code=code,
        total=goods + code,
    )
    session.add(order)
    session.flush()
    for position, (seller, amount) in enumerate(parts):
        session.add(
            SellerOrder(
                order_id=order.id,
                seller_id=seller.id,
                position=position,
                goods=amount,
                delivery=0,
                total=amount,
                fee=fee,
                delivery_kind="pickup",
                state=SellerOrderState.UNPAID.value,
                due_on=clock.today(),
            )
        )
    session.flush()
    session.refresh(order)
    return order


def make_payment(
    session: Session,
    *parts: tuple[Seller, int],
    method: Method = Method.TRANSFER,
    code: int = 0,
    fee: int = 0,
    expires_at: datetime | None = None,
    buyer: str = "Dewi",
) -> Payment:
    """A payment somebody still has to make, for an order of these parts."""
    order = make_order(session, *parts, method=method, code=code, fee=fee, buyer=buyer)
    return start(
        session,
        order_id=order.id,
        order_number=order.number,
        method=method,
        parts=[(part.id, part.seller_id, part.total) for part in order.parts],
        key=f"order:{order.id.hex}",
        unique_code=code,
        expires_at=expires_at,
    )


def make_paid(
    session: Session, *parts: tuple[Seller, int], method: Method = Method.TRANSFER, fee: int = 0
) -> Payment:
    """A payment whose money is there (in the seller's hand, where it is cash)."""
    payment = make_payment(session, *parts, method=method, fee=fee)
    if method is Method.CASH:
        settle_cash(session, payment.id, person_id=None)
    else:
        settle(session, payment.id, actor="staff", person_id=None, evidence=EVIDENCE)
    return payment


def make_earned(
    session: Session, seller: Seller, amount: int, *, method: Method = Method.TRANSFER, fee: int = 0
) -> uuid.UUID:
    """A part of `amount` rupiah that was paid and completed; returns the seller order's id."""
    payment = make_paid(session, (seller, amount), method=method, fee=fee)
    part = payment.parts[0]
    earn.earn(
        session,
        seller_id=seller.id,
        order_id=payment.order_id,
        seller_order_id=part.seller_order_id,
        amount=amount,
        fee=fee,
        in_cash=method is Method.CASH,
    )
    order = session.get_one(SellerOrder, part.seller_order_id)
    order.state = SellerOrderState.COMPLETED.value
    order.completed_at = clock.now()
    session.flush()
    return part.seller_order_id


def granted(
    session: Session, payment: Payment, amount: int = 30_000, by: uuid.UUID | None = None
) -> uuid.UUID:
    """A refund of the first part that is due."""
    part = max(payment.parts, key=lambda one: one.amount)
    made = grant(
        session,
        payment_id=payment.id,
        seller_order_id=part.seller_order_id,
        seller_id=part.seller_id,
        amount=amount,
        reason="batal",
        person_id=by,
        key=f"back:{amount}",
    )
    session.commit()
    return made.id
