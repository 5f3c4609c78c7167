"""Undoing an entry by another one: what stands is never changed."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger.models import Account, Entry, Posting
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind


def reverse(
    session: Session, entry_id: uuid.UUID, *, person_id: uuid.UUID | None, note: str
) -> uuid.UUID:
    """Post the entry that undoes this one leg by leg; returns its id.

    It stands in the month of today: that of the undone entry may be shut. A second one for the same
    entry breaks the unique constraint.
    """
    undone = session.get_one(Entry, entry_id)
    rows = session.execute(
        select(Account.kind, Account.seller_id, Account.member_id, Account.holder_id,
               Posting.amount)
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.entry_id == entry_id)
    )  # fmt: skip
    legs = [
        Leg(AccountKind(kind), -amount, seller_id, member_id, holder_id)
        for kind, seller_id, member_id, holder_id, amount in rows
    ]
    about = About(
        person_id=person_id,
        order_id=undone.order_id,
        seller_order_id=undone.seller_order_id,
        payment_id=undone.payment_id,
        payout_id=undone.payout_id,
        consigned_id=undone.consigned_id,
        group_id=undone.group_id,
        reverses_id=entry_id,
        note=note,
    )
    return post(session, EntryKind.REVERSAL, f"reversal:{entry_id.hex}", legs, about)
