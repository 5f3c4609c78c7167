"""What the pages of lots show."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from shop.catalog.models import Product
from shop.core.models import Picture
from shop.lots import price
from shop.lots.models import DeliveryNote, Lot, LotRecord, PooledProduct
from shop.lots.states import LotState, NoteState
from shop.sellers.models import Seller, SellerKind, SellerMember

MOST = 50

Notes = Sequence[DeliveryNote]


@dataclass(frozen=True)
class LotRow:
    """A lot with what came in; `gained` only where it is settled and prices were noted."""

    lot: Lot
    grams: int
    notes: int
    unanswered: int
    gained: price.Gained | None


def lots(session: Session, seller_id: uuid.UUID) -> list[LotRow]:
    """Her lots, open ones first, then the newest; of many the first fifty."""
    found = session.scalars(
        select(Lot)
        .where(Lot.seller_id == seller_id)
        .options(joinedload(Lot.product))
        .order_by(Lot.state, Lot.last.desc(), Lot.number.desc(), Lot.id)
        .limit(MOST)
    ).all()
    notes: dict[uuid.UUID, list[DeliveryNote]] = {lot.id: [] for lot in found}
    for note in session.scalars(
        select(DeliveryNote).where(
            DeliveryNote.lot_id.in_(notes), DeliveryNote.state != NoteState.WITHDRAWN.value
        )
    ):
        notes[note.lot_id].append(note)
    return [
        LotRow(
            lot, sum(one.grams for one in notes[lot.id]), len(notes[lot.id]),
            sum(one.state == NoteState.TOLD for one in notes[lot.id]),
            gained_by(lot, notes[lot.id]),
        )
        for lot in found
    ]  # fmt: skip


def gained_by(lot: Lot, notes: Notes, member_id: uuid.UUID | None = None) -> price.Gained | None:
    """What a settled lot brought beside the farm gate: to all its members, or to one of them."""
    if lot.state != LotState.SETTLED:
        return None
    hers = [one for one in notes if member_id in (None, one.member_id)]
    return price.gained(lot.shared, lot.graded, hers)


def own_lot(session: Session, seller_id: uuid.UUID, lot_id: uuid.UUID) -> Lot | None:
    """A lot of this cooperative."""
    return session.scalars(
        select(Lot)
        .where(Lot.id == lot_id, Lot.seller_id == seller_id)
        .options(joinedload(Lot.product))
    ).first()


def own_note(session: Session, seller_id: uuid.UUID, note_id: uuid.UUID) -> DeliveryNote | None:
    """A delivery note of this cooperative."""
    return session.scalars(
        select(DeliveryNote)
        .where(DeliveryNote.id == note_id, DeliveryNote.seller_id == seller_id)
        .options(
            joinedload(DeliveryNote.member), joinedload(DeliveryNote.lot).joinedload(Lot.product)
        )
    ).first()


def own_record(session: Session, seller_id: uuid.UUID, record_id: uuid.UUID) -> LotRecord | None:
    """What is written down of one of its lots."""
    return session.scalars(
        select(LotRecord).where(LotRecord.id == record_id, LotRecord.seller_id == seller_id)
    ).first()


def all_notes(session: Session, lot: Lot) -> Notes:
    """Every note of a lot, withdrawn ones too, the newest first."""
    return session.scalars(
        select(DeliveryNote)
        .where(DeliveryNote.lot_id == lot.id)
        .options(joinedload(DeliveryNote.member))
        .order_by(DeliveryNote.day.desc(), DeliveryNote.at.desc(), DeliveryNote.id)
    ).all()


def all_records(session: Session, lot: Lot) -> Sequence[LotRecord]:
    """What is written down of a lot, withdrawn things too, the newest first."""
    return session.scalars(
        select(LotRecord)
        .where(LotRecord.lot_id == lot.id)
        .order_by(LotRecord.day.desc(), LotRecord.at.desc(), LotRecord.id)
    ).all()


def waiting_for(
    session: Session, seller_id: uuid.UUID, person_id: uuid.UUID
) -> Sequence[DeliveryNote]:
    """This person's notes that she has not confirmed, the oldest first."""
    return session.scalars(
        select(DeliveryNote)
        .join(SellerMember, SellerMember.id == DeliveryNote.member_id)
        .where(
            DeliveryNote.seller_id == seller_id,
            DeliveryNote.state == NoteState.TOLD.value,
            SellerMember.person_id == person_id,
        )
        .options(joinedload(DeliveryNote.lot).joinedload(Lot.product))
        .order_by(DeliveryNote.day, DeliveryNote.at)
        .limit(MOST)
    ).all()


def pooled(session: Session, seller_id: uuid.UUID) -> Sequence[PooledProduct]:
    """Her products that are sold by lots, by name."""
    return session.scalars(
        select(PooledProduct)
        .join(Product, Product.id == PooledProduct.product_id)
        .where(PooledProduct.seller_id == seller_id)
        .options(joinedload(PooledProduct.product))
        .order_by(Product.name)
    ).all()


def products(session: Session, seller_id: uuid.UUID) -> Sequence[Product]:
    """All her products, by name."""
    return session.scalars(
        select(Product).where(Product.seller_id == seller_id).order_by(Product.name)
    ).all()


def is_cooperative(session: Session, seller_id: uuid.UUID) -> bool:
    """Whether this seller may sell by lots."""
    found = session.get(Seller, seller_id)
    return found is not None and found.kind == SellerKind.COOPERATIVE


def names(session: Session, seller_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """The names of all who ever were members."""
    rows = session.execute(
        select(SellerMember.id, SellerMember.name).where(SellerMember.seller_id == seller_id)
    )
    return {row.id: row.name for row in rows}


def is_person(session: Session, member_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether this member is that person."""
    found = session.get(SellerMember, member_id)
    return found is not None and found.person_id == person_id


def picture(session: Session, sha256: str | None) -> Picture | None:
    """A photo of a scale, or a proof."""
    return session.get(Picture, sha256) if sha256 else None
