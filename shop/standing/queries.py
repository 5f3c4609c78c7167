"""Reading standing orders: by their secret link, through the seller, and all of them for staff."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from shop.catalog.models import Product, Variant
from shop.catalog.states import ProductState
from shop.core.paging import Page
from shop.orders.models import Order, SellerOrder
from shop.sellers.models import Seller
from shop.sellers.states import SellerState
from shop.standing.models import StandingEvent, StandingLine, StandingOrder
from shop.standing.skip import coming, left_out
from shop.standing.states import StandingState

A_PAGE = 20
MOST_SHOWN = 200


@dataclass(frozen=True)
class StandingView:
    """A standing order with its coming days, those left out, and its last reason to stop."""

    standing: StandingOrder
    coming: Sequence[date]
    left_out: Sequence[date]
    reason: str | None


@dataclass(frozen=True)
class Before:
    """What is known beforehand of who orders, and of what: pieces by variant."""

    seller: Seller
    pieces: dict[uuid.UUID, int] = field(default_factory=dict)
    order: Order | None = None
    part: SellerOrder | None = None


def by_token(session: Session, token: str) -> StandingView | None:
    """The standing order of a secret link."""
    return _view(session, _whole().where(StandingOrder.token == token))


def own(session: Session, seller_id: uuid.UUID, standing_id: uuid.UUID) -> StandingView | None:
    """A standing order, if it is this seller's."""
    mine = (StandingOrder.id == standing_id, StandingOrder.seller_id == seller_id)
    return _view(session, _whole().where(*mine))


def for_staff(session: Session, standing_id: uuid.UUID) -> StandingView | None:
    """Any standing order."""
    return _view(session, _whole().where(StandingOrder.id == standing_id))


def of_seller(session: Session, seller_id: uuid.UUID, number: int) -> Page[StandingOrder]:
    """A seller's standing orders, those that run first, by their next day."""
    return _page(session, number, StandingOrder.seller_id == seller_id)


def all_of(session: Session, number: int) -> Page[StandingOrder]:
    """Everybody's."""
    return _page(session, number)


def shelf(session: Session, seller_id: uuid.UUID) -> Sequence[Variant]:
    """What can be ordered of a seller, by name."""
    return session.scalars(
        select(Variant)
        .join(Variant.product)
        .join(Seller, Product.seller_id == Seller.id)
        .where(
            Variant.seller_id == seller_id,
            Product.state == ProductState.LIVE.value,
            Seller.state == SellerState.APPROVED.value,
        )
        .options(contains_eager(Variant.product))
        .order_by(Product.name, Variant.position)
        .limit(MOST_SHOWN)
    ).all()


def from_part(session: Session, token: str, part_hex: str) -> Before | None:
    """What a part of an order holds, for who has the order's secret link."""
    part = session.scalars(
        select(SellerOrder)
        .join(Order)
        .where(Order.token == token, SellerOrder.id == _id(part_hex))
        .options(
            joinedload(SellerOrder.order),
            joinedload(SellerOrder.seller).selectinload(Seller.zones),
            selectinload(SellerOrder.lines),
        )
    ).first()
    if part is None or part.seller.state != SellerState.APPROVED:
        return None
    pieces = {line.variant_id: line.quantity for line in part.lines}
    return Before(part.seller, pieces, part.order, part)


def from_product(session: Session, slug: str) -> Before | None:
    """One piece of a product's first variant."""
    product = session.scalars(
        select(Product)
        .join(Seller, Product.seller_id == Seller.id)
        .where(
            Product.slug == slug,
            Product.state == ProductState.LIVE.value,
            Seller.state == SellerState.APPROVED.value,
        )
        .options(
            joinedload(Product.seller).selectinload(Seller.zones), selectinload(Product.variants)
        )
    ).first()
    if product is None or not product.variants:
        return None
    return Before(product.seller, {product.variants[0].id: 1})


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def _whole() -> Select[StandingOrder]:
    return select(StandingOrder).options(
        joinedload(StandingOrder.seller).selectinload(Seller.zones),
        joinedload(StandingOrder.point),
        selectinload(StandingOrder.lines)
        .joinedload(StandingLine.variant)
        .joinedload(Variant.product),
        selectinload(StandingOrder.runs),
    )


def _view(session: Session, chosen: Select[StandingOrder]) -> StandingView | None:
    found = session.scalars(chosen).first()
    if found is None:
        return None
    reason = session.scalar(
        select(StandingEvent.reason)
        .where(StandingEvent.thing_id == found.id, StandingEvent.target == found.state)
        .order_by(StandingEvent.happened_at.desc(), StandingEvent.id.desc())
        .limit(1)
    )
    stopped = found.state != StandingState.ACTIVE
    return StandingView(
        found, coming(session, found), left_out(session, found), reason if stopped else None
    )


def orders_of(session: Session, standing: StandingOrder) -> dict[uuid.UUID, Order]:
    """The orders that its days became, with their parts, by id."""
    ids = [run.order_id for run in standing.runs if run.order_id]
    if not ids:
        return {}
    rows = session.scalars(
        select(Order).where(Order.id.in_(ids)).options(selectinload(Order.parts))
    )
    return {order.id: order for order in rows}


def _page(session: Session, number: int, *where: ColumnElement[bool]) -> Page[StandingOrder]:
    total = session.scalar(select(func.count()).select_from(StandingOrder).where(*where)) or 0
    rows = session.scalars(
        _whole()
        .where(*where)
        .order_by(
            StandingOrder.state == StandingState.ENDED.value,
            StandingOrder.state == StandingState.PAUSED.value,
            StandingOrder.next_on,
            StandingOrder.id,
        )
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()
    return Page(rows, number, A_PAGE, total)
