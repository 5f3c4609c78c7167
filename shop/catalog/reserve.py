"""Promising pieces to orders, taking the promise back, handing them over.

One conditional UPDATE decides, so two buyers can never get the same last piece. Variants are held
in the order of their ids, so that two orders never wait for each other in a circle. All of `wanted`
happens or nothing, and a key that comes a second time changes nothing.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Integer,
    Table,
    Update,
    bindparam,
    case,
    or_,
    select,
    update,
)
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.catalog.states import StockMoveKind
from shop.catalog.stock import Change, forget, write_moves

Wanted = Mapping[uuid.UUID, int]
"""How many pieces of which variant."""

_TABLE = cast("Table", Variant.__table__)

_HOLD = (
    select(_TABLE.c.id, _TABLE.c.seller_id, _TABLE.c.on_hand, _TABLE.c.reserved)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True, type_=_TABLE.c.id.type)))
    .order_by(_TABLE.c.id)
    # Orders may go on referring to the rows: only their numbers are held.
    .with_for_update(key_share=True)
)


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
        promise(session, wanted, key=key)


def promise(session: Session, wanted: Wanted, *, key: str) -> None:
    """`reserve` for a caller who takes the whole savepoint back where this raises `SoldOut`."""
    short = _change(session, wanted, StockMoveKind.RESERVE, key, reserved=1)
    if short is not None:
        raise SoldOut(short.id, short.on_hand - short.reserved)


def release(session: Session, wanted: Wanted, *, key: str) -> None:
    """Take promises back. Raises `NotReserved`."""
    with session.begin_nested():
        short = _change(session, wanted, StockMoveKind.RELEASE, key, reserved=-1)
        if short is not None:
            raise NotReserved(short.id)


def hand_over(session: Session, wanted: Wanted, *, key: str) -> None:
    """Promised pieces have left the house. Raises `NotReserved`."""
    with session.begin_nested():
        short = _change(session, wanted, StockMoveKind.HAND_OVER, key, on_hand=-1, reserved=-1)
        if short is not None:
            raise NotReserved(short.id)


def _change(
    session: Session,
    wanted: Wanted,
    kind: StockMoveKind,
    key: str,
    *,
    on_hand: int = 0,
    reserved: int,
) -> Any:
    """Change all of them once for this key; `on_hand` and `reserved` are for each piece.

    Returns the first variant whose numbers do not allow it, if any: then its caller takes all back.
    """
    if any(quantity < 1 for quantity in wanted.values()):
        raise ValueError("quantities must be 1 or more")
    if not wanted:
        return None
    held = _held(session, wanted)
    moves = [
        Change(
            one.id, one.seller_id, 0 if one.on_hand is None else on_hand * wanted[one.id],
            reserved * wanted[one.id],
        )
        for one in held
    ]  # fmt: skip
    todo = {id_: wanted[id_] for id_ in write_moves(session, kind, key, moves)}
    if not todo:
        return None
    values: dict[str, Any] = {"on_hand_each": on_hand, "reserved_each": reserved}
    for place, (variant_id, pieces) in enumerate(todo.items()):
        values |= {f"id_{place}": variant_id, f"pieces_{place}": pieces}
    done = session.execute(_statement(len(todo), promises=reserved > 0), values)
    for variant_id in todo:
        forget(session, variant_id)
    if cast("CursorResult[Any]", done).rowcount == len(todo):
        return None
    return next(one for one in held if one.id in todo and _lacks(one, todo[one.id], reserved))


@functools.cache
def _statement(number: int, *, promises: bool) -> Update:
    """The conditional UPDATE for so many variants, built once."""
    which = [bindparam(f"id_{place}", type_=_TABLE.c.id.type) for place in range(number)]
    amount = [bindparam(f"pieces_{place}", type_=Integer()) for place in range(number)]
    pieces = case(
        *((_TABLE.c.id == one, many) for one, many in zip(which, amount, strict=True)), else_=0
    )
    enough = or_(_TABLE.c.on_hand.is_(None), _TABLE.c.on_hand - _TABLE.c.reserved >= pieces)
    return (
        update(_TABLE)
        .where(_TABLE.c.id.in_(which), enough if promises else _TABLE.c.reserved >= pieces)
        .values(
            on_hand=_TABLE.c.on_hand + bindparam("on_hand_each", type_=Integer()) * pieces,
            reserved=_TABLE.c.reserved + bindparam("reserved_each", type_=Integer()) * pieces,
        )
    )


def _held(session: Session, wanted: Wanted) -> Sequence[Any]:
    """The numbers of these variants; nobody else changes them until this transaction ends.

    Raises `NoResultFound` for one that is not there. SQLite needs no lock: it has one writer.
    """
    rows = session.execute(_HOLD, {"ids": list(wanted)}).all()
    if len(rows) != len(wanted):
        raise NoResultFound("no such variant")
    return rows


def _lacks(numbers: Any, pieces: int, reserved: int) -> bool:
    if reserved < 0:
        return bool(numbers.reserved < pieces)
    return numbers.on_hand is not None and numbers.on_hand - numbers.reserved < pieces
