"""What rooms above know of the orders that entries speak of: asked for through `shop.wiring`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class PartFacts:
    """A seller's part of an order, for a statement; money in rupiah, `fee` is kept of `goods`."""

    order_number: str
    buyer_name: str
    goods: int
    delivery: int
    fee: int


PartLookup = Callable[[Session, Collection[uuid.UUID]], Mapping[uuid.UUID, PartFacts]]
"""The facts of these seller orders, by their ids."""


def _nothing(_session: Session, _ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, PartFacts]:
    return {}


_lookup: PartLookup = _nothing


def wire(lookup: PartLookup) -> None:
    """Set who answers. Called once, by `shop.wiring`."""
    global _lookup  # noqa: PLW0603
    _lookup = lookup


def parts(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, PartFacts]:
    """The facts of these seller orders; no query for none."""
    return _lookup(session, ids) if ids else {}
