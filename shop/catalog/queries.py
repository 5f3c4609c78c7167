"""Reading the catalogue: shelves, one product, one seller."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from shop.catalog.models import Category, Product, ProductPhoto, Variant
from shop.catalog.queries_cards import Card, card, cards, for_sale, newest_first, on_the_shelf
from shop.core.money import Rupiah
from shop.core.paging import Page
from shop.core.pictures import PictureView, picture_view
from shop.core.regions import Kelurahan, all_kelurahan
from shop.sellers.models import DeliveryZone, Seller
from shop.sellers.queries import Skill, certificates_of_sellers
from shop.sellers.states import SellerState

CARDS_A_PAGE = 24
_MORE = 6


@dataclass(frozen=True)
class Delivery:
    """What bringing costs, in rupiah: to `near` if that is known, else from `cheapest` on.

    `fee` is None where the seller does not go to `near`; `cheapest` is None where they only hand
    over at home. The fee carries `carries_g` grams; each kilogram begun beyond costs `per_kg`.
    """

    near: Kelurahan | None
    fee: Rupiah | None
    free_over: Rupiah | None
    cheapest: Rupiah | None
    carries_g: int
    per_kg: Rupiah


@dataclass(frozen=True)
class ProductPage:
    """A product with everything its page shows."""

    product: Product
    photos: Sequence[PictureView]
    skills: Sequence[Skill]
    delivery: Delivery
    more: Sequence[Card]

    @property
    def most(self) -> int:
        """How many pieces of one variant somebody can order at most now; 0 if it is sold out."""
        left = [v.available for v in self.product.variants]
        cap = self.product.most_per_order
        return max((cap if a is None else min(a, cap) for a in left), default=0)

    @property
    def variants(self) -> Sequence[Variant]:
        """Those that can be ordered now."""
        return [v for v in self.product.variants if v.available is None or v.available > 0]


@dataclass(frozen=True)
class SellerPage:
    """A seller with everything their page shows."""

    seller: Seller
    skills: Sequence[Skill]
    zones: Sequence[DeliveryZone]
    cards: Page[Card]


def categories(session: Session) -> Sequence[Category]:
    """All shelves in their order."""
    return session.scalars(select(Category).order_by(Category.position)).all()


def category(session: Session, slug: str) -> Category | None:
    """The shelf of that slug, whether or not something lies on it."""
    return session.get(Category, slug)


def kelurahan(code: str | None) -> Kelurahan | None:
    """The kelurahan of that code, if there is one."""
    return all_kelurahan().get(code or "")


def product_page(session: Session, slug: str, near: Kelurahan | None) -> ProductPage | None:
    """The product at an address, with the fee for bringing it to `near`; None if none is shown."""
    product = session.scalars(
        select(Product)
        .join(Product.seller)
        .where(Product.slug == slug, on_the_shelf())
        .options(
            contains_eager(Product.seller),
            joinedload(Product.category),
            joinedload(Product.variants),
            joinedload(Product.photos).joinedload(ProductPhoto.picture),
        )
    ).unique().one_or_none()  # fmt: skip
    if product is None:
        return None
    photos = [picture_view(p.picture, p.alt or product.name) for p in product.photos]
    return ProductPage(
        product,
        photos,
        certificates_of_sellers(session, [product.seller_id]).get(product.seller_id, []),
        _delivery(zones_of(session, product.seller_id), near),
        _more_from(session, product),
    )


def seller_page(session: Session, slug: str, number: int) -> SellerPage | None:
    """The seller at an address with page `number` of their things; None if none is shown."""
    seller = session.scalar(
        select(Seller).where(Seller.slug == slug, Seller.state == SellerState.APPROVED)
    )
    if seller is None:
        return None
    goods = for_sale().where(Product.seller_id == seller.id).subquery()
    rows = session.execute(
        cards(goods, func.count().over().label("total"))
        .order_by(goods.c.gone, *newest_first(session, goods.c))
        .limit(CARDS_A_PAGE)
        .offset((number - 1) * CARDS_A_PAGE)
    ).all()
    return SellerPage(
        seller,
        certificates_of_sellers(session, [seller.id]).get(seller.id, []),
        zones_of(session, seller.id),
        Page([card(r) for r in rows], number, CARDS_A_PAGE, rows[0].total if rows else 0),
    )


def zones_of(session: Session, seller_id: uuid.UUID) -> Sequence[DeliveryZone]:
    """The zones a seller brings things to, the cheapest first."""
    return session.scalars(
        select(DeliveryZone)
        .where(DeliveryZone.seller_id == seller_id)
        .order_by(DeliveryZone.fee, DeliveryZone.zone)
    ).all()


def _delivery(zones: Sequence[DeliveryZone], near: Kelurahan | None) -> Delivery:
    there = next((z for z in zones if near and z.zone == near.zone), None)
    cheapest = zones[0].fee if zones else None
    if there is None:
        return Delivery(near, None, None, cheapest, 0, Rupiah(0))
    return Delivery(near, there.fee, there.free_over, cheapest, there.carries_g, there.per_kg)


def _more_from(session: Session, product: Product) -> Sequence[Card]:
    others = (
        for_sale().where(Product.seller_id == product.seller_id, Product.id != product.id)
    ).subquery()
    rows = session.execute(
        cards(others).order_by(others.c.gone, *newest_first(session, others.c)).limit(_MORE)
    )
    return [card(row) for row in rows]
