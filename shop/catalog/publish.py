"""A product's way to the shelf and off it."""

from __future__ import annotations

import re
import secrets
import unicodedata
import uuid
from typing import Unpack, cast

from sqlalchemy import Table, exists, select
from sqlalchemy.orm import Session

from shop.catalog import search
from shop.catalog.facts import Facts, plain
from shop.catalog.models import Product, ProductEvent, ProductPhoto, Variant
from shop.catalog.states import PRODUCT, ProductState, StockKind, StockMoveKind
from shop.catalog.stock import write_move
from shop.core import clock, ids, lifecycle
from shop.core.money import Rupiah
from shop.sellers.hold import one_at_a_time
from shop.sellers.states import SellerState

_PRODUCTS = cast("Table", Product.__table__)
_EVENTS = cast("Table", ProductEvent.__table__)


class NoPhoto(Exception):
    """A thing without a photo is not shown: nobody buys what they cannot see."""


def draft(  # noqa: PLR0913
    session: Session,
    seller_id: uuid.UUID,
    *,
    name: str,
    price: int,
    category_slug: str,
    person_id: uuid.UUID | None,
    stock_kind: StockKind = StockKind.READY,
    on_hand: int = 0,
    slug: str | None = None,
    product_id: uuid.UUID | None = None,
    **facts: Unpack[Facts],
) -> Product:
    """Put down a new product with one variant, seen by its seller only. `price` in rupiah.

    A `product_id` the caller has drawn makes a second call return what the first one made. Raises
    `PermissionError` where that id belongs to another seller.
    """
    one_at_a_time(session, seller_id)
    known = session.get(Product, product_id) if product_id else None
    if known is not None:
        if known.seller_id != seller_id:
            raise PermissionError("another seller's product")
        return known
    product = Product(
        id=product_id or ids.new_id(),
        seller_id=seller_id,
        slug=slug or _free_slug(session, name),
        name=name,
        category_slug=category_slug,
        stock_kind=stock_kind.value,
        **plain(facts),
    )
    variant = Variant(
        id=ids.new_id(),
        product_id=product.id,
        seller_id=seller_id,
        price=Rupiah(price),
        on_hand=on_hand if stock_kind is StockKind.READY else None,
    )
    session.add_all([product, variant])
    session.flush()  # the stock move needs the variant to stand
    if variant.on_hand:
        write_move(
            session, variant, StockMoveKind.COUNT, "draft", on_hand=on_hand, person_id=person_id
        )
    search.index(session, product.id)
    return product


def publish(session: Session, product_id: uuid.UUID, person_id: uuid.UUID | None) -> str:
    """Put a draft, or a declined product again, on the shelf; returns the state it is in now.

    It is LIVE at once, or WAITING for staff while the seller is not approved or none of the
    seller's products has been on the shelf yet. A second call changes nothing. Raises `NoPhoto`
    and `IllegalMove` (a hidden product is shown again instead).
    """
    product = session.get_one(Product, product_id)
    seller = one_at_a_time(session, product.seller_id)
    session.refresh(product)
    if product.state in (ProductState.LIVE, ProductState.WAITING):
        return product.state
    if not session.scalar(select(exists().where(ProductPhoto.product_id == product_id))):
        raise NoPhoto
    known = seller.state == SellerState.APPROVED and session.scalar(
        select(exists().where(Product.seller_id == seller.id, Product.published_at.is_not(None)))
    )
    if known and product.state == ProductState.DRAFT:
        return move(
            session, product_id, ProductState.LIVE, "seller", person_id, published_at=clock.now()
        )
    return move(session, product_id, ProductState.WAITING, "seller", person_id)


def take_back(session: Session, product_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """Take a product back that waits for staff. Raises `IllegalMove`."""
    move(session, product_id, ProductState.DRAFT, "seller", person_id)


def hide(session: Session, product_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """Take a product off the shelf for a while. Raises `IllegalMove`."""
    move(session, product_id, ProductState.HIDDEN, "seller", person_id)


def show(session: Session, product_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """Put a hidden product back on the shelf. Raises `IllegalMove`."""
    if session.get_one(Product, product_id).published_at is None:
        raise lifecycle.IllegalMove(PRODUCT.name, ProductState.LIVE)
    move(session, product_id, ProductState.LIVE, "seller", person_id)


def move(
    session: Session,
    product_id: uuid.UUID,
    target: ProductState,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str | None = None,
    **extra: object,
) -> str:
    """Move a product in its life and let the search know; returns `target`."""
    session.flush()  # the guarded UPDATE must find the row
    lifecycle.move(
        session, PRODUCT, _PRODUCTS, _EVENTS, product_id, target,
        actor=actor, person_id=person_id, reason=reason, extra=extra,
    )  # fmt: skip
    session.refresh(session.get_one(Product, product_id))
    search.index(session, product_id)
    return target.value


def _free_slug(session: Session, name: str) -> str:
    """The name as an address; with a few random signs after it where that is taken."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:80].rstrip("-") or "barang"
    taken = session.scalar(select(exists().where(Product.slug == slug)))
    return f"{slug}-{secrets.token_hex(3)}" if taken else slug
