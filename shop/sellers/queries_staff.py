"""What staff read about sellers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from shop.accounts.models import Person, RoleGrant
from shop.core.paging import Page
from shop.sellers.models import Seller, SellerEvent, SellerMember
from shop.sellers.states import SellerState

SELLERS_A_PAGE = 30


@dataclass(frozen=True)
class SellerLine:
    """A seller in the list, with how many people work there now."""

    seller: Seller
    members: int


@dataclass(frozen=True)
class MemberLine:
    """Somebody who works for a seller; `phone` is None without a way to sign in.

    `of_staff`: also on the programme's staff, so that only an admin may touch the account.
    """

    member: SellerMember
    phone: str | None
    disabled: bool
    of_staff: bool


@dataclass(frozen=True)
class EventLine:
    """A move in a seller's life with the name of who made it."""

    event: SellerEvent
    by: str | None


def counts_by_state(session: Session) -> dict[str, int]:
    """How many sellers there are in each state."""
    counted = session.execute(select(Seller.state, func.count()).group_by(Seller.state)).all()
    counts = dict.fromkeys((state.value for state in SellerState), 0)
    counts.update((state, count) for state, count in counted)
    return counts


def seller_lines(
    session: Session, number: int, *, state: str | None, words: str
) -> Page[SellerLine]:
    """One page of sellers, those who wait longest first; `words` in name, member or number."""
    found = _matching(state, words)
    total = session.scalar(select(func.count()).select_from(Seller).where(*found)) or 0
    members = (
        select(func.count(SellerMember.id))
        .where(SellerMember.seller_id == Seller.id, SellerMember.left_on.is_(None))
        .scalar_subquery()
    )
    order = Seller.joined_on if state == SellerState.APPLIED else Seller.name
    rows = session.execute(
        select(Seller, members)
        .where(*found)
        .order_by(order, Seller.id)
        .limit(SELLERS_A_PAGE)
        .offset((number - 1) * SELLERS_A_PAGE)
    )
    lines = [SellerLine(seller, count) for seller, count in rows]
    return Page(lines, number, SELLERS_A_PAGE, total)


def _matching(state: str | None, words: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Seller.state == state] if state else []
    if words:
        digits = "".join(sign for sign in words if sign.isdigit()).removeprefix("0")
        ways: list[ColumnElement[bool]] = [
            Seller.name.icontains(words, autoescape=True),
            Seller.members.any(SellerMember.name.icontains(words, autoescape=True)),
        ]
        if len(digits) > 2:
            ways.append(Seller.phone.contains(digits))
        found.append(or_(*ways))
    return found


def seller_of(session: Session, seller_id: uuid.UUID) -> Seller | None:
    """Any seller, with zones."""
    return session.get(Seller, seller_id, options=[selectinload(Seller.zones)])


def member_lines(session: Session, seller_id: uuid.UUID) -> list[MemberLine]:
    """Who works for a seller now, the first to join first."""
    on_staff = (
        select(RoleGrant.id)
        .where(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None))
        .exists()
    )
    rows = session.execute(
        select(SellerMember, Person.phone, Person.disabled_at, on_staff)
        .outerjoin(Person, Person.id == SellerMember.person_id)
        .where(SellerMember.seller_id == seller_id, SellerMember.left_on.is_(None))
        .order_by(SellerMember.joined_on, SellerMember.id)
    )
    return [
        MemberLine(member, phone, disabled is not None, bool(staff))
        for member, phone, disabled, staff in rows
    ]


def member_of(session: Session, seller_id: uuid.UUID, member_id: uuid.UUID) -> MemberLine | None:
    """One of those who work for this seller now."""
    lines = member_lines(session, seller_id)
    return next((line for line in lines if line.member.id == member_id), None)


def events_of(session: Session, seller_id: uuid.UUID) -> Sequence[EventLine]:
    """What happened in a seller's life, the latest first."""
    rows = session.execute(
        select(SellerEvent, Person.name)
        .outerjoin(Person, Person.id == SellerEvent.person_id)
        .where(SellerEvent.thing_id == seller_id)
        .order_by(SellerEvent.happened_at.desc(), SellerEvent.id.desc())
    )
    return [EventLine(event, by) for event, by in rows]
