"""One member's account in her group, the group's fund, and payments within somebody's reach."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from shop.core.models import Picture
from shop.core.paging import Page
from shop.ledger import sales
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind, EntryKind
from shop.sellers.models import SellerMember
from shop.sharing.models import Advance, FundMove, MemberPayment, SharedSale
from shop.sharing.models_surplus import Surplus
from shop.sharing.states import PaidState

A_PAGE = 20
MOST = 50


@dataclass(frozen=True)
class AccountLine:
    """What changed what a member is owed, in rupiah: added when positive; what she was owed then.

    One of `sale`, `payment` and `surplus` says what it is about. `again`: a sale was worked out
    anew because money of it went back; `undone`: the payment was taken back;
    `lot`: a lot was settled.
    """

    at: datetime
    change: int
    balance: int
    sale: sales.Sale | None = None
    payment: MemberPayment | None = None
    surplus: Surplus | None = None
    again: bool = False
    undone: bool = False
    lot: bool = False


def account(
    session: Session, seller_id: uuid.UUID, member_id: uuid.UUID, number: int
) -> Page[AccountLine]:
    """One page of a member's account, the newest line first."""
    hers = (
        Account.seller_id == seller_id,
        Account.member_id == member_id,
        Account.kind == AccountKind.MEMBER.value,
    )
    total = session.scalar(select(func.max(Account.last_number)).where(*hers)) or 0
    legs = session.execute(
        select(Entry, Posting.amount, Posting.balance)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(*hers)
        .order_by(Posting.number.desc())
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()
    about = [entry.group_id for entry, _, _ in legs]
    shared = {
        one.id: one for one in session.scalars(select(SharedSale).where(SharedSale.id.in_(about)))
    }
    found = sales.sales(session, [one.sale_id for one in shared.values()])
    payments = {
        one.id: one
        for one in session.scalars(select(MemberPayment).where(MemberPayment.id.in_(about)))
    }
    surpluses = {
        one.id: one for one in session.scalars(select(Surplus).where(Surplus.id.in_(about)))
    }
    lines = []
    for entry, amount, balance in legs:
        about_id = entry.group_id or entry.id
        sold = shared.get(about_id)
        lines.append(
            AccountLine(
                entry.occurred_at, -amount, -balance,
                sale=found.get(sold.sale_id) if sold else None,
                payment=payments.get(about_id), surplus=surpluses.get(about_id),
                again=sold is not None and not entry.key.endswith(":1"),
                undone=entry.reverses_id is not None,
                lot=entry.kind == EntryKind.LOT_SETTLED.value,
            )
        )  # fmt: skip
    return Page(lines, number, A_PAGE, int(total))


def payments_of(
    session: Session, seller_id: uuid.UUID, member_id: uuid.UUID
) -> Sequence[MemberPayment]:
    """What she was handed, the newest first; of many the last fifty."""
    return session.scalars(
        select(MemberPayment)
        .where(MemberPayment.seller_id == seller_id, MemberPayment.member_id == member_id)
        .order_by(MemberPayment.at.desc(), MemberPayment.id.desc())
        .limit(MOST)
    ).all()


def advances_of(session: Session, seller_id: uuid.UUID, member_id: uuid.UUID) -> Sequence[Advance]:
    """What she had beforehand and brought back, the newest first; of many the last fifty."""
    return session.scalars(
        select(Advance)
        .where(Advance.seller_id == seller_id, Advance.member_id == member_id)
        .order_by(Advance.at.desc(), Advance.id.desc())
        .limit(MOST)
    ).all()


def own_payment(
    session: Session, seller_id: uuid.UUID, payment_id: uuid.UUID
) -> MemberPayment | None:
    """A payment of this group."""
    return session.scalars(
        select(MemberPayment).where(
            MemberPayment.id == payment_id, MemberPayment.seller_id == seller_id
        )
    ).first()


def waiting_for(
    session: Session, seller_id: uuid.UUID, person_id: uuid.UUID
) -> Sequence[MemberPayment]:
    """Payments to this person that she has not answered."""
    return session.scalars(
        select(MemberPayment)
        .join(SellerMember, SellerMember.id == MemberPayment.member_id)
        .where(
            MemberPayment.seller_id == seller_id,
            MemberPayment.state == PaidState.TOLD.value,
            SellerMember.person_id == person_id,
        )
        .order_by(MemberPayment.at)
    ).all()


def disputed(session: Session, seller_id: uuid.UUID) -> Sequence[MemberPayment]:
    """Payments that somebody says she did not get."""
    return session.scalars(
        select(MemberPayment)
        .where(
            MemberPayment.seller_id == seller_id,
            MemberPayment.state == PaidState.DISPUTED.value,
        )
        .options(joinedload(MemberPayment.member))
        .order_by(MemberPayment.at)
    ).all()


def fund_moves(session: Session, seller_id: uuid.UUID, number: int) -> Page[FundMove]:
    """One page of what happened to the fund beside the shares of sales, the newest first."""
    mine = FundMove.seller_id == seller_id
    total = session.scalar(select(func.count()).select_from(FundMove).where(mine)) or 0
    rows = session.scalars(
        select(FundMove)
        .where(mine)
        .order_by(FundMove.at.desc(), FundMove.id.desc())
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()
    return Page(rows, number, A_PAGE, total)


def from_sales(session: Session, seller_id: uuid.UUID) -> int:
    """What the fund got of all sales, in rupiah."""
    got = session.scalar(select(func.sum(SharedSale.fund)).where(SharedSale.seller_id == seller_id))
    return int(got or 0)


def receipt(session: Session, seller_id: uuid.UUID, move_id: uuid.UUID) -> Picture | None:
    """The photo of a receipt of this group's fund."""
    return session.scalars(
        select(Picture)
        .join(FundMove, FundMove.receipt_sha256 == Picture.sha256)
        .where(FundMove.id == move_id, FundMove.seller_id == seller_id)
    ).first()


def surpluses(session: Session, seller_id: uuid.UUID) -> Sequence[Surplus]:
    """The surpluses this group shared, the newest first, with everybody's part."""
    return (
        session.scalars(
            select(Surplus)
            .where(Surplus.seller_id == seller_id)
            .order_by(Surplus.last.desc())
            .options(joinedload(Surplus.purposes), joinedload(Surplus.shares))
        )
        .unique()
        .all()
    )
