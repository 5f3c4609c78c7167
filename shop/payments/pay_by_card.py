"""Sending a buyer to the page on which she types her card."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core.db import pause
from shop.payments.models import Payment
from shop.payments.providers import stripe
from shop.payments.states import Method, PaymentState


class NotPayable(Exception):
    """This payment is not, or no longer, made by card."""


def open_page(
    session: Session, config: Config, payment: Payment, *, words: str, back_to: str, language: str
) -> str:
    """The address of Stripe's page for this payment; pressed twice it is the same page.

    `back_to` is where Stripe sends the buyer afterwards. Ends the present transaction before it
    talks to Stripe. Raises `NotPayable`, `StripeUnavailable`.
    """
    if payment.method != Method.CARD or payment.state != PaymentState.PENDING:
        raise NotPayable
    payment_id, amount, expires_at = payment.id, payment.amount, payment.expires_at
    pause()
    page = stripe.open_page(
        config,
        payment_id=payment_id,
        amount=amount,
        words=words,
        back_to=back_to,
        language=language,
        expires_at=expires_at,
    )
    if not page.open or page.url is None:
        raise NotPayable
    still = session.scalar(
        update(Payment)
        .where(Payment.id == payment_id, Payment.state == PaymentState.PENDING.value)
        .values(provider_reference=page.reference)
        .returning(Payment.id)
    )
    if still is None:  # settled, called off or paid another way while Stripe answered
        raise NotPayable
    return page.url
