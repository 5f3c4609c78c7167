"""The order says of its payment what the payment says of itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from shop.core.money import Rupiah
from shop.orders.models import Order
from shop.payments.events import PaymentChanged
from shop.payments.models import Payment


def follow(session: Session, event: PaymentChanged) -> None:
    """Take over way, code and deadline of the payment that is for the whole order now."""
    payment = session.get_one(Payment, event.payment_id, populate_existing=True)
    order = session.get_one(Order, payment.order_id)
    order.method = payment.method
    order.unique_code = payment.unique_code
    order.total = Rupiah(order.goods + order.delivery + payment.unique_code)
    order.expires_at = payment.expires_at
    session.flush()
