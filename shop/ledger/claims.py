"""Which legs of what a seller is owed are in a payout, and which wait for the next one."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger.legs import Span
from shop.ledger.models import Account, Entry, Payout, Posting
from shop.ledger.statement import payable_of
from shop.ledger.states import AccountKind, EntryKind, PayoutState


def unclaimed(session: Session, seller_id: uuid.UUID) -> Span | None:
    """The legs that the next payout would claim; None for a seller who never earned."""
    account = payable_of(session, seller_id)
    if account is None:
        return None
    return Span(account.id, first_unclaimed(session, seller_id), account.last_number)


def claimed(session: Session, payout: Payout) -> Span | None:
    """The legs that a payout claims; None for one made before claims were numbered."""
    account = payable_of(session, payout.seller_id)
    if account is None or payout.first_number is None or payout.last_number is None:
        return None
    return Span(account.id, payout.first_number, payout.last_number)


def first_unclaimed(session: Session, seller_id: uuid.UUID) -> int:
    """The number of the first leg after her last claim that was not given back, from 1."""
    last = (
        select(Payout.id, Payout.last_number)
        .where(Payout.seller_id == seller_id, Payout.state != PayoutState.RETURNED.value)
        .order_by(Payout.id.desc())
        .limit(1)
    )
    row = session.execute(last).first()
    if row is None:
        return 1
    if row.last_number is not None:
        return int(row.last_number) + 2  # after its own claiming leg
    key = f"{EntryKind.PAYOUT_CLAIMED.value}:{row.id.hex}"  # made before claims were numbered
    number = session.scalar(
        select(Posting.number)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(Entry.key == key, Account.kind == AccountKind.PAYABLE.value)
    )
    return (number or 0) + 1
