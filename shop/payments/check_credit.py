"""Proving that what buyers have as credit and the books say the same."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Posting
from shop.ledger.post import balance
from shop.ledger.states import AccountKind
from shop.payments.credit import OPEN
from shop.payments.models import Payment
from shop.payments.models_credit import CreditLine


def check_credit(session: Session) -> list[Finding]:
    """Every rule between the credit of buyers and the books, one finding each."""
    lines = count(session, select(func.count()).select_from(CreditLine))
    return [
        found("what buyers have as credit is on its account", lines, _sum(session)),
        found("every line of credit is what its entry moved", lines, _entries(session)),
        found("no buyer uses more credit than she has", lines, _too_much(session)),
    ]


def _sum(session: Session) -> Iterator[str]:
    told = count(session, select(func.sum(CreditLine.amount)))
    booked = -balance(session, AccountKind.CREDIT)
    if told != booked:
        yield f"buyers have {told}, the account says {booked}"


def _entries(session: Session) -> Iterator[str]:
    told = {
        row[0]: row[1]
        for row in session.execute(
            select(CreditLine.entry_id, func.sum(CreditLine.amount)).group_by(CreditLine.entry_id)
        )
    }
    for entry_id, amount in session.execute(
        select(Posting.entry_id, -Posting.amount)
        .join(Account, Account.id == Posting.account_id)
        .where(Account.kind == AccountKind.CREDIT.value)
    ):
        lines = told.pop(entry_id, 0)
        if lines != amount:
            yield f"entry {entry_id}: {lines} told, {amount} booked"
    yield from (
        f"entry {one}: {lines} told, nothing booked" for one, lines in told.items() if lines
    )


def _too_much(session: Session) -> Iterator[str]:
    has = select(CreditLine.person_id, func.sum(CreditLine.amount)).group_by(CreditLine.person_id)
    free: dict[uuid.UUID | None, int] = {row[0]: row[1] for row in session.execute(has)}
    promised = session.execute(
        select(Payment.buyer_id, func.sum(Payment.credit))
        .where(Payment.state.in_(OPEN), Payment.credit > 0)
        .group_by(Payment.buyer_id)
    )
    for person_id, amount in promised:
        free[person_id] = free.get(person_id, 0) - amount
    yield from (f"person {one}: {rest}" for one, rest in free.items() if rest < 0)
