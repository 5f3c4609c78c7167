"""Money that goes back through Stripe: refunds asked for, and disputes of the buyers' banks.

Refunds: https://docs.stripe.com/refunds, disputes: https://docs.stripe.com/disputes. A card of
another country is settled in another currency; our own sums are those of the charge, in rupiah.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
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
from shop.payments.providers.stripe_connect import StripeRefused

if TYPE_CHECKING:
    from stripe.params import RefundCreateParams


@dataclass(frozen=True)
class ToldRefund:
    """What Stripe says of a refund; `amount` in rupiah, None where it is not whole rupiah."""

    reference: str
    refund_id: uuid.UUID | None
    intent: str
    amount: int | None
    status: str
    why: str


@dataclass(frozen=True)
class ToldDispute:
    """What Stripe says of a dispute; `amount` in rupiah, None where it is not whole rupiah.

    `moves` moves of our balance are told of; `withdrawn` and `reinstated` say whether the money
    went and came back, `fee` is what they cost in rupiah, 0 where Stripe counts in
    another currency.
    """

    provider_id: str
    intent: str
    amount: int | None
    reason: str
    status: str
    evidence_by: datetime | None
    moves: int
    withdrawn: bool
    reinstated: bool
    fee: int


def send_back(
    config: Config, *, refund_id: uuid.UUID, intent: str, amount: int
) -> Mapping[str, Any]:
    """Have `amount` rupiah of a card payment sent back, once for each refund; Stripe's object.

    As Stripe forgets keys after a day, the refund's own object is looked for first. Talks to
    Stripe: never call it inside a transaction. Raises `StripeUnavailable`, `StripeRefused`.
    """
    params: RefundCreateParams = {
        "payment_intent": intent,
        "amount": to_minor(amount),
        "metadata": {"refund_id": str(refund_id)},
    }
    refunds = client(config).v1.refunds
    try:
        for known in refunds.list({"payment_intent": intent, "limit": 100}).auto_paging_iter():
            thing = known.to_dict()
            if (thing.get("metadata") or {}).get("refund_id") == str(refund_id):
                return thing
        return refunds.create(params, {"idempotency_key": f"refund:{refund_id}"}).to_dict()
    except stripe.InvalidRequestError as fault:
        raise StripeRefused(fault.user_message or fault.code or "refused") from fault
    except stripe.StripeError as fault:
        raise StripeUnavailable(type(fault).__name__) from fault


def ask_dispute(config: Config, provider_id: str) -> Mapping[str, Any]:
    """A dispute as it stands now. Raises `StripeUnavailable`."""
    try:
        return client(config).v1.disputes.retrieve(provider_id).to_dict()
    except stripe.StripeError as fault:
        raise StripeUnavailable(type(fault).__name__) from fault


def read_refund(thing: Mapping[str, Any]) -> ToldRefund:
    """A refund's object, from an answer or an event."""
    return ToldRefund(
        reference=str(thing.get("id", ""))[:60],
        refund_id=_id((thing.get("metadata") or {}).get("refund_id")),
        intent=str(thing.get("payment_intent") or ""),
        amount=_rupiah(thing),
        status=str(thing.get("status") or ""),
        why=str(thing.get("failure_reason") or thing.get("status") or "")[:200],
    )


def read_dispute(thing: Mapping[str, Any], kind: str = "") -> ToldDispute:
    """A dispute's object, from an answer or an event of this kind."""
    moves = [one for one in thing.get("balance_transactions") or () if isinstance(one, dict)]
    status = str(thing.get("status") or "")
    due_by = (thing.get("evidence_details") or {}).get("due_by")
    reinstated = kind.endswith("funds_reinstated") or any(one["amount"] > 0 for one in moves)
    withdrawn = kind.endswith("funds_withdrawn") or any(one["amount"] < 0 for one in moves)
    fees = sum(one.get("fee") or 0 for one in moves if one.get("currency") == CURRENCY)
    return ToldDispute(
        provider_id=str(thing.get("id", ""))[:80],
        intent=str(thing.get("payment_intent") or ""),
        amount=_rupiah(thing),
        reason=str(thing.get("reason") or "")[:60],
        status=status,
        evidence_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
        moves=len(moves),
        withdrawn=withdrawn or reinstated or status == "lost",
        reinstated=reinstated,
        fee=round(fees / 100),
    )


def _rupiah(thing: Mapping[str, Any]) -> int | None:
    if thing.get("currency") != CURRENCY:
        return None
    try:
        return from_minor(thing["amount"])
    except BadAmount:
        return None


def _id(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
