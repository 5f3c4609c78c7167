"""Proving that couriers and points owe just the cash they took and have not handed in."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.of_kinds import of_kinds
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.models import Payment, PaymentPart
from shop.payments.states import PaymentState
from shop.sellers.models_holder import CashHolder

Owed = dict[tuple[uuid.UUID | None, uuid.UUID | None], int]
"""Rupiah by holder and seller."""


def check_carried(session: Session) -> list[Finding]:
    """Every rule of cash that others carry, one finding each."""
    holders = count(session, select(func.count()).select_from(CashHolder))
    return [
        found("couriers and points owe just the cash they took", holders, _owed(session)),
        found("no seller got more from a courier than it took", holders, _given(session)),
    ]


def _owed(session: Session) -> Iterator[str]:
    """What they took for parts, less what they handed in; never below nothing."""
    wanted: dict[uuid.UUID | None, int] = defaultdict(int)
    for (holder, _), amount in _taken(session).items():
        wanted[holder] += amount
    for holder, amount in session.execute(
        select(Account.holder_id, func.sum(Posting.amount))
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.kind == AccountKind.CARRIED.value, of_kinds((EntryKind.HANDED_IN,)))
        .group_by(Account.holder_id)
    ):
        wanted[holder] += int(amount)
    for account in session.scalars(
        select(Account).where(Account.kind == AccountKind.CARRIED.value)
    ):
        known = wanted.pop(account.holder_id, 0)
        if account.balance != known or known < 0:
            yield f"{account.code} carries {account.balance}, its parts say {known}"
    for holder, amount in wanted.items():
        if amount:
            yield f"holder {holder} carries nothing, its parts say {amount}"


def _given(session: Session) -> Iterator[str]:
    taken = _taken(session)
    carried = aliased(Account)
    leg = aliased(Posting)
    for holder, seller, amount in session.execute(
        select(carried.holder_id, Posting.seller_id, func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .join(leg, leg.entry_id == Entry.id)
        .join(carried, carried.id == leg.account_id)
        .where(
            Account.kind == AccountKind.PAYABLE.value,
            carried.kind == AccountKind.CARRIED.value,
            of_kinds((EntryKind.HANDED_IN,)),
        )
        .group_by(carried.holder_id, Posting.seller_id)
    ):
        most = taken.get((holder, seller), 0)
        if amount > most:
            yield f"seller {seller} got {amount} of {most} from holder {holder}"


def _taken(session: Session) -> Owed:
    rows = session.execute(
        select(Payment.carrier_id, PaymentPart.seller_id, func.sum(PaymentPart.amount))
        .join(PaymentPart, PaymentPart.payment_id == Payment.id)
        .where(Payment.carrier_id.is_not(None), Payment.state == PaymentState.SETTLED.value)
        .group_by(Payment.carrier_id, PaymentPart.seller_id)
    )
    return {(holder, seller): int(amount) for holder, seller, amount in rows}
