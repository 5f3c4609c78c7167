"""The statement of one of the programme's accounts, or of a seller's other ones: leg by leg."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.ledger import facts, legs
from shop.ledger.legs import Span, gather
from shop.ledger.models import Account, Payout, PayoutBatch, Posting
from shop.ledger.states import AccountKind
from shop.sellers.models import Seller
from shop.sellers.models_holder import CashHolder


@dataclass(frozen=True)
class OtherLeg:
    """Where the money of a line came from or went to; `whose` account that is, if not ours."""

    kind: str
    whose: str
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
    others = gather((leg.entry_id for leg in found), partial(other_legs, session))
    orders = gather((leg.order_id for leg in found if leg.order_id), partial(facts.orders, session))
    batches = gather(
        (leg.payout_id for leg in found if leg.payout_id), partial(batch_numbers, session)
    )
    lines = []
    for leg in found:
        order = orders.get(leg.order_id) if leg.order_id else None
        lines.append(
            BookLine(
                leg.at, leg.kind, leg.amount, leg.balance, leg.order_id,
                order.order_number if order else "",
                batches.get(leg.payout_id, "") if leg.payout_id else "",
                leg.note, [one for id_, one in others[leg.entry_id] if id_ != span.account_id],
            )
        )  # fmt: skip
    opening = legs.opening_of(session, span)
    return BookStatement(opening, lines, lines[-1].balance if lines else opening)


def accounts_of(session: Session, seller_id: uuid.UUID | None) -> Sequence[Account]:
    """The accounts of the programme, or of one seller (not those of her members), by code.

    What couriers and points carry is in `holders_with_books`.
    """
    mine = Account.seller_id.is_(None) if seller_id is None else Account.seller_id == seller_id
    return session.scalars(
        select(Account)
        .where(mine, Account.member_id.is_(None), Account.holder_id.is_(None))
        .order_by(Account.code)
    ).all()


def holders_with_books(session: Session) -> Sequence[tuple[uuid.UUID, str, int]]:
    """Every courier and point that ever carried cash, by name: id, name, rupiah carried now."""
    rows = session.execute(
        select(CashHolder.id, CashHolder.name, Account.balance)
        .join(Account, Account.holder_id == CashHolder.id)
        .order_by(CashHolder.name, CashHolder.id)
    )
    return [(holder_id, name, carried) for holder_id, name, carried in rows]


def sellers_with_books(session: Session) -> Sequence[tuple[uuid.UUID, str, int]]:
    """Every seller with a statement, by name: id, name, and what she is owed in rupiah."""
    rows = session.execute(
        select(Seller.id, Seller.name, -Account.balance)
        .join(Account, Account.seller_id == Seller.id)
        .where(Account.kind == AccountKind.PAYABLE.value)
        .order_by(Seller.name, Seller.id)
    )
    return [(seller_id, name, owed) for seller_id, name, owed in rows]


def other_legs(
    session: Session, entry_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, list[tuple[uuid.UUID, OtherLeg]]]:
    """All legs of these entries, by entry, each with the id of its account."""
    found: dict[uuid.UUID, list[tuple[uuid.UUID, OtherLeg]]] = {}
    rows = session.execute(
        select(
            Posting.entry_id, Account.id, Account.kind,
            func.coalesce(Seller.name, CashHolder.name, ""), Posting.amount,
        )
        .join(Account, Account.id == Posting.account_id)
        .outerjoin(Seller, Seller.id == Account.seller_id)
        .outerjoin(CashHolder, CashHolder.id == Account.holder_id)
        .where(Posting.entry_id.in_(entry_ids))
        .order_by(Posting.entry_id, Account.code)
    )  # fmt: skip
    for entry_id, account_id, kind, whose, amount in rows:
        found.setdefault(entry_id, []).append((account_id, OtherLeg(kind, whose, amount)))
    return found


def batch_numbers(session: Session, payout_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """The number of the batch that each of these payouts is in."""
    rows = session.execute(
        select(Payout.id, PayoutBatch.number)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.id.in_(payout_ids))
    )
    return {row[0]: row[1] for row in rows}
