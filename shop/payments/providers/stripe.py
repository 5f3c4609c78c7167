"""Cards, through Stripe's hosted Checkout page. Only this module knows Stripe's words and units."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import stripe

from shop.config import Config
from shop.core import clock
from shop.core.models import ShopSettings
from shop.ledger.states import AccountKind
from shop.payments.states import Method

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

PROVIDER = "stripe"
CURRENCY = "idr"
TOLERANCE = 300
"""How old a signature may be, in seconds: Stripe's own advice."""
_SHORTEST, _LONGEST = timedelta(minutes=31), timedelta(hours=23, minutes=59)
"""Stripe lets a page live between 30 minutes and 24 hours."""


class StripeUnavailable(Exception):
    """Stripe could not be reached or refused; nothing was charged."""


class BadSignature(ValueError):
    """A message does not come from Stripe, or not lately."""


class BadAmount(ValueError):
    """A sum from Stripe is not a whole number of rupiah."""


@dataclass(frozen=True)
class Card:
    """Card by Stripe, which confirms by itself through a signed message."""

    method: Method = Method.CARD
    lies_in: AccountKind = AccountKind.CARD
    goes_back_from: AccountKind = AccountKind.CARD
    needs_code: bool = False
    most: int | None = None

    def offered(self, settings: ShopSettings, config: Config) -> bool:  # noqa: ARG002
        """Where the keys are set: without the webhook's secret nobody would learn of a payment."""
        return bool(config.stripe_secret_key and config.stripe_webhook_secret)


@dataclass(frozen=True)
class PaidMessage:
    """What a message about a Checkout page says: which payment, whether and how much is paid."""

    payment_id: uuid.UUID | None
    reference: str
    paid: bool
    amount: int | None
    """In rupiah; None where the message's sum is not in whole rupiah."""
    evidence: str


def to_minor(rupiah: int) -> int:
    """Stripe counts the rupiah in hundredths (https://docs.stripe.com/currencies: IDR is not in
    the list of zero-decimal currencies).
    """
    return rupiah * 100


def from_minor(amount: int) -> int:
    """Stripe's hundredths in rupiah. Raises `BadAmount` where they are not whole rupiah."""
    if amount % 100:
        raise BadAmount(amount)
    return amount // 100


def client(config: Config) -> stripe.StripeClient:
    """Stripe's own client, pointed at `STRIPE_API_BASE` where that is set."""
    if not config.stripe_secret_key:
        raise StripeUnavailable("STRIPE_SECRET_KEY is not set")
    return stripe.StripeClient(
        config.stripe_secret_key,
        base_addresses={"api": config.stripe_api_base} if config.stripe_api_base else {},
        http_client=stripe.RequestsClient(timeout=15),
        max_network_retries=2,
    )


@dataclass(frozen=True)
class Page:
    """Stripe's page for one payment."""

    reference: str
    url: str | None
    open: bool


def open_page(
    config: Config,
    *,
    payment_id: uuid.UUID,
    amount: int,
    words: str,
    back_to: str,
    language: str,
    expires_at: datetime | None,
) -> Page:
    """Make the page on which the buyer types her card, for `amount` rupiah.

    Pressed twice it is the same page, as the key is the payment's. Talks to Stripe: never call it
    inside a transaction. Raises `StripeUnavailable`.
    """
    params: SessionCreateParams = {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": CURRENCY,
                    "unit_amount": to_minor(amount),
                    "product_data": {"name": words},
                },
            }
        ],
        "client_reference_id": str(payment_id),
        "metadata": {"payment_id": str(payment_id)},
        "success_url": back_to,
        "cancel_url": back_to,
        "locale": "en" if language == "en" else "id",
    }
    if expires_at is not None:
        params["expires_at"] = _page_end(expires_at)
    try:
        made = client(config).v1.checkout.sessions.create(
            params, {"idempotency_key": f"checkout:{payment_id}"}
        )
    except stripe.StripeError as fault:
        raise StripeUnavailable(type(fault).__name__) from fault
    return Page(made.id, made.url, made.status == "open")


def read_message(config: Config, body: bytes, signature: str) -> dict[str, Any]:
    """The event in a webhook's body, if Stripe signed it. Raises `BadSignature`.

    Stripe has a secret for each of its settings of where to send messages, those about this account
    and those about sellers' accounts; any of ours may have signed it.
    """
    if not config.stripe_webhook_secret:
        raise BadSignature("no secret")
    try:
        text = body.decode("utf-8")
        _verify(text, signature, config.stripe_webhook_secret.split(","))
        event: dict[str, Any] = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, stripe.SignatureVerificationError) as fault:
        raise BadSignature(type(fault).__name__) from fault
    thing = (event.get("data") or {}).get("object") if isinstance(event, dict) else None
    if not isinstance(thing, dict) or not isinstance(event.get("id"), str):
        raise BadSignature("not an event")
    return event


def _verify(text: str, signature: str, secrets: list[str]) -> None:
    """Raises `SignatureVerificationError` where none of the secrets fits."""
    for secret in secrets[:-1]:
        with suppress(stripe.SignatureVerificationError):
            stripe.WebhookSignature.verify_header(text, signature, secret.strip(), TOLERANCE)
            return
    stripe.WebhookSignature.verify_header(text, signature, secrets[-1].strip(), TOLERANCE)


def read_page(event: dict[str, Any]) -> PaidMessage | None:
    """What an event about a Checkout page says; None for other events."""
    if not str(event.get("type", "")).startswith("checkout.session."):
        return None
    page = event["data"]["object"]
    try:
        payment_id = uuid.UUID(str((page.get("metadata") or {}).get("payment_id")))
    except ValueError:
        payment_id = None
    try:
        amount = from_minor(page["amount_total"]) if page.get("currency") == CURRENCY else None
    except BadAmount:
        amount = None
    return PaidMessage(
        payment_id=payment_id,
        reference=str(page.get("id", "")),
        paid=page.get("payment_status") == "paid" and event["type"] != "checkout.session.expired",
        amount=amount,
        evidence=str(page.get("payment_intent") or page.get("id", "")),
    )


def dispute_page(config: Config) -> str:
    """Where staff see and answer disputes: put the dispute's id behind it."""
    test = "test/" if (config.stripe_secret_key or "").startswith("sk_test_") else ""
    return f"https://dashboard.stripe.com/{test}disputes/"


def _page_end(expires_at: datetime) -> int:
    now = clock.now()
    return int(min(max(expires_at, now + _SHORTEST), now + _LONGEST).timestamp())
