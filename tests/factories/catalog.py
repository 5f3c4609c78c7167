"""Things for sale, for tests, written straight into the tables."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from sqlalchemy.orm import Session

from shop.catalog import search
from shop.catalog.models import Category, Product, ProductPhoto, Variant
from shop.catalog.states import ProductState, StockKind
from shop.core import clock
from shop.core.models import Picture
from shop.core.money import Rupiah
from shop.sellers.models import Seller
from tests.factories.sellers import make_seller

_numbers = itertools.count(1)


def make_category(
    session: Session, slug: str = "camilan", name: str = "Camilan", name_en: str = "Snacks"
) -> Category:
    """A shelf of the shop, made once."""
    found = session.get(Category, slug)
    if found is None:
        found = Category(slug=slug, name=name, name_en=name_en, position=next(_numbers))
        session.add(found)
        session.flush()
    return found


def make_product(
    session: Session,
    seller: Seller | None = None,
    *,
    name: str = "Kerupuk Tenggiri",
    price: int = 15_000,
    on_hand: int | None = 10,
    reserved: int = 0,
    state: ProductState = ProductState.LIVE,
    photos: int = 0,
    category: str = "camilan",
    slug: str | None = None,
    **columns: Any,
) -> Product:
    """A product with one variant, findable by search; `on_hand=None` makes it to order.

    Its photos are rows without files. Further keywords are columns of the product.
    """
    seller = seller or make_seller(session)
    number = next(_numbers)
    kind = StockKind.MADE_TO_ORDER if on_hand is None else StockKind.READY
    published = clock.now() if state in (ProductState.LIVE, ProductState.HIDDEN) else None
    product = Product(
        seller_id=seller.id,
        slug=slug or f"{name.lower().replace(' ', '-')}-{number}",
        name=name,
        category_slug=make_category(session, category).slug,
        state=state.value,
        stock_kind=kind.value,
        **({"published_at": published} | columns),
    )
    session.add(product)
    session.flush()
    session.add(
        Variant(
            product_id=product.id,
            seller_id=seller.id,
            price=Rupiah(price),
            on_hand=on_hand,
            reserved=reserved,
        )
    )
    for position in range(photos):
        _photo(session, product, f"{number}-{position}", position)
    session.flush()
    search.index(session, product.id)
    return product


def _photo(session: Session, product: Product, seed: str, position: int) -> None:
    sha256 = hashlib.sha256(seed.encode()).hexdigest()
    session.add(
        Picture(
            sha256=sha256, width=1280, height=1280, tone="teak", bytes=1, rendered_at=clock.now()
        )
    )
    session.flush()
    session.add(
        ProductPhoto(
            product_id=product.id,
            seller_id=product.seller_id,
            picture_sha256=sha256,
            position=position,
        )
    )
