"""Paying another way where the card or the code does not work."""

from __future__ import annotations

import uuid
from collections.abc import Container

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import events
from shop.core.lifecycle import IllegalMove
from shop.core.models import ShopSettings
from shop.payments.credit import buyer_of
from shop.payments.deadline import put_off
from shop.payments.events import PaymentChanged
from shop.payments.models import Payment
from shop.payments.move import fresh, move_payment
from shop.payments.start import start_cash, start_with_code
from shop.payments.states import Method, PaymentState
from shop.payments.ways import WAYS, offered

_FROM = (Method.CARD, Method.GATEWAY)


def other_ways(
    payment: Payment, settings: ShopSettings, config: Config, *, off: Container[Method] = ()
) -> list[Method]:
    """How else this payment can be made; nothing unless it still waits for a card or a code."""
    if payment.method not in _FROM or payment.state != PaymentState.PENDING:
        return []
    return [way for way in offered(settings, config, payment.amount, off=off) if _can(way)]


def switch(session: Session, payment_id: uuid.UUID, method: Method) -> Payment:
    """Call a payment off and ask for its sum another way; returns (one of) the new payments.

    By transfer or QRIS the buyer gets time to pay once more; in cash each seller is paid as she
    hands over, and her work begins. If the card is charged or the code paid all the same, that
    money goes back. Raises `IllegalMove`, and `NoFreeCode` with nothing changed.
    """
    payment = fresh(session, payment_id)
    if payment.method not in _FROM or not _can(method):
        raise IllegalMove(f"{payment.method} payment", method)
    with session.begin_nested():
        move_payment(
            session, payment_id, PaymentState.CANCELLED,
            actor="buyer", person_id=None, reason=f"paid by {method} instead",
        )  # fmt: skip
        if method is Method.CASH:
            return _in_cash(session, payment)
        new = start_with_code(
            session,
            order_id=payment.order_id,
            order_number=payment.order_number,
            method=method,
            parts=[(part.seller_order_id, part.seller_id, part.amount) for part in payment.parts],
            key=f"instead:{payment_id.hex}",
            expires_at=put_off(payment.expires_at),
            buyer=buyer_of(payment),
        )
        events.publish(session, PaymentChanged(new.id))
    return new


def _can(method: Method) -> bool:
    """Whether this is a way out for who cannot pay as she chose."""
    return method is Method.CASH or WAYS[method].needs_code


def _in_cash(session: Session, payment: Payment) -> Payment:
    parts = [(part.seller_order_id, part.seller_id, part.amount) for part in payment.parts]
    start_cash(session, order_id=payment.order_id, order_number=payment.order_number, parts=parts)
    new = session.scalars(
        select(Payment)
        .where(
            Payment.order_id == payment.order_id,
            Payment.method == Method.CASH.value,
            Payment.state == PaymentState.PENDING.value,
        )
        .order_by(Payment.id)
    ).all()
    for one in new:
        events.publish(session, PaymentChanged(one.id))
    return new[0]
