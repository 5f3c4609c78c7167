"""A lot is settled: its money is shared by graded weight, once, as it was seen before."""

from __future__ import annotations

import uuid
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock
from shop.core.lifecycle import move
from shop.core.money import Rupiah
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.states import AccountKind, EntryKind
from shop.lots.hold import hold_lot
from shop.lots.models import Lot, LotEvent, LotPart, LotSale
from shop.lots.states import LOT, LotState
from shop.lots.work_out import Worked, work_out


class NothingDelivered(Exception):
    """No note of it counts, so there is nobody to share with."""


class Changed(Exception):
    """Since it was looked at, the outcome has changed."""


class NoWhy(Exception):
    """Somebody gets less than her provisional price, and it is not said why."""


def settle(
    session: Session, lot: Lot, *, seal: str, why: str, person_id: uuid.UUID | None
) -> Worked:
    """Share it and book it; `seal` is that of the outcome that was seen (`Worked.seal`).

    Advances are worked off. Raises `Settled` (so the second of two who press gets nothing twice),
    `NothingDelivered`, `Changed`, `NoWhy`.
    """
    hold_lot(session, lot)
    lock_books(session)  # no sale may be earned, no advance given, until this is booked
    done = work_out(session, lot)
    words = why.strip()[:300]
    if not done.parts:
        raise NothingDelivered
    if done.seal != seal:
        raise Changed
    if done.less and not words:
        raise NoWhy
    move(
        session, LOT, cast("Table", Lot.__table__), cast("Table", LotEvent.__table__),
        lot.id, LotState.SETTLED, actor="treasurer", person_id=person_id,
        extra={
            "last": clock.today(), "fee_basis_points": done.fee_basis_points,
            "gross": Rupiah(done.gross), "fees": Rupiah(done.fees),
            "elsewhere": Rupiah(done.elsewhere), "costs": Rupiah(done.costs),
            "coop_fee": Rupiah(done.pot.coop_fee), "shared": Rupiah(done.pot.shared),
            "lost": Rupiah(done.pot.lost), "graded": done.graded, "why": words,
        },
    )  # fmt: skip
    session.expire(lot)
    session.add_all(
        LotSale(
            lot_id=lot.id, sale_id=one.sale_id, line_id=one.line_id, pieces=one.pieces,
            gross=Rupiah(one.gross), net=Rupiah(one.net),
        )
        for one in done.sold
    )  # fmt: skip
    session.add_all(
        LotPart(
            lot_id=lot.id, member_id=one.member_id, position=position, grams=one.grams,
            graded=one.graded, provisional=Rupiah(one.provisional), amount=Rupiah(one.amount),
            deducted=Rupiah(one.deducted),
        )
        for position, one in enumerate(done.parts)
    )  # fmt: skip
    session.flush()
    _book(session, lot, done, person_id)
    audit.write(
        session,
        person_id,
        "lot.settle",
        "lot",
        lot.id,
        shared=done.pot.shared,
        fee=done.pot.coop_fee,
    )
    return done


def _book(session: Session, lot: Lot, done: Worked, person_id: uuid.UUID | None) -> None:
    seller_id, pot = lot.seller_id, done.pot
    fund = pot.coop_fee - pot.lost
    legs = [
        Leg(AccountKind.POOL, fund + pot.shared, seller_id),
        Leg(AccountKind.FUND, -fund, seller_id),
    ]
    for one in done.parts:
        hers = one.amount - one.deducted
        legs.append(Leg(AccountKind.MEMBER, -hers, seller_id, one.member_id))
        legs.append(Leg(AccountKind.ADVANCE, -one.deducted, seller_id, one.member_id))
    if any(leg.amount for leg in legs):
        about = About(person_id=person_id, group_id=lot.id, note=f"lot {lot.number}")
        post(session, EntryKind.LOT_SETTLED, f"lot:{lot.id.hex}", legs, about)
