"""Reading all orders, for staff."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from shop.core.paging import Page
from shop.orders.models import Order, SellerOrder

A_PAGE = 30


def orders(session: Session, words: str, state: str | None, number: int) -> Page[Order]:
    """One page of orders, newest first, with their parts and sellers.

    `words`: (part of) a number, a phone number or a name. `state`: some part stands in it.
    """
    conditions = _matching(words)
    if state:
        conditions.append(
            exists().where(SellerOrder.order_id == Order.id, SellerOrder.state == state)
        )
    total = session.scalar(select(func.count()).select_from(Order).where(*conditions))
    rows: Sequence[Order] = session.scalars(
        select(Order)
        .where(*conditions)
        .options(selectinload(Order.parts).joinedload(SellerOrder.seller))
        .order_by(Order.placed_at.desc(), Order.id)
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()
    return Page(rows, number, A_PAGE, total or 0)


def _matching(words: str) -> list[ColumnElement[bool]]:
    text = words.strip()[:60]
    if not text:
        return []
    found: list[ColumnElement[bool]] = [
        func.lower(Order.buyer_name).contains(text.lower(), autoescape=True)
    ]
    if sign := re.sub(r"[^0-9A-Z]", "", text.upper()):
        found.append(Order.number.contains(sign, autoescape=True))
    digits = re.sub(r"\D", "", text).removeprefix("62").removeprefix("0")
    if len(digits) >= 4:
        found.append(Order.buyer_phone.contains(digits, autoescape=True))
    return [or_(*found)]
