"""What a member gets beforehand, in money or in kind, and what she brings back of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import ids
from shop.core.money import Rupiah
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.sharing.members import own_member
from shop.sharing.models import Advance
from shop.sharing.purse import NotEnough, NotMember, advanced, purse, take_turn
from shop.sharing.states import AdvanceKind


@dataclass(frozen=True)
class Beforehand:
    """So many rupiah, in money or worth of things, why, and on which day."""

    kind: AdvanceKind
    amount: int
    reason: str
    day: date


def give_advance(
    session: Session,
    seller_id: uuid.UUID,
    member_id: uuid.UUID,
    given: Beforehand,
    *,
    key: str,
    person_id: uuid.UUID | None,
) -> Advance:
    """Write it down and book it, once for each `key`. Things from the stock pay the fund back.

    Raises `NotMember` (one who has left gets no more), `NotEnough` where the pool has less, or
    where more comes back than was had.
    """
    known = f"{seller_id.hex}:{take_turn(session, key)}"
    standing = session.scalars(select(Advance).where(Advance.key == known)).first()
    if standing is not None:
        return standing
    member = own_member(session, seller_id, member_id)
    back = given.kind is AdvanceKind.REPAID
    if member is None or (member.left_on is not None and not back):
        raise NotMember
    left = given.amount
    if back:
        left = advanced(session, seller_id, member_id)
    elif given.kind is not AdvanceKind.STOCK:
        left = max(0, purse(session, seller_id).pool)
    if given.amount > left:
        raise NotEnough(left)
    row = Advance(
        id=ids.new_id(), key=known, seller_id=seller_id, member_id=member_id,
        kind=given.kind.value, amount=Rupiah(given.amount), reason=given.reason.strip()[:200],
        day=given.day, person_id=person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    change = -given.amount if back else given.amount
    other = AccountKind.FUND if given.kind is AdvanceKind.STOCK else AccountKind.POOL
    legs = [
        Leg(AccountKind.ADVANCE, change, seller_id, member_id),
        Leg(other, -change, seller_id),
    ]
    about = About(person_id=person_id, group_id=row.id, note=row.reason)
    post(session, EntryKind.ADVANCED, f"advance:{row.id.hex}", legs, about)
    audit.write(
        session, person_id, f"advance.{row.kind}", "advance", row.id,
        amount=row.amount, member=str(member_id),
    )  # fmt: skip
    return row
