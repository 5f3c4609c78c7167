"""What the pages of a group show: its money, its members, every sale as it was shared."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, selectinload

from shop.core.paging import Page
from shop.ledger import sales
from shop.ledger.models import Account
from shop.ledger.states import AccountKind
from shop.sellers.models import Seller, SellerKind, SellerMember, ShareRule
from shop.sharing.models import (
    MemberPayment,
    ShareDecider,
    SharedPart,
    SharedSale,
    ShareWeight,
    SurplusTerm,
)
from shop.sharing.states import PaidState

A_PAGE = 10


@dataclass(frozen=True)
class MemberRow:
    """A member and her money in rupiah: what she is owed, had beforehand, got of sales, was paid.

    `waits` payments she has not answered, `disputed` ones she says she did not get.
    """

    member: SellerMember
    owed: int = 0
    advance: int = 0
    earned: int = 0
    paid: int = 0
    waits: int = 0
    disputed: int = 0


@dataclass(frozen=True)
class SaleRow:
    """A sale as it was shared, with the rule it was shared by."""

    shared: SharedSale
    rule: ShareRule
    sale: sales.Sale | None


@dataclass(frozen=True)
class RuleRow:
    """A rule, who decided on it, and what it says of weights and of a surplus."""

    rule: ShareRule
    deciders: Sequence[str]
    weights: Sequence[tuple[str, int]]
    surplus: Mapping[str, int]


def is_group(session: Session, seller_id: uuid.UUID) -> bool:
    """Whether this seller is more than one person."""
    found = session.get(Seller, seller_id)
    return found is not None and found.kind != SellerKind.INDIVIDUAL


def members(session: Session, seller_id: uuid.UUID) -> list[MemberRow]:
    """Every member of a group, present ones first, then those who left."""
    rows = session.scalars(
        select(SellerMember)
        .where(SellerMember.seller_id == seller_id)
        .order_by(SellerMember.left_on.is_not(None), SellerMember.joined_on, SellerMember.id)
    ).all()
    balances: dict[tuple[uuid.UUID | None, str], int] = {}
    accounts = select(Account.member_id, Account.kind, Account.balance).where(
        Account.seller_id == seller_id,
        Account.kind.in_([AccountKind.MEMBER.value, AccountKind.ADVANCE.value]),
    )
    for member_id, kind, balance in session.execute(accounts):
        balances[member_id, kind] = balance
    earned: dict[uuid.UUID, int] = {
        member_id: int(amount)
        for member_id, amount in session.execute(
            select(SharedPart.member_id, func.sum(SharedPart.amount))
            .join(SharedSale, SharedSale.id == SharedPart.shared_id)
            .where(SharedSale.seller_id == seller_id)
            .group_by(SharedPart.member_id)
        )
    }
    paid = _paid(session, seller_id)
    return [
        MemberRow(
            member,
            owed=-balances.get((member.id, AccountKind.MEMBER.value), 0),
            advance=balances.get((member.id, AccountKind.ADVANCE.value), 0),
            earned=earned.get(member.id, 0),
            **paid.get(member.id, {}),
        )
        for member in rows
    ]


def _paid(session: Session, seller_id: uuid.UUID) -> dict[uuid.UUID, dict[str, int]]:
    pay, state = MemberPayment, MemberPayment.state
    rows = session.execute(
        select(
            pay.member_id,
            func.sum(case((state != PaidState.TAKEN_BACK.value, pay.paid), else_=0)),
            func.sum(case((state == PaidState.TOLD.value, 1), else_=0)),
            func.sum(case((state == PaidState.DISPUTED.value, 1), else_=0)),
        )
        .where(pay.seller_id == seller_id)
        .group_by(pay.member_id)
    )
    return {
        row[0]: {"paid": int(row[1]), "waits": int(row[2]), "disputed": int(row[3])} for row in rows
    }


def names(session: Session, seller_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """The names of all who ever were members."""
    rows = session.execute(
        select(SellerMember.id, SellerMember.name).where(SellerMember.seller_id == seller_id)
    )
    return {row.id: row.name for row in rows}


def shared_sales(session: Session, seller_id: uuid.UUID, number: int) -> Page[SaleRow]:
    """One page of what was shared, the newest first."""
    mine = SharedSale.seller_id == seller_id
    total = session.scalar(select(func.count()).select_from(SharedSale).where(mine)) or 0
    rows = session.execute(
        select(SharedSale, ShareRule)
        .join(ShareRule, ShareRule.id == SharedSale.rule_id)
        .where(mine)
        .order_by(SharedSale.shared_at.desc(), SharedSale.id.desc())
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
        .options(selectinload(SharedSale.parts))
    ).all()
    found = sales.sales(session, [shared.sale_id for shared, _ in rows])
    page = [SaleRow(shared, rule, found.get(shared.sale_id)) for shared, rule in rows]
    return Page(page, number, A_PAGE, total)


def rules(session: Session, seller_id: uuid.UUID) -> list[RuleRow]:
    """All rules a group ever had or will have, the newest first."""
    found = session.scalars(
        select(ShareRule)
        .where(ShareRule.seller_id == seller_id)
        .order_by(ShareRule.valid_from.desc())
    ).all()
    known = names(session, seller_id)
    ids = [rule.id for rule in found]
    deciders: dict[uuid.UUID, list[str]] = {id_: [] for id_ in ids}
    weights: dict[uuid.UUID, list[tuple[str, int]]] = {id_: [] for id_ in ids}
    surplus: dict[uuid.UUID, dict[str, int]] = {id_: {} for id_ in ids}
    for who in session.scalars(select(ShareDecider).where(ShareDecider.rule_id.in_(ids))):
        deciders[who.rule_id].append(known[who.member_id])
    for one in session.scalars(select(ShareWeight).where(ShareWeight.rule_id.in_(ids))):
        weights[one.rule_id].append((known[one.member_id], one.weight))
    for term in session.scalars(select(SurplusTerm).where(SurplusTerm.rule_id.in_(ids))):
        surplus[term.rule_id][term.purpose] = term.percent
    return [
        RuleRow(rule, sorted(deciders[rule.id]), sorted(weights[rule.id]), surplus[rule.id])
        for rule in found
    ]


def rule_of_day(rows: Sequence[RuleRow], day: date) -> RuleRow | None:
    """The rule in force on a day."""
    return next((row for row in rows if row.rule.valid_from <= day), None)
