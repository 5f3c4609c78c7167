"""Everything that a provider says of one payment that is paid: some of it twice, some turned."""

from __future__ import annotations

from typing import Any

from tests.stand_ins.midtrans import StandInMidtrans
from tests.stand_ins.stripe import StandInStripe

PAID = 3
"""Which message of a story is the one without which nobody would know of the payment."""


def of_a_code(midtrans: StandInMidtrans, reference: str) -> list[dict[str, Any]]:
    """A code of Midtrans: two messages turn up that it ended, and two that it was paid."""
    pending = midtrans.message(reference)
    cancelled = midtrans.becomes(reference, "cancel")
    midtrans.things[reference]["transaction_status"] = "pending"
    expired = midtrans.becomes(reference, "expire")
    midtrans.things[reference]["transaction_status"] = "pending"
    paid = midtrans.pay(reference)
    return [pending, expired, cancelled, paid, paid | {"issuer": "dana"}]


def of_a_page(stripe: StandInStripe, page: str) -> list[dict[str, Any]]:
    """A page of Stripe: two events of different kinds carry the same money."""
    opened = stripe.event("checkout.session.created", stripe.sessions[page])
    slow = stripe.event("checkout.session.completed", stripe.sessions[page])
    expired = stripe.event("checkout.session.expired", stripe.sessions[page])
    paid = stripe.pay(page)
    later = stripe.event("checkout.session.async_payment_succeeded", paid["data"]["object"])
    return [opened, slow, expired, paid, later]
