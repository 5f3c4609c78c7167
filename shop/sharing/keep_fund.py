"""The group's own fund: what comes in, what is spent, each with a reason, a day and a receipt."""

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
from shop.sharing.models import FundMove
from shop.sharing.purse import NotEnough, purse, take_turn
from shop.sharing.states import FundKind

_ENTRY = {FundKind.INCOME: EntryKind.FUND_INCOME, FundKind.SPENT: EntryKind.FUND_SPENT}


@dataclass(frozen=True)
class Moved:
    """What happened to the fund: so many rupiah, why, on which day, by which receipt."""

    kind: FundKind
    amount: int
    reason: str
    day: date
    receipt_sha256: str | None = None


def keep_fund(
    session: Session, seller_id: uuid.UUID, moved: Moved, *, key: str, person_id: uuid.UUID | None
) -> FundMove:
    """Write it down and book it, once for each `key`.

    Raises `NotEnough` where more is spent than the fund has, or than the pool holds.
    """
    known = f"{seller_id.hex}:{take_turn(session, key)}"
    standing = session.scalars(select(FundMove).where(FundMove.key == known)).first()
    if standing is not None:
        return standing
    if moved.kind is FundKind.SPENT:
        there = purse(session, seller_id)
        left = max(0, min(there.fund, there.pool))
        if moved.amount > left:
            raise NotEnough(left)
    move = FundMove(
        id=ids.new_id(), key=known, seller_id=seller_id, kind=moved.kind.value,
        amount=Rupiah(moved.amount), reason=moved.reason.strip()[:200], day=moved.day,
        receipt_sha256=moved.receipt_sha256, person_id=person_id,
    )  # fmt: skip
    session.add(move)
    session.flush()
    change = moved.amount if moved.kind is FundKind.INCOME else -moved.amount
    legs = [
        Leg(AccountKind.POOL, change, seller_id),
        Leg(AccountKind.FUND, -change, seller_id),
    ]
    about = About(person_id=person_id, group_id=move.id, note=move.reason)
    post(session, _ENTRY[moved.kind], f"fund:{move.id.hex}", legs, about)
    audit.write(
        session, person_id, f"fund.{move.kind}", "fund_move", move.id,
        amount=move.amount, reason=move.reason,
    )  # fmt: skip
    return move
