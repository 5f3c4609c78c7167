"""Carts: what somebody means to buy, before it is an order."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalog.models import Variant
from shop.core import clock, ids
from shop.core.db import Base
from shop.core.money import Rupiah


class Cart(Base):
    """What somebody means to buy, across sellers. Its cookie holds the token.

    `share_token` is in the link by which the same things come into another phone's cart.
    """

    __tablename__ = "carts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    share_token: Mapped[str | None] = mapped_column(String(40), unique=True)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    lines: Mapped[list[CartLine]] = relationship(
        back_populates="cart", order_by="CartLine.added_at", cascade="all, delete-orphan"
    )


class CartLine(Base):
    """One variant in a cart, with the price that was seen when it was put in."""

    __tablename__ = "cart_lines"
    __table_args__ = (CheckConstraint("quantity BETWEEN 1 AND 1000", name="quantity_sane"),)

    cart_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("carts.id"), primary_key=True)
    variant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    quantity: Mapped[int]
    price_seen: Mapped[Rupiah]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    cart: Mapped[Cart] = relationship(back_populates="lines")
    variant: Mapped[Variant] = relationship()


class CartNote(Base):
    """What the buyer wants to tell one seller, kept with the cart."""

    __tablename__ = "cart_notes"

    cart_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("carts.id"), primary_key=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"), primary_key=True)
    note: Mapped[str] = mapped_column(String(300))
