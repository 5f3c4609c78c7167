"""Things for sale as cards: what is on the shelves, and a card's worth of each thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from shop.catalog.models import Category, Product, ProductPhoto, Variant
from shop.catalog.search import in_byte_order
from shop.catalog.states import HalalKind, ProductState
from shop.core.models import Picture
from shop.core.money import Rupiah
from shop.core.pictures import PictureView, picture_view
from shop.core.regions import Kelurahan, all_kelurahan, kelurahan_name
from shop.sellers.models import Seller
from shop.sellers.states import SellerState

PRICE_BANDS = (15_000, 30_000, 75_000)
"""Rupiah up to which a thing belongs to the first, second and third price band."""
FEW_DAYS = 3
"""Days that still count as soon for a thing that has to be made."""
MADE = ("soon", "later")
"""When things are ready that are made for an order: within a few days, or later."""


@dataclass(frozen=True)
class Card:
    """A thing for sale on a shelf. `price` in rupiah, of the cheapest variant; days to make it."""

    slug: str
    name: str
    name_en: str
    price: Rupiah
    from_price: bool
    unit: str
    unit_en: str
    days: int
    gone: bool
    maker: str
    kelurahan_code: str
    photo: PictureView | None

    @property
    def place(self) -> str:
        """The kelurahan of the maker."""
        return kelurahan_name(self.kelurahan_code)

    @property
    def today(self) -> bool:
        """Whether it can be had today."""
        return not self.gone and self.days == 0


def on_the_shelf() -> ColumnElement[bool]:
    """The condition on Product and Seller under which buyers see a thing."""
    return and_(Product.state == ProductState.LIVE, Seller.state == SellerState.APPROVED)


def for_sale(*more: ColumnElement[Any]) -> Select[Any]:
    """All that buyers see: a row a product with what it is filtered, counted and sorted by."""
    price, dearest, gone = _of_variants()
    offers = (
        select(Variant.product_id, price, dearest, gone).group_by(Variant.product_id).subquery()
    )
    return (
        select(
            Product.id,
            Product.slug,
            Product.seller_id,
            Product.published_at,
            Product.lead_days,
            Product.category_slug.label("shelf"),
            Seller.kelurahan_code.label("kelurahan"),
            Seller.kind.label("kind"),
            offers.c.price,
            offers.c.dearest,
            offers.c.gone,
            _band(offers.c.price).label("band"),
            _when(offers.c.gone).label("ready"),
            case((Product.halal_kind == HalalKind.CERTIFIED, "1"), else_="").label("halal"),
            *more,
        )
        .select_from(Product)
        .join(Seller, Seller.id == Product.seller_id)
        .join(offers, offers.c.product_id == Product.id)
        .where(on_the_shelf())
    )


def nearness(kelurahan_code: ColumnElement[str], near: Kelurahan | None) -> ColumnElement[int]:
    """0 in the same kelurahan, 1 in the same kecamatan, 2 elsewhere, for an ORDER BY."""
    if near is None:
        return case((false(), 0), else_=2)
    same = [k.code for k in all_kelurahan().values() if k.kecamatan == near.kecamatan]
    return case((kelurahan_code == near.code, 0), (kelurahan_code.in_(same), 1), else_=2)


def cards(goods: Subquery, *more: ColumnElement[Any]) -> Select[Any]:
    """A SELECT of whole cards for the rows of `goods` (columns as of `for_sale`), unordered."""
    return (
        select(
            Product.slug,
            Product.name,
            Product.name_en,
            Product.unit,
            Product.unit_en,
            Product.lead_days,
            goods.c.price,
            goods.c.dearest,
            goods.c.gone,
            Seller.name.label("maker"),
            Seller.kelurahan_code,
            Picture,
            *more,
        )
        .select_from(goods)
        .join(Product, Product.id == goods.c.id)
        .join(Seller, Seller.id == Product.seller_id)
        .outerjoin(ProductPhoto, first_photo_of(Product.__table__.c.id))
        .outerjoin(Picture, Picture.sha256 == ProductPhoto.picture_sha256)
    )


def card(row: Row[Any]) -> Card:
    """A row of `cards` as a card."""
    return Card(
        row.slug, row.name, row.name_en, row.price, row.dearest > row.price, row.unit,
        row.unit_en, row.lead_days, bool(row.gone), row.maker, row.kelurahan_code,
        picture_view(row.Picture, row.name) if row.Picture else None,
    )  # fmt: skip


def newest_first(session: Session, goods: Any) -> Sequence[ColumnElement[Any]]:
    """The order that decides where nothing else does; `goods` has columns as of `for_sale`."""
    return goods.published_at.desc(), in_byte_order(session, goods.slug)


def first_photo_of(product_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The join condition on ProductPhoto for the photo that stands first."""
    other = ProductPhoto.__table__.alias()
    first = select(func.min(other.c.position)).where(other.c.product_id == product_id)
    return and_(
        ProductPhoto.product_id == product_id, ProductPhoto.position == first.scalar_subquery()
    )


def aisles(session: Session) -> Sequence[Category]:
    """The shelves on which something lies, in their order."""
    filled = (
        select(Product.id)
        .join(Seller, Seller.id == Product.seller_id)
        .where(Product.category_slug == Category.slug, on_the_shelf())
    )
    return session.scalars(
        select(Category).where(filled.exists()).order_by(Category.position)
    ).all()


def _of_variants() -> tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]:
    some = or_(Variant.on_hand.is_(None), Variant.on_hand > Variant.reserved)
    gone = func.max(case((some, 1), else_=0)) == 0
    return (
        func.min(Variant.price).label("price"),
        func.max(Variant.price).label("dearest"),
        gone.label("gone"),
    )


def _band(price: ColumnElement[Any]) -> ColumnElement[str]:
    steps = [(price <= most, str(number)) for number, most in enumerate(PRICE_BANDS)]
    return case(*steps, else_=str(len(PRICE_BANDS)))


def _when(gone: ColumnElement[Any]) -> ColumnElement[str]:
    return case(
        (gone, "gone"),
        (Product.lead_days == 0, "today"),
        (Product.lead_days <= FEW_DAYS, "soon"),
        else_="later",
    )
