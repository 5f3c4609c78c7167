"""The order says of its payment what the payment says of itself."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core.money import Rupiah
from shop.orders.begin import begin, parts_in
from shop.orders.models import Order
from shop.orders.states import SellerOrderState
from shop.payments.events import PaymentChanged
from shop.payments.models import Payment
from shop.payments.states import Method, PaymentState


def follow(session: Session, event: PaymentChanged) -> None:
    """Take over way, code and deadline of the payment; its code is beside those of other sums.

    What is to be paid in cash now is put on its sellers' lists.
    """
    payment = session.get_one(Payment, event.payment_id, populate_existing=True)
    order = session.get_one(Order, payment.order_id)
    ended = (PaymentState.CANCELLED.value, PaymentState.LATE.value)
    others = session.scalars(
        select(Payment.unique_code).where(
            Payment.order_id == order.id, Payment.id != payment.id, Payment.state.not_in(ended)
        )
    )
    order.method = payment.method
    order.unique_code = payment.unique_code + sum(others)
    order.total = Rupiah(order.goods + order.delivery + order.unique_code)
    order.expires_at = payment.expires_at
    session.flush()
    if payment.method == Method.CASH:  # she pays as it is handed over: it is work now
        part_ids = [part.seller_order_id for part in payment.parts]
        begin(session, parts_in(session, part_ids, SellerOrderState.UNPAID))
