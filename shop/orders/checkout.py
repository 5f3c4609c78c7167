"""Placing an order: all of it in one transaction, once for each key, or nothing."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog import reserve
from shop.core import clock, ids
from shop.ledger.insert_once import as_loaded, insert_all, insert_once
from shop.orders.ask_to_pay import ask_to_pay
from shop.orders.models import Order, OrderLine, SellerOrder
from shop.orders.pay_terms import Changed, PayTerms, pay_terms
from shop.orders.place_order import Change, ChangeKind, PartWanted, PlaceOrder
from shop.orders.promotion_budget import NothingLeft, take
from shop.orders.promotion_sums import Taken
from shop.orders.queries_sale import Terms, terms
from shop.orders.quote import Quote, QuotedPart, quote
from shop.orders.states import DeliveryKind, SellerOrderState
from shop.orders.tell import FEE_WANTED, tell_sellers
from shop.payments import start
from shop.payments.states import Method

__all__ = ["Change", "ChangeKind", "Changed", "KeyReused", "PartWanted", "PlaceOrder", "place"]


class KeyReused(Exception):
    """This key has become an order already, with other content."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.number)
        self.order = order


def place(session: Session, wanted: PlaceOrder) -> Order:
    """Write the order, promise its pieces, and start what is to be paid.

    Where a fee is to be agreed on first, nothing is to be paid until then (`arrange`).

    The same key with the same content gives the order it made before. Raises `Changed`,
    `KeyReused`, `payments.start.NoFreeCode`, and `ValueError` for what no form of ours sends.
    """
    wanted.check()
    content_hash = wanted.content_hash()
    try:
        return _place(session, wanted, content_hash)
    except (Changed, start.NoFreeCode):
        known = _known(session, wanted, content_hash)  # it may have taken the last piece itself
        if known is None:
            raise
        return known


def _place(session: Session, wanted: PlaceOrder, content_hash: str) -> Order:
    quoted = quote(session, wanted)
    if quoted.changes:
        raise Changed(quoted.changes)
    try:
        with session.begin_nested():
            order, parts, asked = _write(session, wanted, quoted, content_hash)
            if not parts:
                return order
            if wanted.arranged:
                named = [part for part in parts if part["delivery_kind"] == DeliveryKind.ARRANGED]
                tell_sellers(session, [part["id"] for part in named], FEE_WANTED)
            else:
                shares = [(part["id"], part["seller_id"], part["total"]) for part in parts]
                ask_to_pay(
                    session, order, shares, order.unique_code, asked.direct,
                    codes_are_credit=asked.codes_are_credit, credit=asked.credit,
                )  # fmt: skip
            # Last, so that nobody waits longer than needed for who buys the same.
            take(session, quoted.discounts.sums)
            pieces = {line.thing.id: line.quantity for p in quoted.parts for line in p.lines}
            reserve.promise(session, pieces, key=f"order:{order.id.hex}")
    except reserve.SoldOut as gone:
        raise Changed([_sold_out(quoted, gone)]) from gone
    except NothingLeft as over:
        raise Changed([_over(quoted, over)]) from over
    return order


def _known(session: Session, wanted: PlaceOrder, content_hash: str) -> Order | None:
    order = session.scalars(select(Order).where(Order.key == wanted.key)).first()
    if order is not None and order.content_hash != content_hash:
        raise KeyReused(order)
    return order


def _write(
    session: Session, wanted: PlaceOrder, quoted: Quote, content_hash: str
) -> tuple[Order, list[dict[str, Any]], PayTerms]:
    """The order's rows: the order, its parts as they were written, and how it is to be paid.

    Without parts where another press of the same button was faster: then that order.
    """
    sellers = [part.wanted.seller_id for part in quoted.parts]
    now = terms(session, sellers)
    asked = pay_terms(session, wanted, quoted, now)
    values = _order(session, wanted, quoted, now, asked) | {"content_hash": content_hash}
    while not insert_once(session, Order, number=(number := ids.new_number()), **values):
        known = _known(session, wanted, content_hash)  # else the number was taken: draw another
        if known is not None:
            return known, [], asked
    parts, lines = [], []
    for position, part in enumerate(quoted.parts):
        row = _part(part, values["id"], position)
        own = _lines(part, row["id"], now)
        parts.append(row | {"fee": sum(line["fee"] for line in own)})
        lines += own
    insert_all(session, SellerOrder, parts)
    insert_all(session, OrderLine, lines)
    return as_loaded(session, Order(number=number, **values)), parts, asked


