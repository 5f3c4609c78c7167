"""What Stripe tells us: kept first, once by its own id, then acted on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.core import clock, ids, outbox
from shop.core.lifecycle import IllegalMove
from shop.ledger.insert_once import insert_once
from shop.payments import refund_by_card
from shop.payments.hear_dispute import NOT_YET, hear_dispute
from shop.payments.hear_stripe import hear_account, hear_transfer
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.models_stripe import CardRefund
from shop.payments.move import fresh
from shop.payments.providers import stripe
from shop.payments.providers.stripe_back import read_dispute, read_refund
from shop.payments.providers.stripe_connect import read_account, read_transfer
from shop.payments.refund_by_card import hear_refund
from shop.payments.settle import AlreadySettled, settle
from shop.payments.states import AskedBack, Method

DISPUTE = "charge.dispute."


def receive(session: Session, event: dict[str, Any]) -> None:
    """Keep an event that Stripe signed, and book what it says of money.

    An event that came before changes nothing. One that fits nothing of ours in id, currency and sum
    is kept with its fault for a person to look at, and settles nothing.
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
    fault = _hear(session, event)
    session.execute(
        update(WebhookEvent)
        .where(WebhookEvent.id == event_id)
        .values(handled_at=clock.now(), fault=fault[:200])
    )


def _hear(session: Session, event: dict[str, Any]) -> str:
    """Act on an event; returns why that could not be done, or nothing."""
    kind, thing = str(event.get("type", "")), event["data"]["object"]
    if kind.startswith(DISPUTE):
        return hear_dispute(session, read_dispute(thing, kind))
    if kind.startswith(("refund.", "charge.refund.")):
        return hear_refund(session, read_refund(thing))
    if kind == "charge.refunded":
        _ask_refunds(session, str(thing.get("payment_intent") or ""))
    elif kind == "transfer.reversed":
        return hear_transfer(session, read_transfer(thing))
    elif kind == "account.updated":
        told_at = datetime.fromtimestamp(event["created"], UTC)
        hear_account(session, read_account(thing), told_at)
    message = stripe.read_page(event)
    if message is None or not message.paid:
        return ""
    fault = _book(session, message)
    if not fault:
        _hear_again(session, message.evidence)
    return fault


def _ask_refunds(session: Session, intent: str) -> None:
    """Something went back of a charge, and its message does not say which refund: ask."""
    wanted = (
        select(CardRefund.refund_id)
        .join(Refund, Refund.id == CardRefund.refund_id)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.evidence == intent, CardRefund.state == AskedBack.ASKED.value)
    )
    for refund_id in session.scalars(wanted):
        outbox.send(session, refund_by_card.SEND, refund_id=str(refund_id))


def _hear_again(session: Session, intent: str) -> None:
    """What was said of disputes before their payment was known."""
    waiting = session.scalars(
        select(WebhookEvent)
        .where(
            WebhookEvent.provider == stripe.PROVIDER,
            WebhookEvent.kind.startswith(DISPUTE),
            WebhookEvent.fault == NOT_YET,
        )
        .order_by(WebhookEvent.received_at, WebhookEvent.id)
    )
    for row in waiting.all():
        told = read_dispute(row.payload["data"]["object"], row.kind)
        if told.intent == intent:
            row.fault = hear_dispute(session, told)[:200]


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
