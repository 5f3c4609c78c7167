"""Reading products for those who make them and for staff, always through the seller."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.catalog.models import Product, ProductEvent, ProductPhoto, Variant
from shop.catalog.states import ProductState
from shop.core.models import Picture
from shop.core.money import Rupiah
from shop.core.paging import Page
from shop.core.pictures import PictureView, picture_view
from shop.sellers.models import Seller

PAGE_SIZE = 24
Listed = Select[Product, str, Rupiah, int | None, int, Picture]


@dataclass(frozen=True)
class ProductRow:
    """A product in a list; price in rupiah, `on_hand` None where it is made to order."""

    id: uuid.UUID
    slug: str
    name: str
    name_en: str
    state: str
    seller_name: str
    price: int
    on_hand: int | None
    reserved: int
    photo: PictureView | None

    @property
    def available(self) -> int | None:
        """How many can be ordered now; None where it is made to order."""
        return None if self.on_hand is None else self.on_hand - self.reserved


def products_of(
    session: Session, seller_id: uuid.UUID, state: str | None, page: int
) -> Page[ProductRow]:
    """A seller's products, the newest first, in one state or (None) in all."""
    query = _rows().where(Product.seller_id == seller_id)
    if state:
        query = query.where(Product.state == state)
    return _page(session, query, page)


def all_products(session: Session, words: str, state: str | None, page: int) -> Page[ProductRow]:
    """Everybody's products for staff, whose name or seller holds `words`, the newest first."""
    query = _rows()
    if words:
        like = f"%{words.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Product.name.ilike(like), Seller.name.ilike(like)))
    if state:
        query = query.where(Product.state == state)
    return _page(session, query, page)


def counts_by_state(session: Session, seller_id: uuid.UUID | None = None) -> dict[str, int]:
    """How many products there are in each state, of one seller or of all."""
    query = select(Product.state, func.count()).group_by(Product.state)
    if seller_id is not None:
        query = query.where(Product.seller_id == seller_id)
    return dict(session.execute(query).all())


def product_of(session: Session, seller_id: uuid.UUID, product_id: uuid.UUID) -> Product | None:
    """A seller's own product with variants, photos and their pictures; None where it is not."""
    return session.scalar(_whole().where(Product.id == product_id, Product.seller_id == seller_id))


def product_for_staff(session: Session, product_id: uuid.UUID) -> Product | None:
    """Any product, with its seller, variants, photos and their pictures."""
    return session.scalar(_whole().where(Product.id == product_id))


def waiting(session: Session, limit: int = 50) -> Sequence[Product]:
    """What waits for staff, the longest waiting first, whole."""
    since = (
        select(func.max(ProductEvent.happened_at))
        .where(ProductEvent.thing_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )
    return session.scalars(
        _whole()
        .where(Product.state == ProductState.WAITING.value)
        .order_by(since, Product.id)
        .limit(limit)
    ).all()


def reason_of(session: Session, product_id: uuid.UUID) -> str | None:
    """Why it was declined the last time."""
    return session.scalar(
        select(ProductEvent.reason)
        .where(
            ProductEvent.thing_id == product_id,
            ProductEvent.target == ProductState.DECLINED.value,
        )
        .order_by(ProductEvent.happened_at.desc())
        .limit(1)
    )


def shelf_for(session: Session, seller_id: uuid.UUID, name: str) -> str | None:
    """The shelf a new thing of this name most likely belongs on.

    That of things whose name begins with the same word, else that of the seller's newest thing;
    None where neither is known.
    """
    word = name.split(maxsplit=1)[0].lower() if name.strip() else ""
    return session.scalar(
        select(Product.category_slug)
        .where(func.lower(Product.name).startswith(word, autoescape=True))
        .group_by(Product.category_slug)
        .order_by(func.count().desc(), Product.category_slug)
        .limit(1)
    ) or session.scalar(
        select(Product.category_slug)
        .where(Product.seller_id == seller_id)
        .order_by(Product.created_at.desc())
        .limit(1)
    )


def names_to_pick(session: Session, limit: int = 60) -> Sequence[str]:
    """Names of things on the shelf, to pick from instead of typing."""
    return session.scalars(
        select(Product.name)
        .where(Product.state == ProductState.LIVE.value)
        .group_by(Product.name)
        .order_by(Product.name)
        .limit(limit)
    ).all()


def prices_beside(session: Session, product: Product) -> tuple[int, int, int]:
    """Lowest and highest price (rupiah) of what other sellers have on the same shelf; how many."""
    low, high, number = session.execute(
        select(func.min(Variant.price), func.max(Variant.price), func.count())
        .join(Variant.product)
        .where(
            Product.category_slug == product.category_slug,
            Product.state == ProductState.LIVE.value,
            Product.seller_id != product.seller_id,
        )
    ).one()
    return low or 0, high or 0, number


def pictures(session: Session, hashes: Sequence[str]) -> list[Picture]:
    """The kept pictures with these hashes, in this order; unknown ones are left out."""
    found = {
        p.sha256: p for p in session.scalars(select(Picture).where(Picture.sha256.in_(hashes)))
    }
    return [found[one] for one in hashes if one in found]


def _whole() -> Select[Product]:
    return select(Product).options(
        joinedload(Product.seller),
        joinedload(Product.category),
        selectinload(Product.variants),
        selectinload(Product.photos).joinedload(ProductPhoto.picture),
    )


def _rows() -> Listed:
    return (
        select(Product, Seller.name, Variant.price, Variant.on_hand, Variant.reserved, Picture)
        .join(Product.seller)
        .join(Variant, (Variant.product_id == Product.id) & (Variant.position == 0))
        .outerjoin(
            ProductPhoto,
            (ProductPhoto.product_id == Product.id) & (ProductPhoto.position == 0),
        )
        .outerjoin(Picture, Picture.sha256 == ProductPhoto.picture_sha256)
    )


def _page(
    session: Session,
    query: Listed,
    number: int,
) -> Page[ProductRow]:
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    rows = session.execute(
        query.order_by(Product.created_at.desc(), Product.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page([_row(row) for row in rows], number, PAGE_SIZE, total or 0)


def _row(row: Row[Product, str, Rupiah, int | None, int, Picture]) -> ProductRow:
    product, seller_name, price, on_hand, reserved, picture = row
    return ProductRow(
        product.id, product.slug, product.name, product.name_en, product.state, seller_name,
        price, on_hand, reserved, picture_view(picture, product.name) if picture else None,
    )  # fmt: skip
