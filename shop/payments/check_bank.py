"""Proving that lines of the bank's statements and the books say the same."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind
from shop.payments.models_bank import BankLine, BankMatch
from shop.payments.states_bank import LineState


def check_bank(session: Session) -> list[Finding]:
    """Every rule of statements' lines, one finding each."""
    lines = count(session, select(func.count()).select_from(BankLine))
    matches = count(session, select(func.count()).select_from(BankMatch))
    return [
        found("every matched line of the bank is its entries", lines, wrong_sums(session)),
        found("no line of the bank is an entry that was undone", matches, undone(session)),
    ]


def wrong_sums(session: Session) -> Iterator[str]:
    """Lines that are matched and whose entries sum to something else, or the reverse."""
    at_bank = (
        select(BankMatch.line_id.label("line_id"), func.sum(Posting.amount).label("amount"))
        .join(Posting, Posting.entry_id == BankMatch.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(Account.kind == AccountKind.BANK.value)
        .group_by(BankMatch.line_id)
        .subquery()
    )
    rows = session.execute(
        select(BankLine.booked_on, BankLine.description, BankLine.amount, BankLine.state,
               at_bank.c.amount)
        .outerjoin(at_bank, at_bank.c.line_id == BankLine.id)
    )  # fmt: skip
    for day, words, amount, state, booked in rows:
        wanted = amount if state == LineState.MATCHED else None
        if booked != wanted:
            yield f"{day} {words}: {state} {amount}, booked {booked}"


def undone(session: Session) -> Iterator[str]:
    """Lines of the bank that say money moved, and an entry of theirs that was reversed."""
    undoing = aliased(Entry)
    rows = session.execute(
        select(BankLine.booked_on, BankLine.description, BankLine.amount)
        .join(BankMatch, BankMatch.line_id == BankLine.id)
        .where(exists().where(undoing.reverses_id == BankMatch.entry_id))
    )
    return (f"{day} {words}: {amount}" for day, words, amount in rows)
