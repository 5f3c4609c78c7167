"""Pieces that leave the house to lie for sale elsewhere, and those that come back from there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, Table, update
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.catalog.reserve import SoldOut
from shop.catalog.states import StockMoveKind
from shop.catalog.stock import forget, locked, write_move

_TABLE = cast("Table", Variant.__table__)


def take_out(
    session: Session,
    wanted: Mapping[uuid.UUID, int],
    *,
    key: str,
    person_id: uuid.UUID | None,
) -> None:
    """Take these pieces off the shelf, all or nothing, once for each key.

    Pieces promised to orders stay. Nothing is counted of what is made to order. Raises `SoldOut`.
    """
    with session.begin_nested():
        for variant_id, quantity in sorted(wanted.items()):
            _change(session, variant_id, -quantity, key, person_id)


def put_back(
    session: Session,
    wanted: Mapping[uuid.UUID, int],
    *,
    key: str,
    person_id: uuid.UUID | None,
) -> None:
    """Put these pieces on the shelf again, once for each key."""
    with session.begin_nested():
        for variant_id, quantity in sorted(wanted.items()):
            _change(session, variant_id, quantity, key, person_id)


def _change(
    session: Session, variant_id: uuid.UUID, pieces: int, key: str, person_id: uuid.UUID | None
) -> None:
    variant = locked(session, variant_id)
    if variant.on_hand is None:
        return
    kind = StockMoveKind.CONSIGN
    if not write_move(session, variant, kind, key, on_hand=pieces, person_id=person_id):
        return
    done = session.execute(
        update(_TABLE)
        .where(_TABLE.c.id == variant_id, _TABLE.c.on_hand + min(pieces, 0) >= _TABLE.c.reserved)
        .values(on_hand=_TABLE.c.on_hand + pieces)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise SoldOut(variant_id, variant.available or 0)
    forget(session, variant_id)
