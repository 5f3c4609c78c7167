"""What Stripe tells us: kept first, once by its own id, then acted on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.lifecycle import IllegalMove
from shop.ledger.insert_once import insert_once
from shop.payments.models import Payment, WebhookEvent
from shop.payments.move import fresh
from shop.payments.providers import stripe
from shop.payments.settle import AlreadySettled, settle
from shop.payments.states import Method


def receive(session: Session, event: dict[str, Any]) -> None:
    """Keep an event that Stripe signed, and book the payment it speaks of.

    An event that came before changes nothing. One that fits no payment in id, currency and sum is
    kept with its fault for a person to look at, and settles nothing.
    """
    event_id = ids.new_id()
    if not insert_once(
        session,
        WebhookEvent,
        id=event_id,
        provider=stripe.PROVIDER,
        provider_event_id=str(event["id"])[:120],
        kind=str(event.get("type", ""))[:80],
        payload=event,
        received_at=clock.now(),
        fault="",
    ):
        return
    message = stripe.read_page(event)
    fault = _book(session, message) if message is not None and message.paid else ""
    session.execute(
        update(WebhookEvent)
        .where(WebhookEvent.id == event_id)
        .values(handled_at=clock.now(), fault=fault[:200])
    )


def _book(session: Session, message: stripe.PaidMessage) -> str:
    """Settle the payment; returns why it could not be, or nothing."""
    fault = _mismatch(session, message)
    if fault or message.payment_id is None:
        return fault
    try:
        settle(
            session,
            message.payment_id,
            actor="provider",
            person_id=None,
            evidence=message.evidence,
        )
    except AlreadySettled:
        return ""
    except IllegalMove as refused:
        return str(refused)
    return ""


def _mismatch(session: Session, message: stripe.PaidMessage) -> str:
    if message.payment_id is None or not session.scalar(
        select(Payment.id).where(Payment.id == message.payment_id)
    ):
        return "no such payment"
    payment = fresh(session, message.payment_id)
    if payment.method != Method.CARD:
        return f"{payment.order_number} is not paid by card"
    if payment.provider_reference not in (None, message.reference):
        return f"{payment.order_number} belongs to another page"
    if message.amount != payment.amount:
        return f"{payment.order_number}: {message.amount} came, {payment.amount} was asked for"
    payment.provider_reference = message.reference
    session.flush()  # the page's id is unique: a second payment with it must fail here
    return ""
