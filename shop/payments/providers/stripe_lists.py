"""What Stripe has written down of the last weeks, to hold our books against."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stripe

from shop.config import Config
from shop.payments.providers.stripe import CURRENCY, StripeUnavailable, client
from shop.payments.providers.stripe_back import (
    ToldDispute,
    ToldRefund,
    read_dispute,
    read_refund,
)

_A_PAGE = 100


@dataclass(frozen=True)
class StripeSays:
    """Since when Stripe was asked, and what it lists; money in rupiah.

    `paid` by the id of our payment, `sent` by that of our payout: what went less what came back.
    """

    since: datetime
    paid: Mapping[uuid.UUID, int]
    refunds: tuple[ToldRefund, ...]
    disputes: tuple[ToldDispute, ...]
    sent: Mapping[uuid.UUID, int]


def what_stripe_says(config: Config, since: datetime) -> StripeSays:
    """Read its lists. Talks to Stripe: never call it inside a transaction.

    Raises `StripeUnavailable`.
    """
    api, made = client(config).v1, {"gte": int(since.timestamp())}
    asked: Any = {"created": made, "limit": _A_PAGE}
    try:
        pages = [one.to_dict() for one in api.checkout.sessions.list(asked).auto_paging_iter()]
        refunds = [one.to_dict() for one in api.refunds.list(asked).auto_paging_iter()]
        disputes = [one.to_dict() for one in api.disputes.list(asked).auto_paging_iter()]
        sent = [one.to_dict() for one in api.transfers.list(asked).auto_paging_iter()]
    except stripe.StripeError as fault:
        raise StripeUnavailable(type(fault).__name__) from fault
    return StripeSays(
        since,
        _sums([one for one in pages if one.get("payment_status") == "paid"], "payment_id"),
        tuple(read_refund(one) for one in refunds),
        tuple(read_dispute(one) for one in disputes),
        _sums(sent, "payout_id"),
    )


def _sums(things: list[dict[str, Any]], named: str) -> dict[uuid.UUID, int]:
    """By the id of ours that they carry; what carries none is not of this shop."""
    found: dict[uuid.UUID, int] = {}
    for thing in things:
        try:
            ours = uuid.UUID(str((thing.get("metadata") or {}).get(named)))
        except ValueError:
            continue
        if thing.get("currency") == CURRENCY:
            amount = thing.get("amount_total", thing.get("amount")) or 0
            found[ours] = (amount - (thing.get("amount_reversed") or 0)) // 100
    return found
