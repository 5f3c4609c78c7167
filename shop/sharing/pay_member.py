"""The treasurer hands a member her money, and takes off what she had beforehand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import ids
from shop.core.money import Rupiah, rupiah
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.sharing.members import own_member
from shop.sharing.models import MemberPayment
from shop.sharing.purse import NotEnough, NotMember, advanced, owed, purse, take_turn

TOLD = "group_paid"


class MoreThanHad(Exception):
    """More is taken off than she had beforehand: only `advance` rupiah are left of it."""

    def __init__(self, advance: int) -> None:
        super().__init__(str(advance))
        self.advance = advance


class MoreThanOwed(Exception):
    """With what is taken off, she would get more than the `owed` rupiah that are hers."""

    def __init__(self, owed: int) -> None:
        super().__init__(str(owed))
        self.owed = owed


@dataclass(frozen=True)
class Handed:
    """`paid` rupiah in her hand on a day, `deducted` of her advances worked off by it."""

    paid: int
    deducted: int
    day: date
    note: str = ""


def pay_member(
    session: Session,
    seller_id: uuid.UUID,
    member_id: uuid.UUID,
    handed: Handed,
    *,
    key: str,
    person_id: uuid.UUID | None,
) -> MemberPayment:
    """Write it down and book it, once for each `key`; she is told, and says whether she got it.

    Raises `NotMember`, `MoreThanHad`, `MoreThanOwed`, `NotEnough` where the pool holds less.
    """
    known = f"{seller_id.hex}:{take_turn(session, key)}"
    standing = session.scalars(select(MemberPayment).where(MemberPayment.key == known)).first()
    if standing is not None:
        return standing
    member = own_member(session, seller_id, member_id)
    if member is None:
        raise NotMember
    _check(session, seller_id, member_id, handed)
    row = MemberPayment(
        id=ids.new_id(), key=known, seller_id=seller_id, member_id=member_id,
        paid=Rupiah(handed.paid), deducted=Rupiah(handed.deducted), day=handed.day,
        note=handed.note.strip()[:200], person_id=person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    about = About(person_id=person_id, group_id=row.id, note=row.note)
    post(session, EntryKind.MEMBER_PAID, f"member_paid:{row.id.hex}", legs_of(row), about)
    audit.write(
        session, person_id, "member.paid", "member_payment", row.id,
        paid=row.paid, deducted=row.deducted, member=str(member_id),
    )  # fmt: skip
    if member.person_id is not None:
        notify.tell(
            session, [member.person_id], TOLD, seller_id=seller_id,
            link=f"/sell/group/members/{member_id}", event=row.id.hex, amount=rupiah(row.paid),
        )  # fmt: skip
    return row


def legs_of(row: MemberPayment) -> list[Leg]:
    """What such a payment moves in the books."""
    return [
        Leg(AccountKind.MEMBER, row.paid + row.deducted, row.seller_id, row.member_id),
        Leg(AccountKind.POOL, -row.paid, row.seller_id),
        Leg(AccountKind.ADVANCE, -row.deducted, row.seller_id, row.member_id),
    ]


def _check(session: Session, seller_id: uuid.UUID, member_id: uuid.UUID, handed: Handed) -> None:
    if min(handed.paid, handed.deducted) < 0 or handed.paid + handed.deducted <= 0:
        raise ValueError("nothing to pay")
    had = max(0, advanced(session, seller_id, member_id))
    if handed.deducted > had:
        raise MoreThanHad(had)
    hers = max(0, owed(session, seller_id, member_id))
    if handed.paid + handed.deducted > hers:
        raise MoreThanOwed(hers)
    pool = max(0, purse(session, seller_id).pool)
    if handed.paid > pool:
        raise NotEnough(pool)
