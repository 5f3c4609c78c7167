"""What is known of a sale to whoever shares its money: rule, day, lines. Set by `shop.wiring`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import coalesce
from sqlalchemy.sql.functions import sum as sum_

from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind, EntryKind


@dataclass(frozen=True)
class SoldLine:
    """A line of a sale: `pieces` that stand, and `value` rupiah that the seller has of them."""

    id: uuid.UUID
    name: str
    pieces: int
    value: int


@dataclass(frozen=True)
class Sale:
    """A part of an order, pieces sold at a point, or pieces that still lie there.

    `rule_id` is the share rule frozen with it (None: it is not shared), `buyer` a name or a place.
    `delivery` rupiah of it are for bringing. `ended`: nothing more is to be made or sold of it.
    """

    id: uuid.UUID
    seller_id: uuid.UUID
    rule_id: uuid.UUID | None
    number: str
    buyer: str
    sold_on: date
    lines: tuple[SoldLine, ...]
    delivery: int = 0
    ended: bool = False
    consigned: bool = False


Ids = Collection[uuid.UUID]
SaleLookup = Callable[[Session, Ids], Mapping[uuid.UUID, Sale]]
OpenLookup = Callable[[Session, uuid.UUID], Sequence[uuid.UUID]]
LastLookup = Callable[[Session, uuid.UUID], date | None]
KilogramLookup = Callable[[Session, uuid.UUID, date], Mapping[uuid.UUID, int]]
"""Seller and day of a sale → grams that each of her members had delivered of what was sold."""


@dataclass(frozen=True)
class Source:
    """A room that sells: its sales by id, which of a seller's are still open, and when it last
    froze a rule for her.
    """

    sales: SaleLookup
    still_open: OpenLookup
    last: LastLookup


@dataclass
class _Lookups:
    sources: Sequence[Source] = ()
    kilograms: KilogramLookup | None = None


_lookups = _Lookups()


def wire(sources: Sequence[Source], kilograms: KilogramLookup | None = None) -> None:
    """Set who answers. Called once, by `shop.wiring`."""
    _lookups.sources, _lookups.kilograms = sources, kilograms


def sales(session: Session, ids: Ids) -> dict[uuid.UUID, Sale]:
    """These sales, by id; what nobody knows is left out."""
    found: dict[uuid.UUID, Sale] = {}
    for source in _lookups.sources:
        wanted = [one for one in ids if one not in found]
        found |= source.sales(session, wanted) if wanted else {}
    return found


def still_open(session: Session, seller_id: uuid.UUID) -> list[Sale]:
    """A seller's sales of which something is still to be made or sold, by the day they began."""
    ids = [one for source in _lookups.sources for one in source.still_open(session, seller_id)]
    return sorted(sales(session, ids).values(), key=lambda sale: (sale.sold_on, sale.number))


def last_sale(session: Session, seller_id: uuid.UUID) -> date | None:
    """The day on which a sale of hers last froze the rules of its day."""
    days = [source.last(session, seller_id) for source in _lookups.sources]
    return max((day for day in days if day is not None), default=None)


def knows_kilograms() -> bool:
    """Whether anybody knows who delivered how much."""
    return _lookups.kilograms is not None


def kilograms(session: Session, seller_id: uuid.UUID, day: date) -> Mapping[uuid.UUID, int]:
    """The grams of each member that count for a sale of this day; none where nobody knows."""
    return _lookups.kilograms(session, seller_id, day) if _lookups.kilograms else {}


_EARNINGS = (
    EntryKind.COMPLETION, EntryKind.FEE, EntryKind.REFUND_DUE, EntryKind.MADE_GOOD,
    EntryKind.CONSIGNMENT_SOLD, EntryKind.REVERSAL,
)  # fmt: skip
"""What makes earnings more or less; the others only say in whose hand they are."""


def earned_of(session: Session, sale_id: uuid.UUID, *, consigned: bool) -> int:
    """What a seller really earned of a sale, in rupiah: after the fee, and what went back of it."""
    about = Entry.consigned_id if consigned else Entry.seller_order_id
    owed = _owed(coalesce(sum_(Posting.amount), 0)).where(about == sale_id)
    return -int(session.scalar(owed) or 0)


def all_earned() -> Subquery:
    """`sale` and `earned` rupiah of every sale there is, for checks."""
    sale = coalesce(Entry.seller_order_id, Entry.consigned_id)
    return (
        _owed(sale.label("sale"), (-sum_(Posting.amount)).label("earned")).group_by(sale).subquery()
    )


def _owed(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Posting)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Account.kind == AccountKind.PAYABLE.value,
            Entry.kind.in_([kind.value for kind in _EARNINGS]),
        )
    )
