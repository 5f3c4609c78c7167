"""Card payments of which some came back and some are disputed, for tests."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.orders.give_back import give_back
from shop.orders.models import Order
from shop.payments import refund_by_card
from shop.payments.hear_dispute import hear_dispute
from shop.payments.models_stripe import Dispute
from shop.payments.providers.stripe_back import ToldDispute, ToldRefund
from shop.payments.refund_by_card import hear_refund
from shop.payments.settle import settle
from tests.factories.orders import payment_of

INTENT = "pi_test"


def card_things(session: Session, order: Order) -> None:
    """An order was paid by card; Rp1.500 of it went back there, Rp1.000 are disputed."""
    payment, part = payment_of(session, order), order.parts[0]
    settle(session, payment.id, actor="provider", person_id=None, evidence=INTENT)
    back = give_back(
        session, part.id, lines={part.lines[0].id: (0, 1_500)}, delivery=0, seller_share=0,
        reason="x", person_id=None, key="card",
    )  # fmt: skip
    refund_by_card.ask(session, back.id, person_id=None)
    assert not hear_refund(session, ToldRefund("re_1", back.id, INTENT, 1_500, "succeeded", ""))
    disputed(session, INTENT)


def card_dispute(session: Session, order: Order) -> uuid.UUID:
    """An order was paid by card, and its buyer's bank disputes Rp1.000 of it."""
    payment = payment_of(session, order)
    settle(session, payment.id, actor="provider", person_id=None, evidence=INTENT)
    return disputed(session, INTENT)


def disputed(
    session: Session, intent: str, status: str = "needs_response", amount: int = 1_000
) -> uuid.UUID:
    """A dispute of a card payment that waits for evidence, or stands as Stripe says; its id."""
    told = ToldDispute(
        "dp_1", intent, amount, "fraudulent", status, None, 1, withdrawn=True, reinstated=False,
        fee=150,
    )  # fmt: skip
    assert not hear_dispute(session, told)
    return session.scalars(select(Dispute.id).where(Dispute.provider_id == "dp_1")).one()
