"""Keeping money from going back twice: by a provider, by hand, and through the buyer's bank."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger.states import AccountKind
from shop.payments.left_there import left_there
from shop.payments.models import Payment, Refund
from shop.payments.models_gateway import GatewayRefund
from shop.payments.models_stripe import CardRefund, Dispute
from shop.payments.states import AskedBack, Method
from shop.payments.states_stripe import MONEY_AWAY
from shop.payments.ways import WAYS


class AskedElsewhere(Exception):
    """A gateway or Stripe was asked to send it and has not answered: it could go back twice."""


class InDispute(AskedElsewhere):
    """The buyer's bank has taken the payment back: what is sent besides would be twice."""


def refuse_asked(session: Session, refund_id: uuid.UUID) -> None:
    """Whether a refund may be sent by hand; the refund is held already.

    Raises `AskedElsewhere`, `InDispute`.
    """
    for asked in (GatewayRefund, CardRefund):
        waits = select(asked.id).where(
            asked.refund_id == refund_id, asked.state == AskedBack.ASKED.value
        )
        if session.scalar(waits):
            raise AskedElsewhere(refund_id)
    refuse_disputed(session, session.get_one(Refund, refund_id).payment_id)


def refuse_disputed(session: Session, payment_id: uuid.UUID) -> None:
    """Whether money of a payment may go back now. Raises `InDispute`."""
    disputed = select(Dispute.id).where(
        Dispute.payment_id == payment_id, Dispute.state.in_([state.value for state in MONEY_AWAY])
    )
    if session.scalar(disputed):
        raise InDispute(payment_id)


def sent_from(session: Session, refund: Refund) -> AccountKind:
    """Where money for a refund lies that is sent by hand.

    For a card that is Stripe, too: staff do it on its page. What Stripe refused goes by bank, as
    does what is more than lies there.
    """
    refused = select(CardRefund.id).where(
        CardRefund.refund_id == refund.id, CardRefund.state == AskedBack.REFUSED.value
    )
    if session.scalar(refused):
        return AccountKind.BANK
    payment = session.get_one(Payment, refund.payment_id)
    way = WAYS[Method(payment.method)]
    if way.goes_back_from is AccountKind.CARD:
        fits = refund.amount <= left_there(session, payment, refund.id)
        return AccountKind.CARD if fits else AccountKind.BANK
    return way.goes_back_from
