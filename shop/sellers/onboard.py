"""How somebody becomes a seller, with the people who work for them and where they deliver."""

from __future__ import annotations

import re
import secrets
import unicodedata
import uuid
from collections.abc import Mapping
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.regions import all_kelurahan
from shop.sellers.deliver import Terms, UnknownZone, set_terms
from shop.sellers.models import MemberRole, Seller, SellerKind, SellerMember

__all__ = [
    "AlreadyMember", "UnknownKelurahan", "UnknownZone", "add_member", "apply", "set_zones",
]  # fmt: skip


class UnknownKelurahan(ValueError):
    """No kelurahan of the city has this code."""


class AlreadyMember(Exception):
    """This person works for this seller already."""


def apply(  # noqa: PLR0913 - all that a seller can say about themselves at once
    session: Session,
    *,
    name: str,
    kind: SellerKind,
    phone: str,
    kelurahan_code: str,
    owner_name: str,
    owner_person_id: uuid.UUID | None = None,
    owner_participant_id: uuid.UUID | None = None,
    role: MemberRole = MemberRole.OWNER,
    address: str = "",
    story: str = "",
    story_en: str = "",
    makes: str = "",
    makes_en: str = "",
    pickup_hours: str = "",
    bank_name: str = "",
    bank_account: str = "",
    bank_holder: str = "",
    slug: str | None = None,
) -> Seller:
    """A new seller who waits for staff, with the first person who runs it.

    `phone` is E.164; `slug` is made from the name where it is not given. Raises
    `UnknownKelurahan`.
    """
    if kelurahan_code not in all_kelurahan():
        raise UnknownKelurahan(kelurahan_code)
    seller = Seller(
        slug=slug or _free_slug(session, name),
        name=name,
        kind=kind.value,
        phone=phone,
        kelurahan_code=kelurahan_code,
        address=address,
        story=story,
        story_en=story_en,
        makes=makes,
        makes_en=makes_en,
        pickup_hours=pickup_hours,
        bank_name=bank_name,
        bank_account=bank_account,
        bank_holder=bank_holder,
    )
    session.add(seller)
    session.flush()  # the member names it
    add_member(
        session,
        seller.id,
        name=owner_name,
        role=role,
        person_id=owner_person_id,
        participant_id=owner_participant_id,
    )
    return seller


def add_member(
    session: Session,
    seller_id: uuid.UUID,
    *,
    name: str,
    role: MemberRole,
    person_id: uuid.UUID | None = None,
    participant_id: uuid.UUID | None = None,
    joined_on: date | None = None,
) -> SellerMember:
    """Somebody works for a seller from `joined_on` (today) on. Raises `AlreadyMember`."""
    member = SellerMember(
        seller_id=seller_id,
        name=name,
        role=role.value,
        person_id=person_id,
        participant_id=participant_id,
        joined_on=joined_on or clock.today(),
    )
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError as fault:
        works_there = select(SellerMember.id).where(
            SellerMember.seller_id == seller_id,
            SellerMember.person_id == person_id,
            SellerMember.left_on.is_(None),
        )
        if person_id is None or session.scalar(works_there) is None:
            raise
        raise AlreadyMember(str(person_id)) from fault
    return member


def set_zones(
    session: Session, seller_id: uuid.UUID, zones: Mapping[str, tuple[int, int | None]]
) -> None:
    """Deliver to these zones and no others: zone → rupiah fee, and from what sum on it is free.

    Raises `UnknownZone`.
    """
    terms = {zone: Terms(fee, free_over) for zone, (fee, free_over) in zones.items()}
    set_terms(session, seller_id, terms)


def _free_slug(session: Session, name: str) -> str:
    """The name as an address; with a few random signs after it where that is taken."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:70].rstrip("-") or "lapak"
    taken = session.scalar(select(exists().where(Seller.slug == slug)))
    return f"{slug}-{secrets.token_hex(3)}" if taken else slug
