"""What the accounts of a group say: rupiah, positive for what is there or owed to somebody."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shop.ledger.post import balance, lock_books
from shop.ledger.states import AccountKind

LONGEST_KEY = 40


class NotEnough(Exception):
    """There is not so much money there: only `left` rupiah."""

    def __init__(self, left: int) -> None:
        super().__init__(f"only {left} left")
        self.left = left


class NotMember(LookupError):
    """Nobody of this group, or not any more."""


@dataclass(frozen=True)
class Purse:
    """A group's money in rupiah: all that its hands hold or will get, and what of it is its own."""

    pool: int
    fund: int


def purse(session: Session, seller_id: uuid.UUID) -> Purse:
    """What a group has."""
    return Purse(
        balance(session, AccountKind.POOL, seller_id),
        -balance(session, AccountKind.FUND, seller_id),
    )


def not_yet_here(session: Session, seller_id: uuid.UUID) -> int:
    """What of the pool still lies with the programme, at points or on its way to the group."""
    coming = sum(
        -balance(session, kind, seller_id) for kind in (AccountKind.PAYABLE, AccountKind.IN_TRANSIT)
    )
    return max(0, min(coming, balance(session, AccountKind.POOL, seller_id)))


def owed(session: Session, seller_id: uuid.UUID, member_id: uuid.UUID) -> int:
    """What a member is owed; negative where she owes."""
    return -balance(session, AccountKind.MEMBER, seller_id, member_id)


def advanced(session: Session, seller_id: uuid.UUID, member_id: uuid.UUID) -> int:
    """What a member had beforehand and has not worked off."""
    return balance(session, AccountKind.ADVANCE, seller_id, member_id)


def take_turn(session: Session, key: str) -> str:
    """Wait until nobody else moves money, so balances read now stay true; returns the key.

    Raises `ValueError` for a key that no form of ours sends.
    """
    if not key or len(key) > LONGEST_KEY or ":" in key:
        raise ValueError("a key of 1 to 40 signs")
    session.flush()
    lock_books(session)
    return key
