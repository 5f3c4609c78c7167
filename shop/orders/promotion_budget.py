"""A promotion's budget: taken when an order is placed, free again when it is undone."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any, cast

from sqlalchemy import CursorResult, Table, Uuid, bindparam, func, select, union_all, update
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.db import UtcDateTime
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.models_promotion import Promotion
from shop.orders.promotion_sums import Running


class NothingLeft(Exception):
    """The promotion ended at this moment, or its budget has less left."""

    def __init__(self, promotion_id: uuid.UUID) -> None:
        super().__init__(promotion_id)
        self.promotion_id = promotion_id


_ALL = cast("Table", Promotion.__table__).c
_TAKE = (
    update(cast("Table", Promotion.__table__))
    .where(_ALL.id == bindparam("which"), _ALL.budget >= _ALL.taken + bindparam("more"))
    .values(taken=_ALL.taken + bindparam("more"))
)
_TAKE_RUNNING = _TAKE.where(
    _ALL.ended_at.is_(None),
    _ALL.ends_at.is_(None) | (_ALL.ends_at > bindparam("now", type_=UtcDateTime())),
)
_PARTS = bindparam("parts", expanding=True, type_=Uuid())
_EACH = union_all(
    select(OrderLine.promotion_id.label("which"), OrderLine.discount.label("off")).where(
        OrderLine.seller_order_id.in_(_PARTS), OrderLine.promotion_id.is_not(None)
    ),
    select(SellerOrder.delivery_promotion_id, SellerOrder.delivery_discount).where(
        SellerOrder.id.in_(_PARTS), SellerOrder.delivery_promotion_id.is_not(None)
    ),
).subquery()
_OF_PARTS = (
    select(_EACH.c.which, func.sum(_EACH.c.off))
    .join(Promotion, Promotion.id == _EACH.c.which)
    .where(Promotion.budget.is_not(None))
    .group_by(_EACH.c.which)
    .order_by(_EACH.c.which)
)


def take(session: Session, sums: Iterable[tuple[Running, int]]) -> None:
    """Take what these promotions give from their budgets, all or nothing. Raises `NothingLeft`."""
    wanted = [(one.id, amount) for one, amount in sums if one.left is not None]
    for which, more in sorted(wanted):  # always in one order: no two wait for each other
        asked = {"which": which, "more": more, "now": clock.now()}
        _changed_or_raise(session.execute(_TAKE_RUNNING, asked), which)


def take_again(session: Session, part_ids: Collection[uuid.UUID]) -> None:
    """Take for parts that live again what they had, also of what ended meanwhile.

    Raises `NothingLeft`.
    """
    for which, more in _of_parts(session, part_ids):
        _changed_or_raise(session.execute(_TAKE, {"which": which, "more": more}), which)


def set_free(session: Session, part_ids: Collection[uuid.UUID]) -> None:
    """Give back to the budgets what these parts, which have just been undone, took of them."""
    for which, more in _of_parts(session, part_ids):
        session.execute(_TAKE, {"which": which, "more": -more})


def _of_parts(session: Session, part_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, int]]:
    session.flush()
    rows = session.execute(_OF_PARTS, {"parts": list(part_ids)})
    return [(which, int(amount)) for which, amount in rows]


def _changed_or_raise(done: object, which: uuid.UUID) -> None:
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise NothingLeft(which)
