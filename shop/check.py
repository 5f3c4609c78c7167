"""Everything that must be true of the shop's data, proved row by row: what `shop check` prints."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shop.catalog.models import StockMove, Variant
from shop.check_ends import check_ends
from shop.check_files import check_files
from shop.complaints.check import check_complaints
from shop.consignment.check import check_consignment
from shop.core.storage import Storage
from shop.ledger.check import Finding, check_books, count, found
from shop.lots.check import check_lots
from shop.orders.check_promotions import check_promotions
from shop.orders.models import Order, OrderLine, SellerOrder
from shop.orders.states import SellerOrderState
from shop.payments.check import check_payments
from shop.payments.check_bank import check_bank
from shop.payments.check_carried import check_carried
from shop.payments.check_gateway import check_gateway
from shop.payments.check_stripe import check_stripe
from shop.sharing.check import check_sharing

_PROMISED = (
    SellerOrderState.UNPAID.value,
    SellerOrderState.WAITING.value,
    SellerOrderState.ACCEPTED.value,
    SellerOrderState.READY.value,
)
"""Parts in these states still hold their pieces in the seller's stock."""


class Faulty(Exception):
    """The shop's data contradict themselves; the message names the first fault."""


def check_or_raise(session: Session, storage: Storage) -> None:
    """Check everything, for the daily job. Raises `Faulty`."""
    faults = [finding.line for finding in check_all(session, storage) if finding.faults]
    if faults:
        raise Faulty(faults[0])


def check_all(session: Session, storage: Storage) -> list[Finding]:
    """Every rule of the whole shop, one finding each; only reads."""
    return [
        *check_books(session),
        *check_payments(session),
        *check_gateway(session),
        *check_stripe(session),
        *check_bank(session),
        *check_carried(session),
        *check_carried(session),
        *check_consignment(session),
        *check_sharing(session),
        *check_lots(session),
        *check_orders(session),
        *check_complaints(session),
        *check_stock(session),
        *check_files(session, storage),
    ]


def check_orders(session: Session) -> list[Finding]:
    """Every rule of orders, one finding each."""
    orders = count(session, select(func.count()).select_from(Order))
    parts = count(session, select(func.count()).select_from(SellerOrder))
    return [
        found("no order without its parts", orders, _childless(session)),
        found("every order is the sum of its parts", orders, _wrong_orders(session)),
        found("every part is the sum of its lines", parts, _wrong_parts(session)),
        *check_ends(session),
        *check_promotions(session),
    ]


def check_stock(session: Session) -> list[Finding]:
    """Every rule of stock, one finding each."""
    variants = count(session, select(func.count()).select_from(Variant))
    return [
        found("no stock below zero or promised twice", variants, _impossible_stock(session)),
        found("stock is the sum of its moves", variants, _unexplained_stock(session)),
        found("promised pieces are those of open orders", variants, _wrong_promises(session)),
    ]


def _childless(session: Session) -> Iterator[str]:
    rows = session.scalars(
        select(Order.number)
        .outerjoin(SellerOrder, SellerOrder.order_id == Order.id)
        .where(SellerOrder.id.is_(None))
    )
    return (f"order {number}" for number in rows)


def _wrong_orders(session: Session) -> Iterator[str]:
    goods = func.coalesce(func.sum(SellerOrder.goods), 0)
    delivery = func.coalesce(func.sum(SellerOrder.delivery), 0)
    rows = session.execute(
        select(Order.number, Order.goods, goods, Order.delivery, delivery)
        .join(SellerOrder, SellerOrder.order_id == Order.id)
        .group_by(Order.id, Order.number, Order.goods, Order.delivery)
        .having(or_(goods != Order.goods, delivery != Order.delivery))
    )
    return (
        f"order {number}: goods {own} and {parts}, delivery {fee} and {fees}"
        for number, own, parts, fee, fees in rows
    )


def _wrong_parts(session: Session) -> Iterator[str]:
    goods = func.coalesce(func.sum(OrderLine.total), 0)
    fee = func.coalesce(func.sum(OrderLine.fee), 0)
    rows = session.execute(
        select(SellerOrder.id, SellerOrder.goods, goods, SellerOrder.fee, fee)
        .outerjoin(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .group_by(SellerOrder.id, SellerOrder.goods, SellerOrder.fee)
        .having(or_(goods != SellerOrder.goods, fee != SellerOrder.fee))
    )
    return (
        f"part {part}: goods {own} and {lines}, fee {fee} and {fees}"
        for part, own, lines, fee, fees in rows
    )


def _impossible_stock(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Variant.id, Variant.on_hand, Variant.reserved).where(
            or_(Variant.on_hand < 0, Variant.reserved < 0, Variant.reserved > Variant.on_hand)
        )
    )
    return (f"variant {v}: {on_hand} there, {reserved} promised" for v, on_hand, reserved in rows)


def _unexplained_stock(session: Session) -> Iterator[str]:
    there = func.coalesce(func.sum(StockMove.on_hand_change), 0)
    promised = func.coalesce(func.sum(StockMove.reserved_change), 0)
    rows = session.execute(
        select(Variant.id, Variant.on_hand, there, Variant.reserved, promised)
        .outerjoin(StockMove, StockMove.variant_id == Variant.id)
        .group_by(Variant.id, Variant.on_hand, Variant.reserved)
        .having(or_(there != func.coalesce(Variant.on_hand, 0), promised != Variant.reserved))
    )
    return (
        f"variant {v}: {on_hand} there, {moves} by its moves; {reserved} promised, {promises}"
        for v, on_hand, moves, reserved, promises in rows
    )


def _wrong_promises(session: Session) -> Iterator[str]:
    open_lines = (
        select(
            OrderLine.variant_id.label("variant"),
            func.sum(OrderLine.quantity - OrderLine.cancelled).label("pieces"),
        )
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.state.in_(_PROMISED))
        .group_by(OrderLine.variant_id)
        .subquery()
    )
    pieces = func.coalesce(open_lines.c.pieces, 0)
    rows = session.execute(
        select(Variant.id, Variant.reserved, pieces)
        .outerjoin(open_lines, open_lines.c.variant == Variant.id)
        .where(Variant.reserved != pieces)
    )
    return (f"variant {v}: {reserved} promised, orders want {n}" for v, reserved, n in rows)
