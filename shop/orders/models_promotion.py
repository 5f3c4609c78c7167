"""Promotions: a lower price for a while, and who bears the difference."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah


class Target(StrEnum):
    """What becomes cheaper: the goods, or bringing them."""

    GOODS = "goods"
    DELIVERY = "delivery"


class Promotion(Base):
    """What is taken off, of what, for whom, from when to when, and at whose cost.

    Off goes `basis_points` ten-thousandths or `amount` rupiah of the goods of an order that it is
    for, or of each delivery. It is for everything, one category, or one seller's goods (one
    `product_id` of hers). `minimum`: from so many rupiah of such goods on, at their own prices.
    With a `word` it is only for who types it. `cap` is the most that goes off one order.

    The programme bears `subsidy_points` ten-thousandths of what goes off, sellers the rest. Of the
    `budget` rupiah that may go off in all, `taken` are of orders that were not undone (0 where
    there is no budget). `ended_at`: somebody ended it early. `by_seller`: its seller made it.
    """

    __tablename__ = "promotions"
    __table_args__ = (
        one_of("target", Target),
        CheckConstraint("(basis_points IS NULL) <> (amount IS NULL)", name="one_measure"),
        CheckConstraint(
            "basis_points BETWEEN 1 AND CASE target WHEN 'goods' THEN 9000 ELSE 10000 END",
            name="share_sane",
        ),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("category_slug IS NULL OR seller_id IS NULL", name="one_scope"),
        CheckConstraint("product_id IS NULL OR seller_id IS NOT NULL", name="product_of_seller"),
        CheckConstraint("minimum >= 0 AND (cap IS NULL OR cap > 0)", name="limits_sane"),
        CheckConstraint("subsidy_points BETWEEN 0 AND 10000", name="subsidy_sane"),
        CheckConstraint("budget IS NULL OR budget > 0", name="budget_positive"),
        CheckConstraint("taken BETWEEN 0 AND COALESCE(budget, 0)", name="within_budget"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_later"),
        CheckConstraint("word IS NULL OR word <> ''", name="word_not_empty"),
        CheckConstraint(
            "NOT by_seller OR (seller_id IS NOT NULL AND subsidy_points = 0)", name="own_cost"
        ),
        Index("ix_promotions_running", "ended_at", "ends_at"),
        Index("ix_promotions_seller", "seller_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    word: Mapped[str | None] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(8))
    basis_points: Mapped[int | None]
    amount: Mapped[Rupiah | None]
    category_slug: Mapped[str | None] = mapped_column(ForeignKey("categories.slug"))
    seller_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sellers.id"))
    product_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("products.id"))
    minimum: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    cap: Mapped[Rupiah | None]
    subsidy_points: Mapped[int]
    budget: Mapped[Rupiah | None]
    taken: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    by_seller: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
