"""Asking Stripe what became of refunds and disputes, and how sellers' accounts there stand.

Messages may be lost, and those about sellers' accounts need a setting at Stripe of their own.
"""

from __future__ import annotations

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import clock
from shop.payments import refund_by_card
from shop.payments.hear_dispute import hear_dispute
from shop.payments.hear_stripe import hear_account
from shop.payments.models_stripe import ConnectedAccount, Dispute
from shop.payments.providers.stripe import StripeUnavailable
from shop.payments.providers.stripe_back import ask_dispute, read_dispute
from shop.payments.providers.stripe_connect import ask_account
from shop.payments.states_stripe import UNDECIDED, DisputeState
from shop.sellers.models import Seller

AT_ONCE = 50
log = structlog.get_logger()


def ask_stripe(session: Session, config: Config) -> None:
    """Ask about all that hangs, and book the answers; commits each.

    Where Stripe does not answer it is left in peace until the next time.
    """
    if not config.stripe_secret_key:
        return
    try:
        _refunds(session, config)
        _disputes(session, config)
        _accounts(session, config)
    except StripeUnavailable as fault:
        session.rollback()
        log.warning("stripe not asked", error=str(fault))


def _refunds(session: Session, config: Config) -> None:
    for refund_id in refund_by_card.overdue(session)[:AT_ONCE]:
        refund_by_card.carry_out(session, {"refund_id": str(refund_id)}, config)
        session.commit()


def _disputes(session: Session, config: Config) -> None:
    """Those that are not decided, and those won whose money is not back yet."""
    hangs = Dispute.state.in_([state.value for state in UNDECIDED]) | (
        (Dispute.state == DisputeState.WON.value)
        & Dispute.withdrawn_at.is_not(None)
        & Dispute.reinstated_at.is_(None)
    )
    known = session.scalars(select(Dispute.provider_id).where(hangs).limit(AT_ONCE)).all()
    session.rollback()  # no transaction stays open while Stripe answers
    for provider_id in known:
        thing = ask_dispute(config, provider_id)
        fault = hear_dispute(session, read_dispute(thing))
        session.commit()
        if fault:
            log.error("dispute not booked", dispute=provider_id, fault=fault)


def _accounts(session: Session, config: Config) -> None:
    unknown = or_(ConnectedAccount.account.is_(None), ConnectedAccount.transfers != "active")
    wanted = (
        select(Seller.stripe_account)
        .outerjoin(ConnectedAccount, ConnectedAccount.account == Seller.stripe_account)
        .where(Seller.stripe_account.is_not(None), unknown)
        .limit(AT_ONCE)
    )
    known = [account for account in session.scalars(wanted) if account]
    session.rollback()
    for account in known:
        asked_at = clock.now()
        told = ask_account(config, account)
        hear_account(session, told, asked_at)
        session.commit()
