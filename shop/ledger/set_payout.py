"""How and how often a seller is paid out, and asking for it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core.money import MAX_PRICE, Rupiah
from shop.ledger.due import ASKED, Due, Wait, all_dues
from shop.ledger.states import PayoutWay
from shop.sellers.models import PayoutEvery, Seller


class NoStripe(ValueError):
    """The seller has no account at Stripe yet."""


class NothingToAsk(Exception):
    """Nothing can be paid to the seller now; `wait` says why."""

    def __init__(self, wait: Wait) -> None:
        super().__init__(wait)
        self.wait = wait


def set_payout(
    session: Session,
    seller_id: uuid.UUID,
    *,
    every: PayoutEvery,
    way: PayoutWay,
    minimum: int | None,
    person_id: uuid.UUID | None,
) -> None:
    """From now on the seller is paid so; `minimum` rupiah at least (None: as the shop does).

    Raises `NoStripe`, and `ValueError` for a minimum out of range.
    """
    if minimum is not None and not 0 <= minimum <= MAX_PRICE:
        raise ValueError(f"{minimum} rupiah")
    seller = session.get_one(Seller, seller_id)
    if way is PayoutWay.STRIPE and not seller.stripe_account:
        raise NoStripe
    before = (seller.payout_every, seller.payout_way, seller.payout_minimum)
    seller.payout_every, seller.payout_way = every.value, way.value
    seller.payout_minimum = None if minimum is None else Rupiah(minimum)
    after = (seller.payout_every, seller.payout_way, seller.payout_minimum)
    if before != after:
        audit.write(
            session, person_id, "seller.payout", "seller", seller_id,
            before=list(before), now=list(after),
        )  # fmt: skip


def due_of(session: Session, seller_id: uuid.UUID) -> Due | None:
    """What one seller is owed, and why she waits; None where her account is even."""
    return next(iter(all_dues(session, seller_id)), None)


def ask(session: Session, seller_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """Ask to be in the next batch. Asked twice it is asked once. Raises `NothingToAsk`."""
    due = due_of(session, seller_id)
    if due is None:
        raise NothingToAsk(Wait.OWES)
    if due.wait not in (None, Wait.NOT_HER_DAY):
        raise NothingToAsk(due.wait)
    if due.only_waits_for_her_day:
        audit.write(session, person_id, ASKED, "seller", seller_id)
