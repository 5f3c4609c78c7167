"""Reading people, their news and what was done about them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from shop.accounts.models import AuditLine, Notification, Person, RoleGrant, SignIn
from shop.core.paging import Page

PEOPLE_A_PAGE = 40
NEWS_A_PAGE = 30


@dataclass(frozen=True)
class Deed:
    """A line of the audit trail with the name of who did it (None: the program)."""

    line: AuditLine
    by: str | None


def person_of(session: Session, person_id: uuid.UUID) -> Person | None:
    """A person with their roles, past ones too."""
    return session.get(Person, person_id, options=[selectinload(Person.grants)])


def person_by_phone(session: Session, phone: str) -> Person | None:
    """Who signs in with this number (E.164)."""
    return session.scalar(select(Person).where(Person.phone == phone))


def people(session: Session, number: int, *, words: str = "", staff: bool = True) -> Page[Person]:
    """One page of the programme's staff, or of everybody, by name; `words` in name or number."""
    wanted = select(Person).where(*_like(words))
    if staff:
        wanted = wanted.where(Person.grants.any(RoleGrant.revoked_at.is_(None)))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.options(selectinload(Person.grants))
        .order_by(Person.name, Person.id)
        .limit(PEOPLE_A_PAGE)
        .offset((number - 1) * PEOPLE_A_PAGE)
    ).all()
    return Page(rows, number, PEOPLE_A_PAGE, total)


def _like(words: str) -> list[ColumnElement[bool]]:
    if not words:
        return []
    digits = "".join(sign for sign in words if sign.isdigit()).removeprefix("0")
    by_name = Person.name.icontains(words, autoescape=True)
    return [or_(by_name, Person.phone.contains(digits)) if len(digits) > 2 else by_name]


def sign_ins_of(session: Session, person_id: uuid.UUID) -> Sequence[SignIn]:
    """The devices somebody signed in on lately, the latest first."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id)
        .order_by(SignIn.created_at.desc())
        .limit(10)
    ).all()


def deeds_about(session: Session, thing_kind: str, thing_id: uuid.UUID) -> list[Deed]:
    """What was done about a thing, the latest first."""
    rows = session.execute(
        select(AuditLine, Person.name)
        .outerjoin(Person, Person.id == AuditLine.person_id)
        .where(AuditLine.thing_kind == thing_kind, AuditLine.thing_id == str(thing_id))
        .order_by(AuditLine.at.desc(), AuditLine.id.desc())
        .limit(50)
    )
    return [Deed(line, by) for line, by in rows]


def unseen_news(session: Session, person_id: uuid.UUID, seller_id: uuid.UUID | None) -> int:
    """How much news somebody has not looked at, for the seller they stand for."""
    news = _news(person_id, seller_id).where(Notification.seen_at.is_(None))
    return session.scalar(select(func.count()).select_from(news.subquery())) or 0


def buyer_has_news(session: Session, order_id: uuid.UUID) -> bool:
    """Whether whoever ordered was told something since the order's page was last opened."""
    news = select(Notification.id).where(
        Notification.order_id == order_id, Notification.seen_at.is_(None)
    )
    return session.scalar(news.limit(1)) is not None


def news_of(
    session: Session, person_id: uuid.UUID, seller_id: uuid.UUID | None, number: int
) -> Page[Notification]:
    """One page of somebody's news for the seller they stand for, the latest first."""
    news = _news(person_id, seller_id)
    total = session.scalar(select(func.count()).select_from(news.subquery())) or 0
    rows = session.scalars(
        news.order_by(Notification.created_at.desc(), Notification.id.desc())
        .limit(NEWS_A_PAGE)
        .offset((number - 1) * NEWS_A_PAGE)
    ).all()
    return Page(rows, number, NEWS_A_PAGE, total)


def _news(person_id: uuid.UUID, seller_id: uuid.UUID | None) -> Select[Notification]:
    return select(Notification).where(
        Notification.person_id == person_id,
        or_(Notification.seller_id.is_(None), Notification.seller_id == seller_id),
    )
