"""Asking a buyer to pay for an order whose sums stand."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from shop.core.money import Rupiah
from shop.orders.begin import begin
from shop.orders.models import Order, SellerOrder
from shop.orders.states import DeliveryKind
from shop.payments import start
from shop.payments.states import Method


def arranging(order: Order) -> Sequence[SellerOrder]:
    """The parts whose fee is still to be agreed on."""
    arranged = DeliveryKind.ARRANGED
    return [p for p in order.parts if p.delivery_kind == arranged and p.agreed_at is None]


def ask_to_pay(
    session: Session, order: Order, parts: Sequence[start.Part], first_code: int | None = None
) -> None:
    """Cash: one payment for each seller, and work begins at once. Else one for the whole order.

    Raises `payments.start.NoFreeCode`.
    """
    method = Method(order.method)
    if method is Method.CASH:
        start.start_cash(session, order_id=order.id, order_number=order.number, parts=parts)
        begin(session, order.parts)
        return
    payment = start.start_with_code(
        session, order_id=order.id, order_number=order.number, method=method,
        parts=parts, key=f"order:{order.id.hex}", expires_at=order.expires_at,
        first_code=first_code,
    )  # fmt: skip
    if order.unique_code != payment.unique_code:
        order.unique_code = payment.unique_code
        order.total = Rupiah(order.goods + order.delivery + payment.unique_code)
        session.flush()
