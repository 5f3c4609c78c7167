"""Holding the books against what Stripe has written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import clock
from shop.ledger.models import Payout
from shop.ledger.states import PayoutState, PayoutWay
from shop.payments.differences import Difference, DifferenceKind
from shop.payments.hear_dispute import STATES
from shop.payments.hear_stripe import back_so_far
from shop.payments.models import Payment, Refund
from shop.payments.models_stripe import Dispute
from shop.payments.providers.stripe import StripeUnavailable
from shop.payments.providers.stripe_lists import StripeSays, what_stripe_says
from shop.payments.states import Method, PaymentState, RefundState
from shop.payments.states_stripe import DisputeState

LOOKS_BACK = timedelta(days=35)
_MARGIN = timedelta(days=2)
"""A page may have been opened so long before it was paid."""
_THERE = (PaymentState.SETTLED.value, PaymentState.LATE.value)


def ask_for_lists(config: Config) -> StripeSays | Difference | None:
    """What Stripe says of the last weeks; a difference where it is silent, None without a key.

    Talks to Stripe: never call it inside a transaction.
    """
    if not config.stripe_secret_key:
        return None
    try:
        return what_stripe_says(config, clock.now() - LOOKS_BACK)
    except StripeUnavailable as fault:
        return Difference(DifferenceKind.STRIPE_SILENT, str(fault))


def compare_stripe(session: Session, says: StripeSays | Difference | None) -> list[Difference]:
    """Every difference between the books and Stripe's lists; only reads."""
    if isinstance(says, Difference):
        return [says]
    if says is None:
        return []
    return [
        *_payments(session, says),
        *_refunds(session, says),
        *_disputes(session, says),
        *_payouts(session, says),
    ]


def _off(what: str, amount: int) -> Difference:
    return Difference(DifferenceKind.STRIPE, what, clock.today(), amount)


def _payments(session: Session, says: StripeSays) -> Iterator[Difference]:
    """What was paid there is settled here, and the other way round."""
    card = select(Payment).where(Payment.method == Method.CARD.value)
    known = {one.id: one for one in session.scalars(card.where(Payment.id.in_(says.paid)))}
    for payment_id, amount in says.paid.items():
        payment = known.get(payment_id)
        booked = payment.amount if payment is not None and payment.state in _THERE else 0
        if booked != amount:
            number = payment.order_number if payment is not None else str(payment_id)
            yield _off(number, amount - booked)
    since = says.since + _MARGIN
    here = card.where(Payment.state.in_(_THERE), Payment.created_at > since)
    for payment in session.scalars(here):
        if payment.id not in says.paid:
            yield _off(payment.order_number, -payment.amount)


def _refunds(session: Session, says: StripeSays) -> Iterator[Difference]:
    """What went back there is paid here under its id. What failed is not."""
    intents = {told.intent for told in says.refunds}
    ours = set(session.scalars(select(Payment.evidence).where(Payment.evidence.in_(intents))))
    names = [told.reference for told in says.refunds]
    paid = {
        row.reference: row.amount
        for row in session.scalars(
            select(Refund).where(
                Refund.reference.in_(names), Refund.state == RefundState.PAID.value
            )
        )
    }
    for told in says.refunds:
        went = (told.amount or 0) if told.status == "succeeded" else 0
        booked = paid.get(told.reference, 0)
        if told.intent in ours and went != booked:
            yield _off(told.reference, went - booked)


def _disputes(session: Session, says: StripeSays) -> Iterator[Difference]:
    """Every dispute is known, and stands as it does there."""
    intents = {told.intent for told in says.disputes}
    ours = set(session.scalars(select(Payment.evidence).where(Payment.evidence.in_(intents))))
    names = [told.provider_id for told in says.disputes]
    rows = session.scalars(select(Dispute).where(Dispute.provider_id.in_(names)))
    known = {row.provider_id: row for row in rows}
    for told in says.disputes:
        row, there = known.get(told.provider_id), STATES.get(told.status)
        stands = None if row is None else row.state
        if stands == DisputeState.BORNE:
            stands = DisputeState.LOST
        if told.intent in ours and stands != there:
            yield _off(told.provider_id, told.amount or 0)


def _payouts(session: Session, says: StripeSays) -> Iterator[Difference]:
    """What was sent to sellers, less what came back."""
    rows = session.scalars(
        select(Payout).where(Payout.way == PayoutWay.STRIPE.value, Payout.id.in_(says.sent))
    )
    known = {row.id: row for row in rows}
    for payout_id, amount in says.sent.items():
        row = known.get(payout_id)
        booked = 0
        if row is not None and row.state == PayoutState.PAID:
            booked = row.amount - back_so_far(session, row.id)
        if booked != amount:
            yield _off(row.reference or str(payout_id) if row else str(payout_id), amount - booked)
