"""Things for sale, for tests of stock and of the studio."""

from __future__ import annotations

import itertools

from sqlalchemy.orm import Session

from shop.catalog.models import Category, Product, Variant
from shop.catalog.states import ProductState, StockKind
from shop.core import clock
from shop.core.images import NormalisedImage, normalise
from shop.sellers.models import Seller
from tests.factories.sellers import make_seller
from tests.photos import quarters, saved

_numbers = itertools.count(1)


def shelf(session: Session, slug: str = "camilan", name: str = "Camilan") -> Category:
    """A shelf of the shop, made once."""
    found = session.get(Category, slug)
    if found is None:
        found = Category(slug=slug, name=name, name_en="Snacks", position=next(_numbers))
        session.add(found)
        session.flush()
    return found


def offer(
    session: Session,
    seller: Seller | None = None,
    on_hand: int | None = 0,
    state: ProductState = ProductState.LIVE,
    name: str = "Kerupuk Tenggiri",
) -> Variant:
    """A product and its one variant at Rp15.000, written straight into the tables."""
    seller = seller or make_seller(session)
    product = Product(
        seller_id=seller.id,
        slug=f"kerupuk-{next(_numbers)}",
        name=name,
        category_slug=shelf(session).slug,
        state=state.value,
        stock_kind=(StockKind.MADE_TO_ORDER if on_hand is None else StockKind.READY).value,
        published_at=clock.now() if state in (ProductState.LIVE, ProductState.HIDDEN) else None,
    )
    session.add(product)
    session.flush()
    variant = Variant(product_id=product.id, seller_id=seller.id, price=15_000, on_hand=on_hand)
    session.add(variant)
    session.flush()
    return variant


def snapshot(seed: int = 0) -> NormalisedImage:
    """A small photo, ready to be kept; each seed gives another."""
    image = quarters(64, 64)
    image.paste((seed * 97 % 256, seed * 41 % 256, 128), (16, 16, 48, 48))
    return normalise(saved(image, "PNG"))
