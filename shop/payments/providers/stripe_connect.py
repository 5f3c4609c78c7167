"""Stripe Connect: sellers with an account of their own at Stripe, and money sent to it.

Transfers and their reversals: https://docs.stripe.com/connect/separate-charges-and-transfers,
accounts and the link to fill one in: https://docs.stripe.com/connect/hosted-onboarding.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import stripe

from shop.config import Config
from shop.payments.providers.stripe import (
    CURRENCY,
    BadAmount,
    StripeUnavailable,
    client,
    from_minor,
    to_minor,
)

if TYPE_CHECKING:
    from stripe.params import (
        AccountCreateParams,
        AccountLinkCreateParams,
        TransferCreateParams,
    )


class StripeRefused(Exception):
    """Stripe has said no for good: to the same question it would say so again."""


@dataclass(frozen=True)
class ToldAccount:
    """What Stripe says of a seller's account: see `models_stripe.ConnectedAccount`."""

    account: str
    transfers: str
    missing: str
    why: str


@dataclass(frozen=True)
class ToldTransfer:
    """What Stripe says of a transfer: `back` rupiah of it came back, None where it is not whole."""

    reference: str
    payout_id: uuid.UUID | None
    back: int | None


def send(config: Config, *, payout_id: uuid.UUID, account: str, amount: int) -> str:
    """Move `amount` rupiah to a seller's account at Stripe; returns the transfer's id.

    However often it is called for a payout, the money goes once: the key is the payout's, and as
    Stripe forgets keys after a day, the payout's own transfer is looked for first. Talks to Stripe:
    never call it inside a transaction. Raises `StripeUnavailable`, `StripeRefused`.
    """
    group = f"payout:{payout_id}"
    params: TransferCreateParams = {
        "amount": to_minor(amount),
        "currency": CURRENCY,
        "destination": account,
        "transfer_group": group,
        "metadata": {"payout_id": str(payout_id)},
    }
    try:
        known = client(config).v1.transfers.list({"transfer_group": group, "limit": 1})
        if known.data:
            return known.data[0].id
        return client(config).v1.transfers.create(params, {"idempotency_key": group}).id
    except stripe.InvalidRequestError as fault:
        raise StripeRefused(fault.user_message or fault.code or "refused") from fault
    except stripe.StripeError as fault:
        raise StripeUnavailable(type(fault).__name__) from fault


def take_back(config: Config, *, payout_id: uuid.UUID, transfer: str) -> None:
    """Reverse a whole transfer; one that was reversed before stays so.

    Talks to Stripe: never call it inside a transaction. Raises `StripeUnavailable`,
    `StripeRefused`: the seller may have spent it.
    """
    try:
        known = client(config).v1.transfers.retrieve(transfer)
        if not known.reversed:
            client(config).v1.transfers.reversals.create(
                transfer, {}, {"idempotency_key": f"reversal:{payout_id}"}
            )
    except stripe.InvalidRequestError as fault:
        raise StripeRefused(fault.user_message or fault.code or "refused") from fault
    except stripe.StripeError as fault:
        raise StripeUnavailable(type(fault).__name__) from fault


def open_account(config: Config, *, seller_id: uuid.UUID) -> str:
    """Make a seller's account at Stripe, empty, once; returns its id.

    Talks to Stripe: never call it inside a transaction. Raises `StripeUnavailable`.
    """
    params: AccountCreateParams = {
        "type": "express",
        "capabilities": {"transfers": {"requested": True}},
        "metadata": {"seller_id": str(seller_id)},
    }
    try:
        key = f"account:{seller_id}"
        return client(config).v1.accounts.create(params, {"idempotency_key": key}).id
    except stripe.StripeError as fault:
        raise StripeUnavailable(type(fault).__name__) from fault


def onboarding_link(config: Config, *, account: str, back_to: str) -> str:
    """The address, good for minutes and for one visit, where Stripe asks the seller who she is.

    Talks to Stripe: never call it inside a transaction. Raises `StripeUnavailable`.
    """
    params: AccountLinkCreateParams = {
        "account": account,
        "type": "account_onboarding",
        "refresh_url": back_to,
        "return_url": back_to,
    }
    try:
        return client(config).v1.account_links.create(params).url
    except stripe.StripeError as fault:
        raise StripeUnavailable(type(fault).__name__) from fault


def ask_account(config: Config, account: str) -> ToldAccount:
    """How a seller's account stands now. Talks to Stripe. Raises `StripeUnavailable`."""
    try:
        return read_account(client(config).v1.accounts.retrieve(account).to_dict())
    except stripe.StripeError as fault:
        raise StripeUnavailable(type(fault).__name__) from fault


def read_account(thing: Mapping[str, Any]) -> ToldAccount:
    """An account's object, from an answer or an event."""
    wants = thing.get("requirements") or {}
    missing = {*(wants.get("currently_due") or ()), *(wants.get("past_due") or ())}
    return ToldAccount(
        account=str(thing.get("id", ""))[:60],
        transfers=str((thing.get("capabilities") or {}).get("transfers") or "inactive")[:20],
        missing=" ".join(sorted(missing))[:500],
        why=str(wants.get("disabled_reason") or "")[:80],
    )


def read_transfer(thing: Mapping[str, Any]) -> ToldTransfer:
    """A transfer's object, from an event."""
    try:
        payout_id = uuid.UUID(str((thing.get("metadata") or {}).get("payout_id")))
    except ValueError:
        payout_id = None
    try:
        back = from_minor(thing["amount_reversed"]) if thing.get("currency") == CURRENCY else None
    except BadAmount:
        back = None
    return ToldTransfer(str(thing.get("id", "")), payout_id, back)
