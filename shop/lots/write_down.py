"""What belongs to a lot beside notes and sales: sold elsewhere, costs, kilograms that were lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.core.money import Rupiah
from shop.lots.hold import hold_lot, own_key, weigh
from shop.lots.models import Lot, LotRecord
from shop.lots.states import WEIGHED, RecordKind


class NoProof(Exception):
    """Something sold elsewhere has no photo of its receipt."""


@dataclass(frozen=True)
class Written:
    """What happened: rupiah where money moved, grams where goods did."""

    kind: RecordKind
    amount: int
    grams: int
    note: str
    day: date
    proof_sha256: str | None = None


def write_down(
    session: Session, lot: Lot, written: Written, *, key: str, person_id: uuid.UUID | None
) -> LotRecord:
    """Write it down, once for each `key`; goods that are gone leave the stock.

    Raises `Settled`, `NoProof`, and `ValueError` for money or weight where the kind has none.
    """
    known = own_key(lot.seller_id, key)
    pooled = hold_lot(session, lot)
    standing = session.scalars(select(LotRecord).where(LotRecord.key == known)).first()
    if standing is not None:
        return standing
    weighed, paid = written.kind in WEIGHED, written.kind is not RecordKind.SHRINK
    if (written.grams > 0, written.amount > 0) != (weighed, paid):
        raise ValueError(f"{written.kind}: {written.grams} g, {written.amount} rupiah")
    if written.kind is RecordKind.ELSEWHERE and written.proof_sha256 is None:
        raise NoProof
    row = LotRecord(
        id=ids.new_id(), key=known, seller_id=lot.seller_id, lot_id=lot.id,
        kind=written.kind.value, grams=written.grams, amount=Rupiah(written.amount),
        note=written.note.strip()[:200], day=written.day, proof_sha256=written.proof_sha256,
        person_id=person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if weighed:
        weigh(session, pooled, -row.grams, key=f"lot:{row.id.hex}", person_id=person_id)
    audit.write(
        session, person_id, f"lot.{row.kind}", "lot_record", row.id,
        amount=row.amount, grams=row.grams,
    )  # fmt: skip
    return row


def take_back(session: Session, row: LotRecord, person_id: uuid.UUID | None, words: str) -> None:
    """It was a mistake: it counts no more. Doing it twice changes nothing.

    Raises `Settled`, `ValueError` without a reason.
    """
    if not words.strip():
        raise ValueError("no reason")
    pooled = hold_lot(session, session.get_one(Lot, row.lot_id))
    session.refresh(row)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_why = clock.now(), words.strip()[:300]
    if row.grams:
        weigh(session, pooled, row.grams, key=f"unlot:{row.id.hex}", person_id=person_id)
    audit.write(
        session, person_id, "lot.record_withdraw", "lot_record", row.id, reason=row.withdrawn_why
    )
