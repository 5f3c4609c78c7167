"""Reading all orders, for staff."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from shop.core.ids import is_number
from shop.core.paging import Slice, sliced
from shop.orders.models import Order, SellerOrder

A_PAGE = 30
MOST_COUNTED = 300
"""Orders that are counted: beyond, their number tells nobody anything and takes its time."""
_PARTS = 4


def orders(session: Session, words: str, state: str | None, number: int) -> Slice[Order]:
    """One page of orders, newest first, with their parts and sellers.

    `words`: (part of) a number, a phone number or a name. `state`: some part stands in it. They
    are counted up to one more than `MOST_COUNTED`.
    """
    conditions = _matching(words)
    if state and not words.strip():
        conditions = [Order.id.in_(_newest_in(state, number))]
    elif state:
        conditions.append(_some_part_in(state))
    found = _found(session, conditions, number)
    begin = (number - 1) * A_PAGE
    rows: Sequence[Order] = session.scalars(
        select(Order)
        .where(Order.id.in_(found[begin : begin + A_PAGE + 1]))
        .options(selectinload(Order.parts).joinedload(SellerOrder.seller))
        .order_by(Order.placed_at.desc(), Order.id.desc())
    ).all()
    return sliced(rows, number, A_PAGE, min(len(found), MOST_COUNTED + 1))


def _found(
    session: Session, conditions: Sequence[ColumnElement[bool]], number: int
) -> Sequence[uuid.UUID]:
    """The newest of them, enough for the page and for the count: names are looked through once."""
    return session.scalars(
        select(Order.id)
        .where(*conditions)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(max(number * A_PAGE, MOST_COUNTED) + 1)
    ).all()


def _some_part_in(state: str) -> ColumnElement[bool]:
    """Whether some part stands in it, asked of each order by itself.

    As a plain comparison SQLite would look through all parts in that state for every order.
    """
    own = func.coalesce(SellerOrder.state, "") == state
    return exists().where(SellerOrder.order_id == Order.id, own)


def _newest_in(state: str, number: int) -> Select[uuid.UUID]:
    """The orders of the newest parts in a state, enough of them for the page and for the count.

    An index gives them in this order. Orders have far fewer than `_PARTS` parts in the mean.
    """
    most = _PARTS * max(number * A_PAGE + 1, MOST_COUNTED + 1)
    newest = (
        select(SellerOrder.order_id)
        .where(SellerOrder.state == state)
        .order_by(SellerOrder.placed_at.desc(), SellerOrder.order_id.desc())
        .limit(most)
        .subquery()
    )
    return select(newest.c.order_id)


def _matching(words: str) -> list[ColumnElement[bool]]:
    text = words.strip()[:60]
    if not text:
        return []
    if is_number(text.upper()):
        return [Order.number == text.upper()]
    found: list[ColumnElement[bool]] = [
        func.lower(Order.buyer_name).contains(text.lower(), autoescape=True)
    ]
    if sign := re.sub(r"[^0-9A-Z]", "", text.upper()):
        found.append(Order.number.contains(sign, autoescape=True))
    digits = re.sub(r"\D", "", text).removeprefix("62").removeprefix("0")
    if len(digits) >= 4:
        found.append(Order.buyer_phone.contains(digits, autoescape=True))
    return [or_(*found)]
