"""The statement of one of the programme's accounts, or of a seller's other ones: leg by leg."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger import facts, legs
from shop.ledger.legs import Span, gather
from shop.ledger.models import Account, Payout, PayoutBatch, Posting
from shop.ledger.states import AccountKind
from shop.sellers.models import Seller


@dataclass(frozen=True)
class OtherLeg:
    """Where the money of a line came from or went to; `seller` where that account is hers."""

    kind: str
    seller: str
    amount: int


@dataclass(frozen=True)
class BookLine:
    """One leg of the account: rupiah, debit positive; `balance` is the account's with it.

    `others` are the other legs of the same entry: together with this one they sum to zero.
    """

    at: datetime
    kind: str
    change: int
    balance: int
    order_id: uuid.UUID | None
    order_number: str
    batch_number: str
    note: str
    others: Sequence[OtherLeg]


@dataclass(frozen=True)
class BookStatement:
    """The statement of an account, oldest line first; rupiah, debit positive."""

    opening: int
    lines: Sequence[BookLine]
    closing: int


def book_statement(session: Session, span: Span) -> BookStatement:
    """The statement of some legs of an account."""
    found = legs.legs_of(session, span)
    others = gather((leg.entry_id for leg in found), partial(_others, session, span.account_id))
    orders = gather((leg.order_id for leg in found if leg.order_id), partial(facts.orders, session))
    batches = gather((leg.payout_id for leg in found if leg.payout_id), partial(_batches, session))
    lines = []
    for leg in found:
        order = orders.get(leg.order_id) if leg.order_id else None
        lines.append(
            BookLine(
                leg.at, leg.kind, leg.amount, leg.balance, leg.order_id,
                order.order_number if order else "",
                batches.get(leg.payout_id, "") if leg.payout_id else "",
                leg.note, others.get(leg.entry_id, ()),
            )
        )  # fmt: skip
    opening = legs.opening_of(session, span)
    return BookStatement(opening, lines, lines[-1].balance if lines else opening)


def accounts_of(session: Session, seller_id: uuid.UUID | None) -> Sequence[Account]:
    """The accounts of the programme, or of one seller (not those of her members), by code."""
    mine = Account.seller_id.is_(None) if seller_id is None else Account.seller_id == seller_id
    return session.scalars(
        select(Account).where(mine, Account.member_id.is_(None)).order_by(Account.code)
    ).all()


def sellers_with_books(session: Session) -> Sequence[tuple[uuid.UUID, str, int]]:
    """Every seller with a statement, by name: id, name, and what she is owed in rupiah."""
    rows = session.execute(
        select(Seller.id, Seller.name, -Account.balance)
        .join(Account, Account.seller_id == Seller.id)
        .where(Account.kind == AccountKind.PAYABLE.value)
        .order_by(Seller.name, Seller.id)
    )
    return [(seller_id, name, owed) for seller_id, name, owed in rows]


def _others(
    session: Session, account_id: uuid.UUID, entry_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, list[OtherLeg]]:
    found: dict[uuid.UUID, list[OtherLeg]] = {}
    rows = session.execute(
        select(Posting.entry_id, Account.kind, Seller.name, Posting.amount)
        .join(Account, Account.id == Posting.account_id)
        .outerjoin(Seller, Seller.id == Account.seller_id)
        .where(Posting.entry_id.in_(entry_ids), Posting.account_id != account_id)
        .order_by(Posting.entry_id, Account.code)
    )
    for entry_id, kind, seller, amount in rows:
        found.setdefault(entry_id, []).append(OtherLeg(kind, seller or "", amount))
    return found


def _batches(session: Session, payout_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    rows = session.execute(
        select(Payout.id, PayoutBatch.number)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.id.in_(payout_ids))
    )
    return {row[0]: row[1] for row in rows}
