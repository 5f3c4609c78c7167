"""What is for sale."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalog.states import HalalKind, PermitKind, ProductState, StockKind, StockMoveKind
from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.models import Picture
from shop.core.money import MAX_PRICE, Rupiah
from shop.core.moves import MoveRow
from shop.sellers.models import Seller


class Category(Base):
    """A shelf of the shop."""

    __tablename__ = "categories"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]


class Product(Base):
    """A thing a seller makes. Price and stock hang on its variants; every product has one."""

    __tablename__ = "products"
    __table_args__ = (
        one_of("state", ProductState),
        one_of("stock_kind", StockKind),
        one_of("halal_kind", HalalKind),
        one_of("permit_kind", PermitKind),
        CheckConstraint("weight_g IS NULL OR weight_g BETWEEN 1 AND 200000", name="weight_sane"),
        CheckConstraint("lead_days BETWEEN 0 AND 120", name="lead_sane"),
        CheckConstraint(
            "shelf_life_days IS NULL OR shelf_life_days BETWEEN 0 AND 3650", name="shelf_life_sane"
        ),
        CheckConstraint("most_per_order BETWEEN 1 AND 1000", name="most_per_order_sane"),
        CheckConstraint("state <> 'live' OR published_at IS NOT NULL", name="live_has_publication"),
        Index("ix_products_shelf", "state", "category_slug", "published_at"),
        Index("ix_products_seller", "seller_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    category_slug: Mapped[str] = mapped_column(ForeignKey("categories.slug"))
    state: Mapped[str] = mapped_column(String(10), default=ProductState.DRAFT.value)
    unit: Mapped[str] = mapped_column(String(30), default="")
    unit_en: Mapped[str] = mapped_column(String(30), default="")
    weight_g: Mapped[int | None]
    stock_kind: Mapped[str] = mapped_column(String(14), default=StockKind.READY.value)
    lead_days: Mapped[int] = mapped_column(default=0)
    most_per_order: Mapped[int] = mapped_column(default=50)
    shelf_life_days: Mapped[int | None]
    storage: Mapped[str] = mapped_column(String(12), default="room")
    ingredients: Mapped[str] = mapped_column(Text, default="")
    allergens: Mapped[list[str]] = mapped_column(default=list)
    materials: Mapped[str] = mapped_column(String(200), default="")
    permit_kind: Mapped[str] = mapped_column(String(14), default=PermitKind.NONE.value)
    permit_number: Mapped[str] = mapped_column(String(30), default="")
    halal_kind: Mapped[str] = mapped_column(String(14), default=HalalKind.NOT_FOOD.value)
    halal_number: Mapped[str] = mapped_column(String(30), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    seller: Mapped[Seller] = relationship()
    category: Mapped[Category] = relationship()
    variants: Mapped[list[Variant]] = relationship(
        back_populates="product", order_by="Variant.position"
    )
    photos: Mapped[list[ProductPhoto]] = relationship(
        back_populates="product", order_by="ProductPhoto.position"
    )


class ProductEvent(MoveRow, Base):
    """A move in the life of a product."""

    __tablename__ = "product_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), index=True)


class Variant(Base):
    """What is really bought: a size or taste of a product, with its price and stock.

    `on_hand` counts the pieces that exist, `reserved` those promised to open orders. A thing made
    to order has no `on_hand` (NULL): it is never out of stock, and a cap per order holds instead.
    """

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint(f"price BETWEEN 1 AND {MAX_PRICE}", name="price_sane"),
        CheckConstraint("on_hand IS NULL OR on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("on_hand IS NULL OR reserved <= on_hand", name="not_oversold"),
        Index("ix_variants_product", "product_id", "position"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"))
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    name: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)
    price: Mapped[Rupiah]
    on_hand: Mapped[int | None]
    reserved: Mapped[int] = mapped_column(default=0)
    product: Mapped[Product] = relationship(back_populates="variants")

    @property
    def available(self) -> int | None:
        """How many can be ordered now; None where it is made to order."""
        return None if self.on_hand is None else self.on_hand - self.reserved


class StockMove(Base):
    """Every change of a variant's numbers, once: the key makes a repetition impossible."""

    __tablename__ = "stock_moves"
    __table_args__ = (
        one_of("kind", StockMoveKind),
        CheckConstraint("on_hand_change <> 0 OR reserved_change <> 0", name="changes_something"),
        Index("ix_stock_moves_variant", "variant_id", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    variant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("variants.id"))
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    kind: Mapped[str] = mapped_column(String(10))
    on_hand_change: Mapped[int]
    reserved_change: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class ProductPhoto(Base):
    """A picture of a product and its place in the row."""

    __tablename__ = "product_photos"
    __table_args__ = (
        UniqueConstraint("product_id", "picture_sha256"),
        CheckConstraint("position BETWEEN 0 AND 99", name="position_sane"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"))
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    picture_sha256: Mapped[str] = mapped_column(ForeignKey("pictures.sha256"), index=True)
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(String(160), default="")
    product: Mapped[Product] = relationship(back_populates="photos")
    picture: Mapped[Picture] = relationship()
