"""Payouts through Stripe: asked outside of any transaction, booked once, given back in full."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import outbox
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Payout
from shop.ledger.paid_out import OtherWay, mark_returned, mark_transferred
from shop.ledger.pay_out import TRANSFER
from shop.ledger.payout_steps import approved
from shop.ledger.states import PayoutState, PayoutWay
from shop.payments.hear_stripe import back_so_far, hear_transfer
from shop.payments.providers import stripe_connect
from shop.payments.providers.stripe_connect import StripeRefused, ToldTransfer
from shop.sellers.models import Seller


def transfer(session: Session, payload: Mapping[str, Any], config: Config) -> None:
    """Send one approved payout through Stripe and book it; an outbox handler, safe to repeat.

    Killed between Stripe's answer and the booking it is done again, and Stripe's first answer
    comes again. What Stripe refuses for good is owed to the seller again. Raises
    `StripeUnavailable`: the outbox tries again later.
    """
    payout_id = uuid.UUID(str(payload["payout_id"]))
    payout = session.get(Payout, payout_id)
    if payout is None or payout.way != PayoutWay.STRIPE or payout.state != PayoutState.CLAIMED:
        return
    approved(session, payout_id)
    account, amount = payout.bank_account, payout.amount
    session.rollback()  # no transaction stays open while Stripe answers
    try:
        reference = stripe_connect.send(config, payout_id=payout_id, account=account, amount=amount)
    except StripeRefused as fault:
        _end(session, payout_id, refused=str(fault)[:300])
    else:
        _end(session, payout_id, reference=reference)


def send_again(session: Session, payout_id: uuid.UUID) -> None:
    """Leave a payout that has not gone to the workers once more. Raises `OtherWay`."""
    payout = approved(session, payout_id)
    if payout.way != PayoutWay.STRIPE or payout.state != PayoutState.CLAIMED:
        raise OtherWay
    outbox.send(session, TRANSFER, payout_id=str(payout_id))


def take_back(
    session: Session, config: Config, payout_id: uuid.UUID, *, reason: str, person_id: uuid.UUID
) -> None:
    """Reverse a payout at Stripe and book that the seller is owed it again.

    Pressed again after a crash in between, it is booked then. Raises `OtherWay`, `IllegalMove`,
    `StripeUnavailable`, `StripeRefused`.
    """
    payout = approved(session, payout_id)
    if payout.way != PayoutWay.STRIPE or payout.state != PayoutState.PAID:
        raise OtherWay
    reference, amount = payout.reference, payout.amount
    session.rollback()
    stripe_connect.take_back(config, payout_id=payout_id, transfer=reference)
    if back_so_far(session, payout_id):
        hear_transfer(session, ToldTransfer(reference, payout_id, amount))
    else:
        mark_returned(session, payout_id, reason=reason, person_id=person_id, at_stripe=True)


def onboarding(session: Session, config: Config, seller_id: uuid.UUID, *, back_to: str) -> str:
    """Stripe's page for this seller, who gets an account at her first visit.

    Ends the present transaction. Raises `StripeUnavailable`.
    """
    account = session.get_one(Seller, seller_id).stripe_account
    session.rollback()
    if not account:
        account = stripe_connect.open_account(config, seller_id=seller_id)
        session.get_one(Seller, seller_id).stripe_account = account
        session.commit()
    return stripe_connect.onboarding_link(config, account=account, back_to=back_to)


def _end(session: Session, payout_id: uuid.UUID, *, reference: str = "", refused: str = "") -> None:
    try:
        if refused:
            mark_returned(session, payout_id, reason=refused, person_id=None, at_stripe=True)
        else:
            mark_transferred(session, payout_id, reference=reference)
    except IllegalMove:  # another worker was told the same and booked it
        session.rollback()
