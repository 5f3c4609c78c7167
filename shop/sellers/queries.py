"""Reading sellers, always through the person where it is not public."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from shop.accounts.permissions import Actor
from shop.core.paging import Page
from shop.sellers.models import MemberRole, Seller, SellerEvent, SellerMember
from shop.sellers.states import SellerState
from shop.training.models import Certificate, Cohort, Course, Enrolment

MAKERS_A_PAGE = 24


@dataclass(frozen=True)
class Skill:
    """A certificate that somebody of a seller holds; `chosen(skill, "title")` names the course."""

    title: str
    title_en: str
    issued_on: date


def membership_of(
    session: Session, person_id: uuid.UUID, seller_id: uuid.UUID | None
) -> tuple[uuid.UUID, str] | None:
    """The seller somebody acts for and their role there: the one chosen last, else the first."""
    rows = session.execute(
        select(SellerMember.seller_id, SellerMember.role)
        .where(SellerMember.person_id == person_id, SellerMember.left_on.is_(None))
        .order_by(SellerMember.joined_on, SellerMember.id)
    ).all()
    chosen = next((row for row in rows if row.seller_id == seller_id), rows[0] if rows else None)
    return (chosen.seller_id, chosen.role) if chosen else None


def people_running(session: Session, seller_id: uuid.UUID) -> list[uuid.UUID]:
    """Those who run a seller's studio and can sign in: who is told what happens there."""
    found = session.scalars(
        select(SellerMember.person_id)
        .distinct()
        .where(
            SellerMember.seller_id == seller_id,
            SellerMember.left_on.is_(None),
            SellerMember.role != MemberRole.MEMBER.value,
        )
    )
    return [person_id for person_id in found if person_id is not None]


def own_seller(session: Session, actor: Actor) -> Seller:
    """The seller in whose studio `actor` stands, with zones, pick-up points and
    present and past members.

    Raises `PermissionError` where there is none.
    """
    return session.get_one(
        Seller,
        actor.seller,
        options=[
            selectinload(Seller.zones),
            selectinload(Seller.members),
            selectinload(Seller.points),
        ],
    )


def stall_name(session: Session, actor: Actor) -> str:
    """The name over the studio's door; empty for somebody who works for no seller."""
    found = session.get(Seller, actor.seller_id) if actor.seller_id else None
    return found.name if found else ""


def sellers_of(session: Session, person_id: uuid.UUID) -> Sequence[Seller]:
    """All sellers that somebody works for now, by name."""
    return session.scalars(
        select(Seller)
        .join(SellerMember)
        .where(SellerMember.person_id == person_id, SellerMember.left_on.is_(None))
        .order_by(Seller.name)
    ).all()


def last_reason(session: Session, seller: Seller) -> str | None:
    """Why staff declined or suspended this seller, where that is how things stand."""
    return session.scalar(
        select(SellerEvent.reason)
        .where(SellerEvent.thing_id == seller.id, SellerEvent.target == seller.state)
        .order_by(SellerEvent.happened_at.desc(), SellerEvent.id.desc())
        .limit(1)
    )


def seller_by_slug(session: Session, slug: str) -> Seller | None:
    """A seller whom everybody may see, with the zones they deliver to."""
    return session.scalar(
        select(Seller)
        .where(Seller.slug == slug, Seller.state == SellerState.APPROVED.value)
        .options(selectinload(Seller.zones))
    )


def makers(
    session: Session, number: int, *, kind: str | None = None, kelurahan_code: str | None = None
) -> Page[Seller]:
    """One page of the sellers everybody may see, by name."""
    wanted = select(Seller).where(Seller.state == SellerState.APPROVED.value)
    if kind is not None:
        wanted = wanted.where(Seller.kind == kind)
    if kelurahan_code is not None:
        wanted = wanted.where(Seller.kelurahan_code == kelurahan_code)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.order_by(Seller.name, Seller.id)
        .limit(MAKERS_A_PAGE)
        .offset((number - 1) * MAKERS_A_PAGE)
    ).all()
    return Page(rows, number, MAKERS_A_PAGE, total)


def certificates_of_sellers(
    session: Session, seller_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Skill]]:
    """What the present members of these sellers have learnt here, the latest first.

    Each course counts once per seller, with its latest certificate; withdrawn ones do not count.
    A seller without any is left out.
    """
    latest = func.max(Certificate.issued_on)
    rows = session.execute(
        select(SellerMember.seller_id, Course.title, Course.title_en, latest)
        .join(Enrolment, Enrolment.participant_id == SellerMember.participant_id)
        .join(Certificate, Certificate.enrolment_id == Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(
            SellerMember.seller_id.in_(seller_ids),
            SellerMember.left_on.is_(None),
            Certificate.revoked_at.is_(None),
        )
        .group_by(SellerMember.seller_id, Course.id, Course.title, Course.title_en)
        .order_by(latest.desc(), Course.title)
    )
    skills: dict[uuid.UUID, list[Skill]] = {}
    for seller_id, title, title_en, issued_on in rows:
        skills.setdefault(seller_id, []).append(Skill(title, title_en, issued_on))
    return skills
