"""Ledger, orders, providers and bank side by side: `shop check --money`, and once a day."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from shop.check import check_orders
from shop.config import Config
from shop.core import clock
from shop.core.db import only_reading
from shop.ledger.check import check_books
from shop.payments.check import check_payments
from shop.payments.check_bank import check_bank
from shop.payments.check_carried import check_carried
from shop.payments.check_gateway import check_gateway
from shop.payments.check_stripe import check_stripe
from shop.payments.compare_money import compare_money
from shop.payments.compare_stripe import ask_for_lists, compare_stripe
from shop.payments.differences import Difference, DifferenceKind
from shop.payments.models_bank import MoneyCheck
from shop.payments.providers.stripe_lists import StripeSays


def check_money(session: Session, says: StripeSays | Difference | None = None) -> list[Difference]:
    """Every difference, those inside the books first; only reads.

    `says` is what `ask_for_lists` heard from Stripe before.
    """
    findings = [
        *check_books(session),
        *check_payments(session),
        *check_gateway(session),
        *check_stripe(session),
        *check_bank(session),
        *check_carried(session),
        *check_orders(session),
    ]
    inside = [
        Difference(DifferenceKind.BOOKS, f"{finding.name}: {fault}")
        for finding in findings
        for fault in finding.faults
    ]
    return inside + compare_money(session) + compare_stripe(session, says)


def check_money_daily(session: Session, config: Config | None = None) -> None:
    """Compare, and keep what was found for the staff's page; only the last result stays."""
    session.rollback()  # no transaction stays open while Stripe answers
    says = ask_for_lists(config) if config else None
    with only_reading():
        found = check_money(session, says)
    session.execute(delete(MoneyCheck))
    data = [one.as_data() for one in found]
    session.add(MoneyCheck(checked_at=clock.now(), result={"differences": data}))
    session.flush()
