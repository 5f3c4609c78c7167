"""Counting what is there. Every change of a variant's numbers leaves one row in stock_moves."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, Table, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from shop.catalog.models import StockMove, Variant
from shop.catalog.states import StockMoveKind
from shop.core import clock, ids

MOST_ON_HAND = 100_000
"""More pieces of one thing than anybody here keeps: above it a typing slip is more likely."""

_TABLE = cast("Table", Variant.__table__)


class Change(NamedTuple):
    """By how much one variant's numbers change, in pieces."""

    variant_id: uuid.UUID
    seller_id: uuid.UUID
    on_hand: int
    reserved: int


class StockBelowReserved(Exception):
    """Fewer pieces were counted than are promised to open orders."""

    def __init__(self, reserved: int) -> None:
        super().__init__(f"{reserved} are promised to open orders")
        self.reserved = reserved


def count(
    session: Session,
    variant_id: uuid.UUID,
    on_hand: int | None,
    *,
    key: str,
    person_id: uuid.UUID | None,
) -> None:
    """Say how many pieces there are, those promised to orders included; None: made to order.

    Raises `StockBelowReserved`, and `ValueError` for a number out of range.
    """
    if on_hand is not None and not 0 <= on_hand <= MOST_ON_HAND:
        raise ValueError(f"{on_hand} pieces")
    with session.begin_nested():
        variant = locked(session, variant_id)
        change = (on_hand or 0) - (variant.on_hand or 0)
        if change and not write_move(
            session, variant, StockMoveKind.COUNT, key, on_hand=change, person_id=person_id
        ):
            return
        enough = true() if on_hand is None else _TABLE.c.reserved <= on_hand
        done = session.execute(
            update(_TABLE).where(_TABLE.c.id == variant_id, enough).values(on_hand=on_hand)
        )
        if cast("CursorResult[Any]", done).rowcount != 1:
            raise StockBelowReserved(variant.reserved)
        forget(session, variant_id)


def restock(
    session: Session,
    variant_id: uuid.UUID,
    quantity: int,
    *,
    key: str,
    person_id: uuid.UUID | None,
) -> None:
    """Add freshly made pieces. A thing made to order has no number that could grow.

    Raises `ValueError` for a number out of range.
    """
    if not 0 < quantity <= MOST_ON_HAND:
        raise ValueError(f"{quantity} pieces")
    with session.begin_nested():
        variant = locked(session, variant_id)
        if variant.on_hand is None:
            return
        if write_move(
            session, variant, StockMoveKind.COUNT, key, on_hand=quantity, person_id=person_id
        ):
            session.execute(
                update(_TABLE)
                .where(_TABLE.c.id == variant_id)
                .values(on_hand=_TABLE.c.on_hand + quantity)
            )
            forget(session, variant_id)


def locked(session: Session, variant_id: uuid.UUID) -> Variant:
    """The variant as it is now; nobody else changes it until this transaction ends.

    Raises `NoResultFound`. SQLite needs no lock: it has one writer at a time.
    """
    return session.execute(
        select(Variant)
        .where(Variant.id == variant_id)
        # Orders may go on referring to the row: only its numbers are held.
        .with_for_update(key_share=True, of=Variant)
        .execution_options(populate_existing=True)
    ).scalar_one()


def write_move(
    session: Session,
    variant: Variant,
    kind: StockMoveKind,
    key: str,
    *,
    on_hand: int,
    person_id: uuid.UUID | None,
) -> bool:
    """Write down a change of one; False where the same key has already made its change."""
    change = Change(variant.id, variant.seller_id, on_hand, 0)
    return bool(write_moves(session, kind, key, [change], person_id))


def write_moves(
    session: Session,
    kind: StockMoveKind,
    key: str,
    changes: Sequence[Change],
    person_id: uuid.UUID | None = None,
) -> list[uuid.UUID]:
    """Write changes down; returns the variants for which this key has not made its change yet."""
    now = clock.now()
    written = session.scalars(
        _write_statement(session.get_bind().dialect.name),
        [
            {
                "id": ids.new_id(),
                "key": f"{key}:{change.variant_id.hex}",
                "variant_id": change.variant_id,
                "seller_id": change.seller_id,
                "kind": kind.value,
                "on_hand_change": change.on_hand,
                "reserved_change": change.reserved,
                "at": now,
                "person_id": person_id,
            }
            for change in changes
        ],
    )
    return list(written)


@functools.cache
def _write_statement(dialect: str) -> Any:
    """The INSERT of moves, built once."""
    table = cast("Table", StockMove.__table__)
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    keyed = insert(table).on_conflict_do_nothing(index_elements=["key"])
    return keyed.returning(table.c.variant_id)


def forget(session: Session, variant_id: uuid.UUID) -> None:
    """Let a loaded variant read its numbers anew: a statement has changed them behind its back."""
    loaded = session.identity_map.get(identity_key(Variant, variant_id))
    if loaded is not None:
        session.expire(loaded, ["on_hand", "reserved"])
