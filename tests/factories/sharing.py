"""Groups that share, for tests."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.catalog.stock import count
from shop.core import clock
from shop.core.money import Rupiah
from shop.orders.models import SellerOrder
from shop.sellers.models import MemberRole, Seller, SellerKind, SellerMember, ShareBasis, ShareRule
from shop.sharing.decide import NewRule, decide
from shop.sharing.give_advance import Beforehand, give_advance
from shop.sharing.keep_fund import Moved, keep_fund
from shop.sharing.members import members_on
from shop.sharing.models import SharedSale
from shop.sharing.pay_member import Handed, pay_member
from shop.sharing.share_surplus import Wanted, share_surplus
from shop.sharing.states import AdvanceKind, FundKind, Purpose
from tests.catalog.offered import offer
from tests.factories.complaints import kept_photo
from tests.factories.orders import completed_part, ready_part
from tests.factories.people import make_person
from tests.factories.sellers import make_seller

A_YEAR_AGO = timedelta(days=365)


def make_group(
    session: Session, *names: str, name: str = "KUBE Melati"
) -> tuple[Seller, list[SellerMember]]:
    """A group whose members joined a year ago: the owner first, then each of `names`."""
    seller = make_seller(session, name=name, kind=SellerKind.GROUP)
    owner = session.scalars(select(SellerMember).where(SellerMember.seller_id == seller.id)).one()
    owner.joined_on = clock.today() - A_YEAR_AGO
    others = [join(session, seller, one) for one in names or ("Siti", "Aminah")]
    return seller, [owner, *others]


def join(
    session: Session,
    seller: Seller,
    name: str,
    *,
    joined_on: date | None = None,
    role: MemberRole = MemberRole.MEMBER,
    signs_in: bool = True,
) -> SellerMember:
    """Somebody joined, a year ago unless said otherwise."""
    member = SellerMember(
        seller_id=seller.id,
        person_id=make_person(session, name=name).id if signs_in else None,
        name=name,
        role=role.value,
        joined_on=joined_on or clock.today() - A_YEAR_AGO,
    )
    session.add(member)
    session.flush()
    return member


def decided(
    session: Session,
    seller: Seller,
    members: Sequence[SellerMember],
    basis: ShareBasis = ShareBasis.EQUAL,
    *,
    reserve: int = 1_000,
    weights: dict[uuid.UUID, int] | None = None,
    valid_from: date | None = None,
    decided_on: date | None = None,
    surplus: dict[Purpose, int] | None = None,
) -> ShareRule:
    """A rule that its members decided a month ago; `reserve` are ten-thousandths for the fund."""
    wanted = NewRule(
        valid_from=valid_from or clock.today() - timedelta(days=30),
        decided_on=decided_on or clock.today() - timedelta(days=30),
        basis=basis,
        reserve_basis_points=reserve,
        deciders=[member.id for member in members],
        weights=weights or {},
        surplus=surplus or {},
    )
    return decide(session, seller.id, wanted, person_id=None)


def thing_of(session: Session, seller: Seller, price: int = 50_000, on_hand: int = 100) -> Variant:
    """Something the group sells."""
    variant = offer(session, seller, 0)
    variant.price = Rupiah(price)
    session.flush()
    count(session, variant.id, on_hand, key=f"counted:{variant.id.hex}", person_id=None)
    return variant


def sold(session: Session, variant: Variant, quantity: int = 2) -> SellerOrder:
    """A completed sale of theirs."""
    return completed_part(session, (variant, quantity))


def shared_of(session: Session, part: SellerOrder) -> SharedSale:
    """How a part of an order was shared."""
    return session.scalars(select(SharedSale).where(SharedSale.sale_id == part.id)).one()


def group_things(session: Session, seller: Seller) -> dict[str, str]:
    """For the walk through all pages: a group that shares, as parts of addresses."""
    members = list(members_on(session, seller.id, clock.today()))
    rule = decided(
        session, seller, members, ShareBasis.MADE, valid_from=clock.today(),
        decided_on=clock.today(), surplus={Purpose.RESERVE: 60, Purpose.USAGE: 40},
    )  # fmt: skip
    thing = thing_of(session, seller)
    last = max(members, key=lambda one: one.role == MemberRole.MEMBER)
    sold(session, thing, 3)
    advance = Beforehand(AdvanceKind.MONEY, 5_000, "Tepung", clock.today())
    give_advance(session, seller.id, last.id, advance, key="g", person_id=None)
    handed = Handed(10_000, 2_000, clock.today(), "Tunai")
    pay_member(session, seller.id, last.id, handed, key="g", person_id=None)
    moved = Moved(FundKind.INCOME, 7_000, "Iuran", clock.today(), kept_photo(session))
    move = keep_fund(session, seller.id, moved, key="g", person_id=None)
    wanted = Wanted(rule.valid_from, rule.valid_from, 10_000, {})
    share_surplus(session, seller.id, wanted, key="g", person_id=None)
    return {
        "group_studio.member:member_id": str(last.id),
        **{f"member_statement.{name}:member_id": str(last.id) for name in ("page", "csv", "pdf")},
        "member_statement_staff.staff_page:member_id": str(last.id),
        "member_statement_staff.staff_page:seller_id": str(seller.id),
        "group_rules.made:sale_id": str(ready_part(session, (thing, 2)).id),
        "group_fund.receipt:move_id": str(move.id),
        "group_staff.receipt:move_id": str(move.id),
    }
