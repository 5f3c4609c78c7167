"""Placing an order: all of it in one transaction, once for each key, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog import reserve
from shop.core import clock, ids
from shop.core.money import Rupiah, portion
from shop.core.settings import load_settings
from shop.ledger.fees import current_rule
from shop.ledger.insert_once import insert_once
from shop.orders.begin import begin
from shop.orders.models import Order, OrderLine, SellerOrder
from shop.orders.place_order import Change, ChangeKind, PartWanted, PlaceOrder
from shop.orders.quote import Quote, QuotedPart, quote, share_rules
from shop.orders.states import SellerOrderState
from shop.payments import start
from shop.payments.states import Method

__all__ = ["Change", "ChangeKind", "Changed", "KeyReused", "PartWanted", "PlaceOrder", "place"]


class Changed(Exception):
    """Something is not as the buyer saw it; nothing was placed."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(", ".join(change.kind for change in changes))
        self.changes = changes


class KeyReused(Exception):
    """This key has become an order already, with other content."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.number)
        self.order = order


def place(session: Session, wanted: PlaceOrder) -> Order:
    """Write the order, promise its pieces, and start what is to be paid.

    The same key with the same content gives the order it made before. Raises `Changed`,
    `KeyReused`, `payments.start.NoFreeCode`, and `ValueError` for what no form of ours sends.
    """
    wanted.check()
    known = _known(session, wanted)
    if known is not None:
        return known
    quoted = quote(session, wanted)
    if quoted.changes:
        raise Changed(quoted.changes)
    try:
        with session.begin_nested():
            order, fresh = _write(session, wanted, quoted)
            if not fresh:
                return order
            pieces = {line.variant.id: line.quantity for p in quoted.parts for line in p.lines}
            reserve.reserve(session, pieces, key=f"order:{order.id.hex}")
            _start_payment(session, order)
    except reserve.SoldOut as gone:
        raise Changed([_sold_out(quoted, gone)]) from gone
    return order


def _known(session: Session, wanted: PlaceOrder) -> Order | None:
    order = session.scalars(select(Order).where(Order.key == wanted.key)).first()
    if order is not None and order.content_hash != wanted.content_hash():
        raise KeyReused(order)
    return order


def _write(session: Session, wanted: PlaceOrder, quoted: Quote) -> tuple[Order, bool]:
    """The order's rows, unless another press of the same button was faster: then that order."""
    order_id, now = ids.new_id(), clock.now()
    paid_later = wanted.method is not Method.CASH
    values = {
        "id": order_id,
        "token": ids.new_token(),
        "key": wanted.key,
        "content_hash": wanted.content_hash(),
        "placed_at": now,
        "language": wanted.language,
        "buyer_id": wanted.buyer_id,
        "buyer_name": wanted.buyer_name,
        "buyer_phone": wanted.buyer_phone,
        "kelurahan_code": wanted.kelurahan_code,
        "address": wanted.address,
        "landmark": wanted.landmark,
        "latitude": wanted.latitude,
        "longitude": wanted.longitude,
        "buyer_email": wanted.buyer_email,
        "whatsapp_ok_at": now if wanted.whatsapp_ok else None,
        "method": wanted.method.value,
        "goods": quoted.goods,
        "delivery": quoted.delivery,
        "unique_code": 0,
        "total": quoted.goods + quoted.delivery,
        "expires_at": now + timedelta(hours=load_settings(session).unpaid_hours)
        if paid_later
        else None,
    }
    while not insert_once(session, Order, number=ids.new_number(), **values):
        known = _known(session, wanted)  # else the number was taken: draw another
        if known is not None:
            return known, False
    rule = current_rule(session)
    shares = share_rules(session, [part.wanted.seller_id for part in quoted.parts])
    for position, part in enumerate(quoted.parts):
        seller_order = _part(part, order_id, position, rule.basis_points)
        session.add(seller_order)
        share_rule_id = shares.get(seller_order.seller_id)
        seller_order.lines = _lines(part, rule.id, rule.basis_points, share_rule_id)
    session.flush()  # the payment refers to the parts
    return session.get_one(Order, order_id), True


def _part(part: QuotedPart, order_id: uuid.UUID, position: int, basis_points: int) -> SellerOrder:
    return SellerOrder(
        id=ids.new_id(),
        order_id=order_id,
        seller_id=part.wanted.seller_id,
        position=position,
        state=SellerOrderState.UNPAID.value,
        delivery_kind=part.wanted.delivery_kind.value,
        point_id=part.wanted.point_id,
        goods=part.goods,
        delivery=part.delivery,
        total=part.goods + part.delivery,
        fee=sum(portion(line.total, basis_points) for line in part.lines),
        note=part.wanted.note,
        due_on=part.due_on,
        placed_at=clock.now(),
    )


def _lines(
    part: QuotedPart, rule_id: uuid.UUID, basis_points: int, share_rule_id: uuid.UUID | None
) -> list[OrderLine]:
    return [
        OrderLine(
            seller_id=part.wanted.seller_id,
            product_id=line.variant.product_id,
            variant_id=line.variant.id,
            position=position,
            name=line.variant.product.name,
            name_en=line.variant.product.name_en,
            variant_name=line.variant.name,
            unit=line.variant.product.unit,
            unit_price=line.variant.price,
            quantity=line.quantity,
            total=line.total,
            fee=portion(line.total, basis_points),
            fee_rule_id=rule_id,
            share_rule_id=share_rule_id,
        )
        for position, line in enumerate(part.lines)
    ]


def _start_payment(session: Session, order: Order) -> None:
    """Cash: one payment for each seller, and work begins at once. Else one for the whole order."""
    method = Method(order.method)
    parts = [(part.id, part.seller_id, part.total) for part in order.parts]
    if method is Method.CASH:
        for part in parts:
            start.start(
                session, order_id=order.id, order_number=order.number, method=method,
                parts=[part], key=f"order:{part[0].hex}",
            )  # fmt: skip
        begin(session, order.parts)
        return
    payment = start.start_with_code(
        session, order_id=order.id, order_number=order.number, method=method,
        parts=parts, key=f"order:{order.id.hex}", expires_at=order.expires_at,
    )  # fmt: skip
    order.unique_code = payment.unique_code
    order.total = Rupiah(order.total + payment.unique_code)
    session.flush()


def _sold_out(quoted: Quote, gone: reserve.SoldOut) -> Change:
    line, part = next(
        (line, part)
        for part in quoted.parts
        for line in part.lines
        if line.variant.id == gone.variant_id
    )
    product = line.variant.product
    return Change(
        ChangeKind.FEWER if gone.available else ChangeKind.SOLD_OUT,
        part.wanted.seller_id, gone.variant_id, product.name, product.name_en,
        before=line.quantity, now=gone.available,
    )  # fmt: skip
