"""Sellers for tests."""

from __future__ import annotations

import itertools

from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.sellers.models import DeliveryZone, MemberRole, Seller, SellerKind, SellerMember
from shop.sellers.states import SellerState
from tests.factories.people import make_person

_numbers = itertools.count(1)
SEI_JANG = "21.72.04.1004"


def make_seller(
    session: Session,
    name: str = "Rohana",
    kind: SellerKind = SellerKind.INDIVIDUAL,
    state: SellerState = SellerState.APPROVED,
    owner: Person | None = None,
    role: MemberRole = MemberRole.OWNER,
) -> Seller:
    """A seller in Sei Jang with one person who runs it, who delivers to zone A for Rp10.000."""
    number = next(_numbers)
    seller = Seller(
        slug=f"{name.lower().replace(' ', '-')}-{number}",
        name=name,
        kind=kind.value,
        state=state.value,
        phone=f"+62813{number:08d}",
        kelurahan_code=SEI_JANG,
        bank_name="BRI",
        bank_account="000000000003921",
        bank_holder=name,
    )
    session.add(seller)
    session.flush()
    owner = owner or make_person(session, name=name)
    session.add(
        SellerMember(seller_id=seller.id, person_id=owner.id, name=owner.name, role=role.value)
    )
    session.add(DeliveryZone(seller_id=seller.id, zone="A", fee=10_000))
    session.flush()
    return seller
