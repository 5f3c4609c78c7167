"""Pooled products, delivery notes, lots, and how each lot was settled. Weights are in grams."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalog.models import Product
from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.lots.states import Grade, LotState, NoteState, RecordKind
from shop.sellers.models import SellerMember


class PooledProduct(Base):
    """A product whose sales, from the day `since` on, are shared by lots.

    A piece for sale weighs `piece_g`; `grams` is what came in, less what is sold elsewhere or lost.
    A kilogram of a grade counts with its weight. `fee_basis_points` ten-thousandths of what was
    sold stay in the fund.
    """

    __tablename__ = "pooled_products"
    __table_args__ = (
        CheckConstraint("piece_g BETWEEN 1 AND 200000", name="piece_sane"),
        CheckConstraint("fee_basis_points BETWEEN 0 AND 5000", name="fee_sane"),
        CheckConstraint(
            "weight_a BETWEEN 1 AND 1000 AND weight_b BETWEEN 1 AND 1000"
            " AND weight_c BETWEEN 1 AND 1000",
            name="weights_sane",
        ),
        Index("ix_pooled_products_seller", "seller_id"),
    )

    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    since: Mapped[date]
    piece_g: Mapped[int]
    grams: Mapped[int] = mapped_column(BigInteger, default=0)
    weight_a: Mapped[int]
    weight_b: Mapped[int]
    weight_c: Mapped[int]
    fee_basis_points: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    product: Mapped[Product] = relationship(lazy="raise")

    def weight_of(self, grade: Grade) -> int:
        """How much a kilogram of this grade counts."""
        return {Grade.A: self.weight_a, Grade.B: self.weight_b, Grade.C: self.weight_c}[grade]


class Lot(Base):
    """What came in and was sold of a pooled product from one settlement to the next.

    The sums, in rupiah and grams, are those of its settlement: `gross` is what buyers paid in the
    shop, `fees` what the programme kept of it, `elsewhere` what other buyers paid. `shared` went to
    the members; where it all was less than the costs, `lost` was borne by the fund. `graded` is the
    sum of grams times weights.
    """

    __tablename__ = "lots"
    __table_args__ = (
        one_of("state", LotState),
        CheckConstraint("(state = 'settled') = (last IS NOT NULL)", name="settled_on_a_day"),
        CheckConstraint("shared >= 0 AND lost >= 0 AND coop_fee >= 0", name="not_negative"),
        CheckConstraint(
            "gross - fees + elsewhere - costs = coop_fee + shared - lost", name="adds_up"
        ),
        UniqueConstraint("product_id", "number"),
        Index(
            "uq_lots_open", "product_id", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
        Index("ix_lots_seller", "seller_id", "state"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pooled_products.product_id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default=LotState.OPEN.value)
    first: Mapped[date]
    last: Mapped[date | None]
    fee_basis_points: Mapped[int] = mapped_column(default=0)
    gross: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    fees: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    elsewhere: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    costs: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    coop_fee: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    shared: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    lost: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    graded: Mapped[int] = mapped_column(BigInteger, default=0)
    why: Mapped[str] = mapped_column(String(300), default="")
    product: Mapped[Product] = relationship(
        primaryjoin="foreign(Lot.product_id) == Product.id", viewonly=True, lazy="raise"
    )


class LotEvent(MoveRow, Base):
    """A move in the life of a lot."""

    __tablename__ = "lot_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)


class DeliveryNote(Base):
    """What a member brought: `weight` is how much its grade counted then.

    `provisional` and `farm_gate` are rupiah for a kilogram: what she may expect, and what a trader
    at her gate paid that day, where she knew.
    """

    __tablename__ = "delivery_notes"
    __table_args__ = (
        one_of("state", NoteState),
        one_of("grade", Grade),
        CheckConstraint("grams BETWEEN 1 AND 10000000", name="grams_sane"),
        CheckConstraint("weight BETWEEN 1 AND 1000", name="weight_sane"),
        CheckConstraint("provisional BETWEEN 1 AND 10000000", name="provisional_sane"),
        CheckConstraint("farm_gate BETWEEN 1 AND 10000000", name="farm_gate_sane"),
        Index("ix_delivery_notes_lot", "lot_id"),
        Index("ix_delivery_notes_member", "member_id", "day"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"))
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_members.id"))
    state: Mapped[str] = mapped_column(String(10), default=NoteState.TOLD.value)
    grams: Mapped[int]
    grade: Mapped[str] = mapped_column(String(1))
    weight: Mapped[int]
    day: Mapped[date]
    provisional: Mapped[Rupiah]
    farm_gate: Mapped[Rupiah | None]
    photo_sha256: Mapped[str | None] = mapped_column(ForeignKey("pictures.sha256"))
    why: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    member: Mapped[SellerMember] = relationship(lazy="raise")
    lot: Mapped[Lot] = relationship(lazy="raise")

    @property
    def counts(self) -> bool:
        """Whether it was not withdrawn."""
        return self.state != NoteState.WITHDRAWN


class DeliveryNoteEvent(MoveRow, Base):
    """A move in the life of a delivery note."""

    __tablename__ = "delivery_note_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("delivery_notes.id"), index=True)


class LotRecord(Base):
    """Money or weight of a lot beside notes and sales in the shop; what is sold elsewhere has its
    proof.
    """

    __tablename__ = "lot_records"
    __table_args__ = (
        one_of("kind", RecordKind),
        CheckConstraint("amount >= 0 AND grams >= 0", name="not_negative"),
        CheckConstraint("(kind = 'shrink') = (amount = 0)", name="money_unless_lost"),
        CheckConstraint("(kind IN ('elsewhere', 'shrink')) = (grams > 0)", name="weighed"),
        CheckConstraint("kind <> 'elsewhere' OR proof_sha256 IS NOT NULL", name="proven"),
        Index("ix_lot_records_lot", "lot_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"))
    kind: Mapped[str] = mapped_column(String(10))
    grams: Mapped[int]
    amount: Mapped[Rupiah]
    note: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    proof_sha256: Mapped[str | None] = mapped_column(ForeignKey("pictures.sha256"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str] = mapped_column(String(300), default="")


class LotSale(Base):
    """What a lot got of a line sold in the shop, in rupiah; `pieces` of it.

    A later lot gets what changed since: less than nothing where money went back.
    """

    __tablename__ = "lot_sales"

    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    sale_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, index=True)
    line_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    pieces: Mapped[int]
    gross: Mapped[Rupiah]
    net: Mapped[Rupiah]


class LotPart(Base):
    """What a member got of a lot: `amount` rupiah, of which `deducted` worked off her advances.

    `provisional` is what the provisional prices had promised.
    """

    __tablename__ = "lot_parts"
    __table_args__ = (
        CheckConstraint("grams > 0 AND graded > 0", name="delivered"),
        CheckConstraint("deducted BETWEEN 0 AND amount", name="deducted_within"),
        Index("ix_lot_parts_member", "member_id"),
    )

    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_members.id"), primary_key=True)
    position: Mapped[int]
    grams: Mapped[int] = mapped_column(BigInteger)
    graded: Mapped[int] = mapped_column(BigInteger)
    provisional: Mapped[Rupiah]
    amount: Mapped[Rupiah]
    deducted: Mapped[Rupiah]
