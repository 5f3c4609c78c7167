"""What a lot's money comes to: as it would be settled now, or as it was."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from shop.ledger import sales
from shop.ledger.pooled import by_line
from shop.ledger.post import balance
from shop.ledger.states import AccountKind
from shop.lots import price
from shop.lots.models import DeliveryNote, Lot, LotPart, LotRecord, LotSale, PooledProduct
from shop.lots.states import COSTS, LotState, NoteState, RecordKind


@dataclass(frozen=True)
class Sold:
    """A line of a lot in rupiah: `gross` of its buyer, `net` of it after the programme's fee.

    `sale` is what is known of it.
    """

    sale_id: uuid.UUID
    line_id: uuid.UUID
    pieces: int
    gross: int
    net: int
    sale: sales.Sale | None = None


@dataclass(frozen=True)
class Part:
    """A member's part of a lot, see `LotPart`."""

    member_id: uuid.UUID
    grams: int
    graded: int
    provisional: int
    amount: int
    deducted: int

    @property
    def less(self) -> int:
        """By how many rupiah it is less than the provisional prices had promised; 0 where not."""
        return max(0, self.provisional - self.amount)


@dataclass(frozen=True)
class Worked:
    """A lot worked out, in rupiah and grams, see `Lot`."""

    sold: Sequence[Sold]
    gross: int
    fees: int
    elsewhere: int
    costs: int
    pot: price.Pot
    fee_basis_points: int
    grams: int
    graded: int
    shrink_g: int
    elsewhere_g: int
    parts: Sequence[Part]

    @property
    def less(self) -> bool:
        """Whether anybody gets less than her provisional price."""
        return any(one.less for one in self.parts)

    @property
    def seal(self) -> str:
        """What changes whenever the outcome does: a preview is settled only as it was seen."""
        off = sum(one.deducted for one in self.parts)
        sums = (self.gross, self.fees, self.elsewhere, self.costs, self.pot.shared, off)
        return "-".join(str(one) for one in (*sums, self.graded))


def worked(session: Session, lot: Lot) -> Worked:
    """The lot worked out, whether it is settled or open."""
    return _as_settled(session, lot) if lot.state == LotState.SETTLED else work_out(session, lot)


def work_out(session: Session, lot: Lot) -> Worked:
    """What it would be now: every finished sale of its product that no earlier lot has counted."""
    pooled = session.get_one(PooledProduct, lot.product_id)
    sold = _not_counted(session, pooled)
    kept = records(session, lot)
    gross = sum(one.gross for one in sold)
    fees = gross - sum(one.net for one in sold)
    elsewhere = sum(one.amount for one in kept if one.kind == RecordKind.ELSEWHERE)
    costs = sum(one.amount for one in kept if one.kind in COSTS)
    pot = price.fill(gross - fees + elsewhere, costs, pooled.fee_basis_points)
    notes = notes_of(session, lot)
    return Worked(
        sold, gross, fees, elsewhere, costs, pot, pooled.fee_basis_points,
        sum(one.grams for one in notes), sum(one.grams * one.weight for one in notes),
        *_weights(kept), _parts(session, lot, notes, pot.shared),
    )  # fmt: skip


def notes_of(session: Session, lot: Lot) -> Sequence[DeliveryNote]:
    """The notes that count, the oldest first."""
    return session.scalars(
        select(DeliveryNote)
        .where(DeliveryNote.lot_id == lot.id, DeliveryNote.state != NoteState.WITHDRAWN.value)
        .options(joinedload(DeliveryNote.member))
        .order_by(DeliveryNote.day, DeliveryNote.at, DeliveryNote.id)
    ).all()


def records(session: Session, lot: Lot) -> Sequence[LotRecord]:
    """What is written down of it and was not withdrawn, the oldest first."""
    return session.scalars(
        select(LotRecord)
        .where(LotRecord.lot_id == lot.id, LotRecord.withdrawn_at.is_(None))
        .order_by(LotRecord.day, LotRecord.at, LotRecord.id)
    ).all()


def _weights(kept: Sequence[LotRecord]) -> tuple[int, int]:
    return (
        sum(one.grams for one in kept if one.kind == RecordKind.SHRINK),
        sum(one.grams for one in kept if one.kind == RecordKind.ELSEWHERE),
    )


def _not_counted(session: Session, pooled: PooledProduct) -> list[Sold]:
    """What its sales earned, less what earlier lots have of them."""
    since: dict[uuid.UUID, date] = {pooled.product_id: pooled.since}
    found = sales.of_product(session, pooled.product_id, pooled.since)
    earned = sales.earned_of_all(session, [sale.id for sale in found])
    counted = {
        (row.sale_id, row.line_id): row
        for row in session.execute(
            select(
                LotSale.sale_id, LotSale.line_id,
                func.sum(LotSale.pieces).label("pieces"), func.sum(LotSale.gross).label("gross"),
                func.sum(LotSale.net).label("net"),
            )
            .join(Lot, Lot.id == LotSale.lot_id)
            .where(Lot.product_id == pooled.product_id)
            .group_by(LotSale.sale_id, LotSale.line_id)
        )
    }  # fmt: skip
    fresh = []
    for sale in found:
        to_lots = by_line(sale, earned.get(sale.id, 0), since)
        for line in sale.lines:
            net = to_lots.get(line.id, 0)
            now = (line.pieces, line.gross, net) if net else (0, 0, 0)
            had = counted.get((sale.id, line.id))
            was = (int(had.pieces), int(had.gross), int(had.net)) if had else (0, 0, 0)
            if line.product_id == pooled.product_id and now != was:
                pieces, gross, more = (one - other for one, other in zip(now, was, strict=True))
                fresh.append(Sold(sale.id, line.id, pieces, gross, more, sale))
    return fresh


def _parts(session: Session, lot: Lot, notes: Sequence[DeliveryNote], shared: int) -> list[Part]:
    hers: dict[uuid.UUID, list[DeliveryNote]] = {}
    for note in sorted(notes, key=lambda one: (one.member.joined_on, one.member_id)):
        hers.setdefault(note.member_id, []).append(note)
    graded = {who: sum(one.grams * one.weight for one in rows) for who, rows in hers.items()}
    amounts = price.share(shared, graded) if graded else {}
    return [
        Part(
            who, sum(one.grams for one in rows), graded[who],
            sum(price.worth(one.grams, one.provisional) for one in rows), amounts[who],
            min(amounts[who], max(0, balance(session, AccountKind.ADVANCE, lot.seller_id, who))),
        )
        for who, rows in hers.items()
    ]  # fmt: skip


def _as_settled(session: Session, lot: Lot) -> Worked:
    rows = session.scalars(select(LotSale).where(LotSale.lot_id == lot.id)).all()
    found = sales.sales(session, [row.sale_id for row in rows])
    sold = [
        Sold(row.sale_id, row.line_id, row.pieces, row.gross, row.net, found.get(row.sale_id))
        for row in rows
    ]
    parts = session.scalars(
        select(LotPart).where(LotPart.lot_id == lot.id).order_by(LotPart.position)
    ).all()
    return Worked(
        sold, lot.gross, lot.fees, lot.elsewhere, lot.costs,
        price.Pot(lot.coop_fee, lot.shared, lot.lost), lot.fee_basis_points,
        sum(one.grams for one in parts), lot.graded, *_weights(records(session, lot)),
        [
            Part(
                one.member_id, one.grams, one.graded, one.provisional, one.amount, one.deducted
            )
            for one in parts
        ],
    )  # fmt: skip
