"""Reading promotions for the people who make them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from shop.catalog.models import Category, Product
from shop.catalog.states import ProductState
from shop.core import clock
from shop.core.i18n import chosen
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.models_promotion import Promotion
from shop.orders.states import UNDONE
from shop.sellers.models import Seller
from shop.sellers.states import SellerState

MOST_SHOWN = 200


@dataclass(frozen=True)
class PromotionRow:
    """A promotion, what it is for by name, and what it took off so far, in rupiah.

    `cost` leaves out parts that were undone; of it the programme bears `subsidy` at the most.
    `orders` is how many orders had it.
    """

    promotion: Promotion
    seller: str
    product: str
    category: str
    cost: int
    subsidy: int
    orders: int

    @property
    def runs(self) -> bool:
        """Whether it takes something off now."""
        one, now = self.promotion, clock.now()
        over = one.ended_at is not None or (one.ends_at is not None and one.ends_at <= now)
        return not over and not self.spent and one.starts_at <= now

    @property
    def spent(self) -> bool:
        """Whether its budget is used up."""
        return self.promotion.budget is not None and self.promotion.taken >= self.promotion.budget

    @property
    def waits(self) -> bool:
        """Whether its time is still to come."""
        return self.promotion.ended_at is None and self.promotion.starts_at > clock.now()


def promotions(session: Session, seller_id: uuid.UUID | None = None) -> Sequence[PromotionRow]:
    """The newest promotions, or those of one seller's goods: first what is not over."""
    undone = [state.value for state in UNDONE]
    each = union_all(
        select(
            OrderLine.promotion_id.label("which"), OrderLine.discount.label("off"),
            OrderLine.subsidy.label("borne"), SellerOrder.order_id.label("order_id"),
        )
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(OrderLine.promotion_id.is_not(None), SellerOrder.state.not_in(undone)),
        select(
            SellerOrder.delivery_promotion_id, SellerOrder.delivery_discount,
            SellerOrder.delivery_subsidy, SellerOrder.order_id,
        ).where(
            SellerOrder.delivery_promotion_id.is_not(None), SellerOrder.state.not_in(undone)
        ),
    ).subquery()  # fmt: skip
    sums = (
        select(
            each.c.which, func.sum(each.c.off).label("off"), func.sum(each.c.borne).label("borne"),
            func.count(each.c.order_id.distinct()).label("orders"),
        )
        .group_by(each.c.which)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        select(Promotion, Seller.name, Product, Category, sums.c.off, sums.c.borne, sums.c.orders)
        .outerjoin(Seller, Seller.id == Promotion.seller_id)
        .outerjoin(Product, Product.id == Promotion.product_id)
        .outerjoin(Category, Category.slug == Promotion.category_slug)
        .outerjoin(sums, sums.c.which == Promotion.id)
        .where(*([Promotion.seller_id == seller_id] if seller_id else []))
        .order_by(Promotion.made_at.desc(), Promotion.id)
        .limit(MOST_SHOWN)
    )
    found = [
        PromotionRow(
            one, seller or "", str(chosen(product, "name")) if product else "",
            str(chosen(category, "name")) if category else "",
            int(off or 0), int(borne or 0), int(orders or 0),
        )
        for one, seller, product, category, off, borne, orders in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: not (row.runs or row.waits))


def scopes(session: Session, seller_id: uuid.UUID | None = None) -> list[tuple[str, str, str]]:
    """What a promotion can be for, or one of this seller's: key, kind and name.

    The kinds are `category`, `seller` and `product`.
    """
    found: list[tuple[str, str, str]] = []
    live = Product.state == ProductState.LIVE.value
    if seller_id is None:
        categories = session.scalars(select(Category).order_by(Category.position))
        found += [(f"c:{one.slug}", "category", str(chosen(one, "name"))) for one in categories]
        sellers = session.execute(
            select(Seller.id, Seller.name)
            .where(Seller.state == SellerState.APPROVED.value)
            .order_by(Seller.name)
        )
        found += [(f"s:{id_.hex}", "seller", name) for id_, name in sellers]
    products = session.execute(
        select(Product, Seller.name)
        .join(Seller, Seller.id == Product.seller_id)
        .where(live, *([Product.seller_id == seller_id] if seller_id else []))
        .order_by(Product.name, Seller.name)
    )
    for product, name in products:
        named = str(chosen(product, "name"))
        found.append((f"p:{product.id.hex}", "product", named if seller_id else f"{named}, {name}"))
    return found
