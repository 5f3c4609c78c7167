"""Posting to the journal: the only way money moves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.ledger.insert_once import insert_once
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import OF_HOLDER, OF_MEMBER, OF_SELLER, AccountKind, EntryKind

_BOOKS = 7_735_402
"""The number of the PostgreSQL advisory lock under which the books are written."""


class Unbalanced(ValueError):
    """The legs of an entry do not sum to zero, or there is nothing to post."""


_ACCOUNTS = cast("Table", Account.__table__)
# Built once: making a statement costs more than running it, and every rupiah passes here.
_ADD = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.code == bindparam("place"))
    .values(
        balance=_ACCOUNTS.c.balance + bindparam("more"), last_number=_ACCOUNTS.c.last_number + 1
    )
    .returning(_ACCOUNTS.c.id, _ACCOUNTS.c.last_number, _ACCOUNTS.c.balance)
)
_WRITE_POSTINGS = insert(cast("Table", Posting.__table__))
_WRITE_ENTRY = insert(cast("Table", Entry.__table__))


Place = tuple[AccountKind, uuid.UUID | None, uuid.UUID | None, uuid.UUID | None]
"""A kind of account, and the seller and member it belongs to, or the holder who carries it."""


@dataclass(frozen=True)
class Leg:
    """`amount` rupiah to an account: debit positive, credit negative.

    `seller_id` is given just where the kind of account belongs to a seller, `member_id` just where
    it belongs to one of her members, `holder_id` where a courier or a point carries it.
    """

    kind: AccountKind
    amount: int
    seller_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    holder_id: uuid.UUID | None = None

    @property
    def place(self) -> Place:
        """Which account it goes to. Raises `Unbalanced` where that is no account."""
        owners = (self.seller_id, self.member_id, self.holder_id)
        wanted = tuple(self.kind in kinds for kinds in (OF_SELLER, OF_MEMBER, OF_HOLDER))
        if tuple(owner is not None for owner in owners) != wanted:
            raise Unbalanced(f"{self.kind} with seller, member, holder {owners}")
        return self.kind, *owners


@dataclass(frozen=True)
class About:
    """What an entry is about: the ids by which it is found again."""

    person_id: uuid.UUID | None = None
    order_id: uuid.UUID | None = None
    seller_order_id: uuid.UUID | None = None
    payment_id: uuid.UUID | None = None
    payout_id: uuid.UUID | None = None
    consigned_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None
    reverses_id: uuid.UUID | None = None
    note: str = ""


def post(
    session: Session, kind: EntryKind, key: str, legs: Sequence[Leg], about: About
) -> uuid.UUID:
    """Write one balanced entry and its running balances; returns its id.

    Legs of nothing are left out, legs to the same account are added up. A `key` that stands
    already breaks the unique constraint: an entry is posted once. Raises `Unbalanced`.
    """
    sums: dict[Place, int] = {}
    for leg in legs:
        sums[leg.place] = sums.get(leg.place, 0) + leg.amount
    sums = {place: amount for place, amount in sums.items() if amount}
    if not sums or sum(sums.values()) != 0:
        raise Unbalanced(f"{kind} {key}: {sorted(sums.values())}")
    session.flush()  # the accounts' sellers, and what the ids speak of, must stand before
    lock_books(session)
    entry_id = ids.new_id()
    rows = []
    for place in sorted(sums, key=_code):
        account_id, number, balance = _add(session, place, sums[place])
        rows.append(
            {
                "id": ids.new_id(),
                "entry_id": entry_id,
                "account_id": account_id,
                "seller_id": place[1],
                "number": number,
                "amount": sums[place],
                "balance": balance,
            }
        )
    session.execute(_WRITE_POSTINGS, rows)
    now = clock.now()
    session.execute(
        _WRITE_ENTRY,
        {
            "id": entry_id,
            "key": key,
            "kind": kind.value,
            "occurred_at": now,
            "month": clock.month_of(now),
            "person_id": about.person_id,
            "order_id": about.order_id,
            "seller_order_id": about.seller_order_id,
            "payment_id": about.payment_id,
            "payout_id": about.payout_id,
            "consigned_id": about.consigned_id,
            "group_id": about.group_id,
            "reverses_id": about.reverses_id,
            "note": about.note[:300],
        },
    )
    return entry_id


def lock_books(session: Session) -> None:
    """Until the end of this transaction nobody else posts, so balances read now stay true.

    Postings meet on the programme's few accounts anyway; one lock keeps two transactions that post
    to several accounts from waiting for each other for ever. SQLite has one writer by itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:books)"), {"books": _BOOKS})


def balance(
    session: Session,
    kind: AccountKind,
    seller_id: uuid.UUID | None = None,
    member_id: uuid.UUID | None = None,
    holder_id: uuid.UUID | None = None,
) -> int:
    """The running balance of an account in rupiah, debit positive; 0 where it never was used."""
    code = _code((kind, seller_id, member_id, holder_id))
    return session.scalar(select(Account.balance).where(Account.code == code)) or 0


def _code(place: Place) -> str:
    kind, seller_id, member_id, holder_id = place
    owner = holder_id or member_id or seller_id
    return f"{kind.value}:{owner.hex}" if owner else kind.value


def _add(session: Session, place: Place, amount: int) -> tuple[uuid.UUID, int, int]:
    """Add to an account, opening it at its first use; returns its id, last number and balance."""
    code = _code(place)
    change = {"place": code, "more": amount}
    row = session.execute(_ADD, change).first()
    if row is None:
        insert_once(
            session,
            Account,
            id=ids.new_id(),
            code=code,
            kind=place[0].value,
            seller_id=place[1],
            member_id=place[2],
            holder_id=place[3],
            balance=0,
            last_number=0,
        )
        row = session.execute(_ADD, change).one()
    return row.id, row.last_number, row.balance
