"""What consigned goods bring a seller, and how the money comes from the point to her or to us.

Only the seller's money is booked: what the point keeps of each piece never is ours or hers.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import events
from shop.ledger.events import SaleEarned
from shop.ledger.models import Entry
from shop.ledger.post import About, Leg, post
from shop.ledger.reverse import reverse
from shop.ledger.states import AccountKind, EntryKind


def book_sold(
    session: Session,
    *,
    seller_id: uuid.UUID,
    count_id: uuid.UUID,
    amount: int,
    fee: int,
    holder: AccountKind,
    person_id: uuid.UUID | None,
) -> None:
    """Book a sale recorded as `count_id`: `amount` rupiah become hers, less `fee`. Once for each.

    `holder` is where the money lies: `point`, `cash` (in her own hand) or `bank`. What is in her
    hand she keeps, so only the fee stays owed.
    """
    about = About(person_id=person_id, consigned_id=count_id)
    key = count_id.hex
    at_seller = seller_id if holder is not AccountKind.BANK else None
    legs = [Leg(holder, amount, at_seller), Leg(AccountKind.PAYABLE, -amount, seller_id)]
    post(session, EntryKind.CONSIGNMENT_SOLD, f"consigned_sold:{key}", legs, about)
    if fee:
        legs = [Leg(AccountKind.PAYABLE, fee, seller_id), Leg(AccountKind.FEE, -fee)]
        post(session, EntryKind.FEE, f"fee:{key}", legs, about)
    if holder is AccountKind.CASH:
        legs = [
            Leg(AccountKind.PAYABLE, amount, seller_id),
            Leg(AccountKind.CASH, -amount, seller_id),
        ]
        post(session, EntryKind.CASH_KEPT, f"cash_kept:{key}", legs, about)
    events.publish(session, SaleEarned(seller_id, count_id, consigned=True, person_id=person_id))


def book_taken_back(
    session: Session,
    *,
    seller_id: uuid.UUID,
    count_id: uuid.UUID,
    reason: str,
    person_id: uuid.UUID | None,
) -> None:
    """Undo what was booked of a sale recorded as `count_id`: each of its entries, leg by leg, once.

    She owes what was paid out to her of it.
    """
    entries = session.scalars(
        select(Entry).where(
            Entry.consigned_id == count_id,
            Entry.kind.in_((EntryKind.CONSIGNMENT_SOLD, EntryKind.FEE, EntryKind.CASH_KEPT)),
        )
    ).all()
    for entry in sorted(entries, key=lambda one: list(EntryKind).index(EntryKind(one.kind))):
        reverse(session, entry.id, person_id=person_id, note=reason)
    events.publish(session, SaleEarned(seller_id, count_id, consigned=True, person_id=person_id))


def book_handed_on(
    session: Session,
    *,
    seller_id: uuid.UUID,
    payment_id: uuid.UUID,
    amount: int,
    to_bank: bool,
    person_id: uuid.UUID | None,
) -> None:
    """Book that a point handed on `amount` rupiah of hers: to the bank, or into her hand.

    In her hand it is paid: she is owed that much less. Once for each `payment_id`.
    """
    to = Leg(AccountKind.BANK, amount) if to_bank else Leg(AccountKind.PAYABLE, amount, seller_id)
    legs = [to, Leg(AccountKind.POINT, -amount, seller_id)]
    about = About(person_id=person_id, consigned_id=payment_id)
    post(session, EntryKind.CONSIGNMENT_PAID, f"consigned_paid:{payment_id.hex}", legs, about)
