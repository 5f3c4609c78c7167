"""Entries of some kinds, and those that undo one of them: what they add up to is what stands."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from shop.ledger.models import Entry
from shop.ledger.states import EntryKind


def of_kinds(kinds: Collection[str]) -> ColumnElement[bool]:
    """The entry is of one of these kinds, or undoes one that is."""
    known = [str(kind) for kind in (*kinds, EntryKind.REVERSAL)]
    return and_(  # so written, the index on kinds is of use
        Entry.kind.in_(known), or_(Entry.kind != EntryKind.REVERSAL.value, undoes(kinds))
    )


def undoes(kinds: Collection[str]) -> ColumnElement[bool]:
    """The entry undoes one of these kinds."""
    undone = aliased(Entry)
    return exists().where(
        undone.id == Entry.reverses_id, undone.kind.in_([str(kind) for kind in kinds])
    )
