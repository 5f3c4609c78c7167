"""What a seller's part of an order brings her once the buyer has it."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import events
from shop.ledger.events import SaleEarned
from shop.ledger.models import Entry
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind


def earn(  # noqa: PLR0913
    session: Session,
    *,
    seller_id: uuid.UUID,
    order_id: uuid.UUID,
    seller_order_id: uuid.UUID,
    amount: int,
    fee: int,
    subsidy: int = 0,
    in_cash: bool,
    in_own: bool = False,
    cash_taken: int | None = None,
    person_id: uuid.UUID | None = None,
) -> None:
    """Book a completed part: `amount` rupiah (goods and delivery) become hers, less `fee`.

    To these come `subsidy` rupiah of what promotions took off: what the programme bears.

    What she took in cash, or (`in_own`) in her own account (`cash_taken`, where it is not just
    `amount`) she keeps, so only the fee stays owed, and what of it went back to the buyer. Cash
    that others carry for her is not `in_cash`: the programme owes it to her. Done once for each
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
    move(
        EntryKind.PROMOTED,
        Leg(AccountKind.PROMOTION, subsidy),
        Leg(AccountKind.PAYABLE, -subsidy, seller_id),
    )
    if in_cash or in_own:
        taken = amount if cash_taken is None else cash_taken
        move(
            EntryKind.OWN_KEPT if in_own else EntryKind.CASH_KEPT,
            Leg(AccountKind.PAYABLE, taken, seller_id),
            Leg(AccountKind.OWN if in_own else AccountKind.CASH, -taken, seller_id),
        )
    events.publish(session, SaleEarned(seller_id, seller_order_id, person_id=person_id))


def end_undone(
    session: Session,
    *,
    seller_id: uuid.UUID,
    order_id: uuid.UUID,
    seller_order_id: uuid.UUID,
    stays: int,
    cash_taken: int,
    in_own: bool = False,
    person_id: uuid.UUID | None = None,
) -> None:
    """Book the end of a part that was undone after its money came, once.

    `stays` rupiah stay with the seller all the same, without a fee: what the programme bears, or a
    delivery that was made. `cash_taken` rupiah are in her hand, or (`in_own`) in her own account,
    and she owes them now: the programme sends the buyer what goes back.
    """
    about = About(person_id=person_id, order_id=order_id, seller_order_id=seller_order_id)
    if stays:
        legs = [
            Leg(AccountKind.HELD, stays, seller_id),
            Leg(AccountKind.PAYABLE, -stays, seller_id),
        ]
        post(session, EntryKind.MADE_GOOD, f"made_good:{seller_order_id.hex}", legs, about)
    if cash_taken:
        legs = [
            Leg(AccountKind.PAYABLE, cash_taken, seller_id),
            Leg(AccountKind.OWN if in_own else AccountKind.CASH, -cash_taken, seller_id),
        ]
        post(session, EntryKind.CASH_OWED, f"cash_owed:{seller_order_id.hex}", legs, about)
    if stays:
        events.publish(session, SaleEarned(seller_id, seller_order_id, person_id=person_id))


def is_earned(session: Session, seller_order_id: uuid.UUID) -> bool:
    """Whether this part has been completed in the books."""
    key = f"{EntryKind.COMPLETION.value}:{seller_order_id.hex}"
    return session.scalar(select(Entry.id).where(Entry.key == key)) is not None
