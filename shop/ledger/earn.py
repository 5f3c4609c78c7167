"""What a seller's part of an order brings her once the buyer has it."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger.models import Entry
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind


def earn(
    session: Session,
    *,
    seller_id: uuid.UUID,
    order_id: uuid.UUID,
    seller_order_id: uuid.UUID,
    amount: int,
    fee: int,
    in_cash: bool,
    person_id: uuid.UUID | None = None,
) -> None:
    """Book a completed part: `amount` rupiah (goods and delivery) become hers, less `fee`.

    What she took in cash she keeps in her hand, so only the fee stays owed. Done once for each
    part: a second call breaks the unique key of the entry.
    """
    about = About(person_id=person_id, order_id=order_id, seller_order_id=seller_order_id)
    key = seller_order_id.hex

    def move(kind: EntryKind, debit: Leg, credit: Leg) -> None:
        if debit.amount:
            post(session, kind, f"{kind.value}:{key}", [debit, credit], about)

    move(
        EntryKind.COMPLETION,
        Leg(AccountKind.HELD, amount, seller_id),
        Leg(AccountKind.PAYABLE, -amount, seller_id),
    )
    move(
        EntryKind.FEE,
        Leg(AccountKind.PAYABLE, fee, seller_id),
        Leg(AccountKind.FEE, -fee),
    )
    if in_cash:
        move(
            EntryKind.CASH_KEPT,
            Leg(AccountKind.PAYABLE, amount, seller_id),
            Leg(AccountKind.CASH, -amount, seller_id),
        )


def is_earned(session: Session, seller_order_id: uuid.UUID) -> bool:
    """Whether this part has been completed in the books."""
    key = f"{EntryKind.COMPLETION.value}:{seller_order_id.hex}"
    return session.scalar(select(Entry.id).where(Entry.key == key)) is not None
