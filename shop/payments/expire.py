"""Payments that nobody made in time."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from shop.core import clock, events
from shop.payments.events import PaymentExpired
from shop.payments.models import Payment
from shop.payments.models_gateway import GatewayCode
from shop.payments.move import move_payment
from shop.payments.move_stray import rest_ended
from shop.payments.providers.acquirer import Standing
from shop.payments.states import PaymentState

FOR_THE_GATEWAY = timedelta(hours=2)
"""How long stock waits for a gateway that does not answer; money that comes then is late."""
log = structlog.get_logger()


def expire_due(session: Session) -> int:
    """End every payment whose time is over and tell the orders; returns how many ended.

    A payment the buyer says was sent does not expire: a person has to look. One with a code that
    its gateway was not asked about once more waits for that, for a while. One that cannot end keeps
    no other from ending.
    """
    now = clock.now()
    asked_first = exists().where(
        GatewayCode.payment_id == Payment.id,
        GatewayCode.standing.in_((Standing.UNKNOWN.value, Standing.PENDING.value)),
        GatewayCode.ask_at.is_not(None),
    )
    due = session.scalars(
        select(Payment.id)
        .where(
            Payment.state == PaymentState.PENDING.value,
            Payment.expires_at <= now,
            or_(~asked_first, Payment.expires_at <= now - FOR_THE_GATEWAY),
        )
        .order_by(Payment.expires_at)
    ).all()
    ended = 0
    for payment_id in due:
        try:
            with session.begin_nested():
                move_payment(
                    session, payment_id, PaymentState.EXPIRED, actor="clock", person_id=None
                )
                events.publish(session, PaymentExpired(payment_id))
                rest_ended(session, payment_id, actor="clock", person_id=None)
        except Exception as fault:  # noqa: BLE001 - the others must end all the same
            log.error("payment not expired", payment=str(payment_id), error=type(fault).__name__)
        else:
            ended += 1
    return ended
