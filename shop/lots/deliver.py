"""A member brings goods: the delivery note, and the pooled product's stock."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.money import Rupiah
from shop.lots.hold import hold, open_lot, own_key, weigh
from shop.lots.models import DeliveryNote
from shop.lots.states import Grade, NoteState
from shop.sellers.models import SellerMember

LATEST = 14
"""Days after which a note is not written any more: nobody remembers a weight for longer."""


class NotMember(LookupError):
    """Nobody of this cooperative on that day."""


class WrongDay(Exception):
    """A day that is yet to come, or too long ago."""


@dataclass(frozen=True)
class Brought:
    """So many grams of a grade on a day; prices are rupiah for a kilogram."""

    product_id: uuid.UUID
    member_id: uuid.UUID
    grams: int
    grade: Grade
    day: date
    provisional: int
    farm_gate: int | None = None
    photo_sha256: str | None = None


def deliver(
    session: Session,
    seller_id: uuid.UUID,
    brought: Brought,
    *,
    key: str,
    person_id: uuid.UUID | None,
) -> DeliveryNote:
    """Write the note, once for each `key`; it goes into the open lot of its product.

    Raises `NotPooled`, `NotMember`, `WrongDay`.
    """
    known = own_key(seller_id, key)
    pooled = hold(session, seller_id, brought.product_id)
    standing = session.scalars(select(DeliveryNote).where(DeliveryNote.key == known)).first()
    if standing is not None:
        return standing
    if not clock.today() - timedelta(days=LATEST) <= brought.day <= clock.today():
        raise WrongDay
    members = members_on(session, seller_id, brought.day)
    if brought.member_id not in {one.id for one in members}:
        raise NotMember
    lot = open_lot(session, pooled)
    lot.first = min(lot.first, brought.day)
    note = DeliveryNote(
        id=ids.new_id(), key=known, seller_id=seller_id, lot_id=lot.id,
        member_id=brought.member_id, state=NoteState.TOLD.value, grams=brought.grams,
        grade=brought.grade.value, weight=pooled.weight_of(brought.grade), day=brought.day,
        provisional=Rupiah(brought.provisional),
        farm_gate=None if brought.farm_gate is None else Rupiah(brought.farm_gate),
        photo_sha256=brought.photo_sha256, person_id=person_id,
    )  # fmt: skip
    session.add(note)
    weigh(session, pooled, brought.grams, key=f"note:{note.id.hex}", person_id=person_id)
    return note


def members_on(session: Session, seller_id: uuid.UUID, day: date) -> Sequence[SellerMember]:
    """The members of that day, by name."""
    return session.scalars(
        select(SellerMember)
        .where(
            SellerMember.seller_id == seller_id,
            SellerMember.joined_on <= day,
            or_(SellerMember.left_on.is_(None), SellerMember.left_on >= day),
        )
        .order_by(SellerMember.name, SellerMember.id)
    ).all()
