"""A cooperative's surplus (SHU), as it was shared out of its fund."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.sellers.models import SellerMember
from shop.sharing.states import Purpose


class Surplus(Base):
    """`amount` rupiah of surplus of the days from `first` to `last`, shared by a rule's terms."""

    __tablename__ = "surpluses"
    __table_args__ = (
        CheckConstraint("amount > 0", name="shares_something"),
        CheckConstraint("first <= last", name="days_in_order"),
        Index("ix_surpluses_seller", "seller_id", "last"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    rule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_rules.id"))
    first: Mapped[date]
    last: Mapped[date]
    amount: Mapped[Rupiah]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    purposes: Mapped[list[SurplusPurpose]] = relationship(order_by="SurplusPurpose.amount.desc()")
    shares: Mapped[list[SurplusShare]] = relationship(order_by="SurplusShare.position")


class SurplusPurpose(Base):
    """What of a surplus goes to a purpose, in rupiah."""

    __tablename__ = "surplus_purposes"
    __table_args__ = (one_of("purpose", Purpose),)

    surplus_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("surpluses.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10), primary_key=True)
    amount: Mapped[Rupiah]


class SurplusShare(Base):
    """What a member gets of a surplus, in rupiah: by what she earned through the group (`used`),
    and by her `savings`.
    """

    __tablename__ = "surplus_shares"
    __table_args__ = (CheckConstraint("used >= 0 AND savings >= 0", name="not_negative"),)

    surplus_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("surpluses.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seller_members.id"), primary_key=True)
    position: Mapped[int]
    used: Mapped[Rupiah]
    savings: Mapped[Rupiah]
    by_usage: Mapped[Rupiah]
    by_capital: Mapped[Rupiah]
    member: Mapped[SellerMember] = relationship(lazy="raise")
