"""Asking a buyer to pay for an order whose sums stand."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from shop.core.money import Rupiah
from shop.orders.begin import begin
from shop.orders.models import Order, SellerOrder
from shop.orders.states import DeliveryKind
from shop.payments import start
from shop.payments.credit import Buyer
from shop.payments.states import Method


def arranging(order: Order) -> Sequence[SellerOrder]:
    """The parts whose fee is still to be agreed on."""
    arranged = DeliveryKind.ARRANGED
    return [p for p in order.parts if p.delivery_kind == arranged and p.agreed_at is None]


def ask_to_pay(
    session: Session,
    order: Order,
    parts: Sequence[start.Part],
    first_code: int | None = None,
    direct: Collection[uuid.UUID] = (),
    *,
    codes_are_credit: bool,
    credit: int = 0,
) -> None:
    """Cash: one payment for each seller, and work begins at once. Else one for the whole order,
    but one more to each seller among the `direct` ones, who collect by themselves.

    Of what the programme collects `credit` rupiah are paid from the buyer's credit, held already;
    its code becomes her credit where `codes_are_credit` and she was signed in. Raises
    `payments.start.NoFreeCode`.
    """
    method = Method(order.method)
    if method is Method.CASH:
        start.start_cash(session, order_id=order.id, order_number=order.number, parts=parts)
        begin(session, order.parts)
        return
    alone = [part for part in parts if part[1] in direct]
    together = [part for part in parts if part[1] not in direct]
    # The order's code is the sum of its payments' codes, and no larger than one of them can be.
    highest = start.HIGHEST_CODE // (len(alone) + bool(together))
    code = 0
    buyer = Buyer(order.buyer_id, credit, codes_are_credit) if order.buyer_id else None
    if together:
        code += start.start_with_code(
            session, order_id=order.id, order_number=order.number, method=method,
            parts=together, key=f"order:{order.id.hex}", expires_at=order.expires_at,
            first_code=None if alone else first_code, highest=highest, buyer=buyer,
        ).unique_code  # fmt: skip
    for part in alone:
        code += start.start_with_code(
            session, order_id=order.id, order_number=order.number, method=method,
            parts=[part], key=f"order:{part[0].hex}", expires_at=order.expires_at,
            collector_id=part[1], highest=highest,
        ).unique_code  # fmt: skip
    if order.unique_code != code:
        order.unique_code = code
        order.total = Rupiah(order.goods + order.delivery + code)
        session.flush()
