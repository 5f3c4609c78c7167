"""What rooms that stand above know of the orders and consigned goods that money is about.

Entries and payments carry only ids. Who answers is set by `shop.wiring`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class PartFacts:
    """A seller's part of an order, for a statement; money in rupiah.

    `basis_points` ten-thousandths of `goods` are kept, as the rule was at the sale; 0 where no one
    percentage says it.
    """

    order_number: str
    buyer_name: str
    goods: int
    delivery: int
    basis_points: int


@dataclass(frozen=True)
class ConsignedFacts:
    """Consigned goods, for a statement: where they lie, and what was sold of which.

    `basis_points` ten-thousandths of the seller's money are kept. For money that a point handed
    on, there is no thing and there are no pieces.
    """

    number: str
    point: str
    thing: str = ""
    pieces: int = 0
    basis_points: int = 0


@dataclass(frozen=True)
class OrderFacts:
    """An order, for the people who look for its money; `token` is the buyer's secret link."""

    order_number: str
    token: str
    buyer_name: str
    buyer_phone: str


Ids = Collection[uuid.UUID]
PartLookup = Callable[[Session, Ids], Mapping[uuid.UUID, PartFacts]]
OrderLookup = Callable[[Session, Ids], Mapping[uuid.UUID, OrderFacts]]
ConsignedLookup = Callable[[Session, Ids], Mapping[uuid.UUID, ConsignedFacts]]


@dataclass
class _Lookups:
    parts: PartLookup | None = None
    orders: OrderLookup | None = None
    consigned: ConsignedLookup | None = None


_lookups = _Lookups()


def wire(parts: PartLookup, orders: OrderLookup, consigned: ConsignedLookup) -> None:
    """Set who answers. Called once, by `shop.wiring`."""
    _lookups.parts, _lookups.orders, _lookups.consigned = parts, orders, consigned


def parts(session: Session, ids: Ids) -> Mapping[uuid.UUID, PartFacts]:
    """The facts of these seller orders, by id; no query for none."""
    return _lookups.parts(session, ids) if _lookups.parts and ids else {}


def orders(session: Session, ids: Ids) -> Mapping[uuid.UUID, OrderFacts]:
    """The facts of these orders, by id; no query for none."""
    return _lookups.orders(session, ids) if _lookups.orders and ids else {}


def consigned(session: Session, ids: Ids) -> Mapping[uuid.UUID, ConsignedFacts]:
    """The facts of these records of consigned goods, by id; no query for none."""
    return _lookups.consigned(session, ids) if _lookups.consigned and ids else {}