def _order(
    session: Session,
    wanted: PlaceOrder,
    quoted: Quote,
    terms: Terms,
    asked: PayTerms,
) -> dict[str, Any]:
    now, total = clock.now(), quoted.goods + quoted.delivery
    later = wanted.arranged or asked.direct  # then the codes are drawn for each sum by itself
    code = 0 if later else start.code_for(session, wanted.method, total - asked.credit)
    return {
        "id": ids.new_id(),
        "token": ids.new_token(),
        "key": wanted.key,
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
        "unique_code": code,
        "total": total + code,
        "expires_at": _deadline(wanted, terms, now),
    }


def _deadline(wanted: PlaceOrder, terms: Terms, now: datetime) -> datetime | None:
    """Until when the buyer has to pay, or the sellers to name the fees they want to agree on."""
    if wanted.arranged:
        return now + timedelta(hours=terms.unaccepted_hours)
    if wanted.method is Method.CASH:
        return None
    return now + timedelta(hours=terms.unpaid_hours)


def _part(part: QuotedPart, order_id: uuid.UUID, position: int) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "order_id": order_id,
        "seller_id": part.wanted.seller_id,
        "position": position,
        "state": SellerOrderState.UNPAID.value,
        "delivery_kind": part.wanted.delivery_kind.value,
        "point_id": part.wanted.point_id,
        "goods": part.goods,
        "delivery": part.delivery,
        "total": part.goods + part.delivery,
        **_off(part.off_delivery, "delivery_"),
        "note": part.wanted.note,
        "due_on": part.due_on,
        "placed_at": clock.now(),
    }


def _lines(part: QuotedPart, part_id: uuid.UUID, terms: Terms) -> list[dict[str, Any]]:
    seller_id = part.wanted.seller_id
    kept = [terms.fees.for_line(seller_id, line.thing.category_slug) for line in part.lines]
    return [
        {
            "id": ids.new_id(),
            "seller_order_id": part_id,
            "seller_id": seller_id,
            "product_id": line.thing.product_id,
            "variant_id": line.thing.id,
            "position": position,
            "name": line.thing.name,
            "name_en": line.thing.name_en,
            "variant_name": line.thing.variant_name,
            "unit": line.thing.unit,
            "unit_price": line.thing.price,
            "quantity": line.quantity,
            **_off(line.off),
            "total": line.total,
            "fee": rule.of(line.total),
            "fee_rule_id": rule.rule_id,
            "share_rule_id": terms.share_rules.get(seller_id),
        }
        for position, (line, rule) in enumerate(zip(part.lines, kept, strict=True))
    ]


def _off(taken: Taken | None, of: str = "") -> dict[str, Any]:
    """What a promotion took off, as a line keeps it, or a part `of` its delivery."""
    return {
        f"{of}promotion_id": taken.promotion.id if taken else None,
        f"{of}discount": taken.discount if taken else 0,
        f"{of}subsidy": taken.subsidy if taken else 0,
    }


def _over(quoted: Quote, over: NothingLeft) -> Change:
    one, amount = next(s for s in quoted.discounts.sums if s[0].id == over.promotion_id)
    return Change(ChangeKind.PROMOTION, name=one.name, name_en=one.name_en, before=amount)


def _sold_out(quoted: Quote, gone: reserve.SoldOut) -> Change:
    line, part = next(
        (line, part)
        for part in quoted.parts
        for line in part.lines
        if line.thing.id == gone.variant_id
    )
    return Change(
        ChangeKind.FEWER if gone.available else ChangeKind.SOLD_OUT,
        part.wanted.seller_id, gone.variant_id, line.thing.name, line.thing.name_en,
        before=line.quantity, now=gone.available,
    )  # fmt: skip
