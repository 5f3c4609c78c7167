"""Promising pieces to orders, taking the promise back, handing them over.

One conditional UPDATE a variant decides, so two buyers can never get the same last piece. Variants
are taken in the order of their ids, so that two orders never wait for each other in a circle. All
of `wanted` happens or nothing, and a key that comes a second time changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, Table, or_, true, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from shop.catalog.models import Variant
from shop.catalog.states import StockMoveKind
from shop.catalog.stock import forget, locked, write_move

Wanted = Mapping[uuid.UUID, int]
"""How many pieces of which variant."""

_TABLE = cast("Table", Variant.__table__)


class SoldOut(Exception):
    """There are not so many pieces; `available` says how many could still be had."""

    def __init__(self, variant_id: uuid.UUID, available: int) -> None:
        super().__init__(f"only {available} left")
        self.variant_id = variant_id
        self.available = available


class NotReserved(Exception):
    """More pieces were to be released or handed over than are promised: a fault of the caller."""

    def __init__(self, variant_id: uuid.UUID) -> None:
        super().__init__(f"not so many of {variant_id} are promised")
        self.variant_id = variant_id


def reserve(session: Session, wanted: Wanted, *, key: str) -> None:
    """Promise these pieces to an order. Raises `SoldOut`; then nothing is promised."""
    with session.begin_nested():
        for variant_id, quantity in _in_order(wanted):
            enough = or_(
                _TABLE.c.on_hand.is_(None), _TABLE.c.on_hand - _TABLE.c.reserved >= quantity
            )
            if not _change(
                session, variant_id, StockMoveKind.RESERVE, key, enough, reserved=quantity
            ):
                variant = locked(session, variant_id)
                raise SoldOut(variant_id, variant.available or 0)


def release(session: Session, wanted: Wanted, *, key: str) -> None:
    """Take promises back. Raises `NotReserved`."""
    with session.begin_nested():
        for variant_id, quantity in _in_order(wanted):
            if not _change(
                session, variant_id, StockMoveKind.RELEASE, key, true(), reserved=-quantity
            ):
                raise NotReserved(variant_id)


def hand_over(session: Session, wanted: Wanted, *, key: str) -> None:
    """Promised pieces have left the house. Raises `NotReserved`."""
    with session.begin_nested():
        for variant_id, quantity in _in_order(wanted):
            if not _change(
                session,
                variant_id,
                StockMoveKind.HAND_OVER,
                key,
                true(),
                on_hand=-quantity,
                reserved=-quantity,
            ):
                raise NotReserved(variant_id)


def _in_order(wanted: Wanted) -> list[tuple[uuid.UUID, int]]:
    if any(quantity < 1 for quantity in wanted.values()):
        raise ValueError("quantities must be 1 or more")
    return sorted(wanted.items())


def _change(
    session: Session,
    variant_id: uuid.UUID,
    kind: StockMoveKind,
    key: str,
    condition: ColumnElement[bool],
    *,
    on_hand: int = 0,
    reserved: int,
) -> bool:
    """Change one variant once for this key; False where its numbers do not allow it."""
    variant = locked(session, variant_id)
    counted = 0 if variant.on_hand is None else on_hand
    if not write_move(session, variant, kind, key, on_hand=counted, reserved=reserved):
        return True
    done = session.execute(
        update(_TABLE)
        .where(_TABLE.c.id == variant_id, _TABLE.c.reserved + reserved >= 0, condition)
        .values(on_hand=_TABLE.c.on_hand + counted, reserved=_TABLE.c.reserved + reserved)
    )
    forget(session, variant_id)
    return cast("CursorResult[Any]", done).rowcount == 1
