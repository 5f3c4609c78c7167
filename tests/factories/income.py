"""Income for tests: completed sales, booked as the shop books them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.ledger.earn import earn
from shop.sellers.models import MemberRole, Seller, SellerKind, SellerMember
from shop.training.models import Participant
from tests.factories.sellers import make_seller


def sell(
    session: Session,
    seller: Seller,
    price: int,
    fee: int = 0,
    when: datetime | None = None,
    in_cash: bool = False,
) -> None:
    """A sale of `price` rupiah by `seller`, completed at `when`."""
    with clock.at(when or clock.now()):
        earn(
            session,
            seller_id=seller.id,
            order_id=ids.new_id(),
            seller_order_id=ids.new_id(),
            amount=price,
            fee=fee,
            in_cash=in_cash,
        )


def noon_of(year: int, month: int, day: int = 15) -> datetime:
    """Noon in Tanjungpinang of a day."""
    return datetime(year, month, day, 5, 0, tzinfo=UTC)


def make_seller_of(
    session: Session, *people: Participant, kind: SellerKind = SellerKind.INDIVIDUAL
) -> Seller:
    """A seller whose members are these participants (the first one its owner)."""
    seller = make_seller(session, people[0].name, kind)
    for participant in people:
        session.add(
            SellerMember(
                seller_id=seller.id,
                participant_id=participant.id,
                name=participant.name,
                role=MemberRole.MEMBER.value,
            )
        )
    session.flush()
    return seller
