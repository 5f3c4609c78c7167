"""What lies in a cart or a checkout form, as it stands on the shelves now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.catalog.models import Product, ProductPhoto, Variant
from shop.catalog.states import ProductState
from shop.core.money import Rupiah
from shop.core.pictures import PictureView, picture_view
from shop.orders.cart import most_of
from shop.orders.place_order import WantedLine
from shop.sellers.models import Seller
from shop.sellers.states import SellerState


@dataclass(frozen=True)
class BasketLine:
    """A thing, how many of it are wanted, and how many of those can be had (`can`)."""

    variant: Variant
    quantity: int
    price_seen: Rupiah
    can: int
    for_sale: bool
    photo: PictureView | None

    @property
    def total(self) -> Rupiah:
        """What those that can be had cost now, in rupiah."""
        return Rupiah(self.variant.price * self.can)

    @property
    def product(self) -> Product:
        """The thing itself."""
        return self.variant.product


@dataclass(frozen=True)
class BasketPart:
    """What is wanted of one seller."""

    seller: Seller
    lines: tuple[BasketLine, ...]

    @property
    def goods(self) -> Rupiah:
        """What it costs now, in rupiah."""
        return Rupiah(sum(line.total for line in self.lines))

    @property
    def pieces(self) -> int:
        """How many pieces can be had."""
        return sum(line.can for line in self.lines)

    @property
    def missing(self) -> Rupiah:
        """How many rupiah of goods are missing to the least this seller takes an order for."""
        return Rupiah(max(0, self.seller.minimum_order - self.goods) if self.pieces else 0)


@dataclass(frozen=True)
class Basket:
    """All of it, a part for each seller, in the order in which things were put in."""

    parts: tuple[BasketPart, ...]

    @property
    def goods(self) -> Rupiah:
        """What it costs now, in rupiah, without delivery."""
        return Rupiah(sum(part.goods for part in self.parts))

    @property
    def pieces(self) -> int:
        """How many pieces can be had."""
        return sum(part.pieces for part in self.parts)

    @property
    def orderable(self) -> tuple[BasketPart, ...]:
        """The parts of which something can be had, without what cannot."""
        found = (
            BasketPart(part.seller, tuple(line for line in part.lines if line.can))
            for part in self.parts
        )
        return tuple(part for part in found if part.lines)


def look(session: Session, lines: Sequence[WantedLine]) -> Basket:
    """Look at these lines anew; variants that never were are left out."""
    rows = session.scalars(
        select(Variant)
        .where(Variant.id.in_([variant_id for variant_id, _, _ in lines]))
        .options(
            joinedload(Variant.product).options(
                joinedload(Product.seller),
                selectinload(Product.photos).joinedload(ProductPhoto.picture),
            )
        )
    )
    variants = {variant.id: variant for variant in rows}
    parts: dict[uuid.UUID, list[BasketLine]] = {}
    for variant_id, quantity, price_seen in lines:
        variant = variants.get(variant_id)
        if variant is not None:
            line = _line(variant, quantity, price_seen)
            parts.setdefault(variant.seller_id, []).append(line)
    return Basket(
        tuple(BasketPart(found[0].product.seller, tuple(found)) for found in parts.values())
    )


def _line(variant: Variant, quantity: int, price_seen: Rupiah) -> BasketLine:
    product = variant.product
    for_sale = product.state == ProductState.LIVE and product.seller.state == SellerState.APPROVED
    photo = product.photos[0] if product.photos else None
    return BasketLine(
        variant=variant,
        quantity=quantity,
        price_seen=price_seen,
        can=min(quantity, most_of(variant)) if for_sale else 0,
        for_sale=for_sale,
        photo=picture_view(photo.picture, photo.alt) if photo else None,
    )
