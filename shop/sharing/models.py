"""Rules in detail, shared sales, the fund, advances, and money handed to members."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.sellers.models import SellerMember
from shop.sharing.states import AdvanceKind, FellBack, FundKind, PaidState, Purpose


class ShareDecider(Base):
    """A member who decided on a rule, at the meeting of its `decided_on`."""

    __tablename__ = "share_deciders"

    rule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_rules.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_members.id"), primary_key=True)


class ShareWeight(Base):
    """How much a member counts by a rule that shares by agreed weights."""

    __tablename__ = "share_weights"
    __table_args__ = (CheckConstraint("weight BETWEEN 1 AND 1000", name="weight_sane"),)

    rule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_rules.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_members.id"), primary_key=True)
    weight: Mapped[int]


class SurplusTerm(Base):
    """How many hundredths of a year's surplus (SHU) go to a purpose, by a rule."""

    __tablename__ = "surplus_terms"
    __table_args__ = (
        one_of("purpose", Purpose),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_sane"),
    )

    rule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_rules.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10), primary_key=True)
    percent: Mapped[int]


class LineMaker(Base):
    """How many pieces of a sold line a member made."""

    __tablename__ = "line_makers"
    __table_args__ = (CheckConstraint("pieces BETWEEN 1 AND 1000", name="pieces_sane"),)

    line_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_members.id"), primary_key=True)
    pieces: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class SharedSale(Base):
    """A sale as it is shared: `net` rupiah are what the group earned of it, `fund` of that its own.

    `sale_id` is the part of an order, or the record of consigned pieces. `times` counts how often
    it was worked out: again, when money of it went back.
    """

    __tablename__ = "shared_sales"
    __table_args__ = (
        one_of("fell_back", FellBack),
        CheckConstraint("times > 0", name="was_shared"),
        Index("ix_shared_sales_seller", "seller_id", "sold_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    sale_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    rule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_rules.id"))
    sold_on: Mapped[date]
    fell_back: Mapped[str | None] = mapped_column(String(12))
    net: Mapped[Rupiah]
    fund: Mapped[Rupiah]
    times: Mapped[int] = mapped_column(default=1)
    shared_at: Mapped[datetime] = mapped_column(default=clock.now)
    parts: Mapped[list[SharedPart]] = relationship(order_by="SharedPart.position")


class SharedPart(Base):
    """What one member gets of a sale, in rupiah; she counted with `weight` (pieces, grams, 1)."""

    __tablename__ = "shared_parts"
    __table_args__ = (
        CheckConstraint("weight >= 0", name="weight_sane"),
        Index("ix_shared_parts_member", "member_id"),
    )

    shared_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shared_sales.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_members.id"), primary_key=True)
    position: Mapped[int]
    weight: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[Rupiah]
    member: Mapped[SellerMember] = relationship(lazy="raise")


class FundMove(Base):
    """Money that came into a group's fund or was spent from it, with its receipt."""

    __tablename__ = "fund_moves"
    __table_args__ = (
        one_of("kind", FundKind),
        CheckConstraint("amount > 0", name="moves_something"),
        Index("ix_fund_moves_seller", "seller_id", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    kind: Mapped[str] = mapped_column(String(8))
    amount: Mapped[Rupiah]
    reason: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    receipt_sha256: Mapped[str | None] = mapped_column(ForeignKey("pictures.sha256"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class Advance(Base):
    """What a member had beforehand, or brought back of it."""

    __tablename__ = "advances"
    __table_args__ = (
        one_of("kind", AdvanceKind),
        CheckConstraint("amount > 0", name="moves_something"),
        Index("ix_advances_member", "member_id", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_members.id"))
    kind: Mapped[str] = mapped_column(String(8))
    amount: Mapped[Rupiah]
    reason: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class MemberPayment(Base):
    """Money handed to a member: `paid` rupiah in her hand, `deducted` of her advances with them."""

    __tablename__ = "member_payments"
    __table_args__ = (
        one_of("state", PaidState),
        CheckConstraint("paid >= 0 AND deducted >= 0", name="not_negative"),
        CheckConstraint("paid + deducted > 0", name="pays_something"),
        Index("ix_member_payments_member", "member_id", "at"),
        Index("ix_member_payments_seller", "seller_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_members.id"))
    state: Mapped[str] = mapped_column(String(10), default=PaidState.TOLD.value)
    paid: Mapped[Rupiah]
    deducted: Mapped[Rupiah]
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")
    answer: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    member: Mapped[SellerMember] = relationship(lazy="raise")


class MemberPaymentEvent(MoveRow, Base):
    """A move in the life of a payment to a member."""

    __tablename__ = "member_payment_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member_payments.id"), index=True)
