"""Pieces that had left the house come back and can be sold again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, exists, select, update
from sqlalchemy.orm import Session

from shop.catalog.models import StockMove, Variant
from shop.catalog.states import StockMoveKind
from shop.catalog.stock import Change, forget, locked, write_moves

_TABLE = cast("Table", Variant.__table__)


def take_back(
    session: Session,
    pieces: Mapping[uuid.UUID, int],
    *,
    key: str,
    person_id: uuid.UUID | None,
) -> None:
    """Count these pieces as there again, once for this key.

    A thing made to order has no number that could grow. Raises `ValueError` for less than a piece.
    """
    if any(quantity < 1 for quantity in pieces.values()):
        raise ValueError("quantities must be 1 or more")
    with session.begin_nested():
        for variant_id, quantity in sorted(pieces.items()):
            variant = locked(session, variant_id)
            if variant.on_hand is None:
                continue
            change = Change(variant_id, variant.seller_id, quantity, 0)
            if write_moves(session, StockMoveKind.RETURN, key, [change], person_id):
                session.execute(
                    update(_TABLE)
                    .where(_TABLE.c.id == variant_id)
                    .values(on_hand=_TABLE.c.on_hand + quantity)
                )
                forget(session, variant_id)


def moved_before(session: Session, key: str) -> bool:
    """Whether this key has changed the numbers of any variant already."""
    # ";" is the sign after ":", so this is all keys that begin with `key:`, found by the index.
    begins = (StockMove.key > f"{key}:") & (StockMove.key < f"{key};")
    return bool(session.scalar(select(exists().where(begins))))
