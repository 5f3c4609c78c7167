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
from shop.ledger.of_kinds import of_kinds
from shop.ledger.states import AccountKind, EntryKind


@dataclass(frozen=True)
class SoldLine:
    """A line of a sale: `pieces` that stand, and `value` rupiah that the seller has of them.

    `gross` is that before the programme's fee: what its buyer pays, and what the programme adds.
    """

    id: uuid.UUID
    name: str
    pieces: int
    value: int
    gross: int = 0
    product_id: uuid.UUID | None = None


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
PooledLookup = Callable[[Session, uuid.UUID], Mapping[uuid.UUID, date]]
"""Seller → her products that are settled by lots, and the first day whose sales are."""
ProductLookup = Callable[[Session, uuid.UUID, date], Sequence[uuid.UUID]]
"""Product and day → the sales of it from that day on."""


@dataclass(frozen=True)
class Source:
    """A room that sells: its sales by id, which of a seller's are still open, when it last froze a
    rule for her, and which are of a product.
    """

    sales: SaleLookup
    still_open: OpenLookup
    last: LastLookup
    of_product: ProductLookup


@dataclass
class _Lookups:
    sources: Sequence[Source] = ()
    kilograms: KilogramLookup | None = None
    pooled: PooledLookup | None = None


_lookups = _Lookups()


def wire(
    sources: Sequence[Source],
    kilograms: KilogramLookup | None = None,
    pooled: PooledLookup | None = None,
) -> None:
    """Set who answers. Called once, by `shop.wiring`."""
    _lookups.sources, _lookups.kilograms, _lookups.pooled = sources, kilograms, pooled


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


def pooled(session: Session, seller_id: uuid.UUID) -> Mapping[uuid.UUID, date]:
    """Her products that are settled by lots, each with the first day whose sales are."""
    return _lookups.pooled(session, seller_id) if _lookups.pooled else {}


def of_product(session: Session, product_id: uuid.UUID, since: date) -> list[Sale]:
    """The sales of a product from a day on, finished or not, by their day."""
    ids = [
        one for source in _lookups.sources for one in source.of_product(session, product_id, since)
    ]
    return sorted(sales(session, ids).values(), key=lambda sale: (sale.sold_on, sale.number))


_EARNINGS = (
    EntryKind.COMPLETION, EntryKind.FEE, EntryKind.REFUND_DUE, EntryKind.MADE_GOOD,
    EntryKind.CONSIGNMENT_SOLD, EntryKind.PROMOTED, EntryKind.DISPUTE_ENDED,
)  # fmt: skip
"""What makes earnings more or less; the others only say in whose hand they are."""


def earned_of(session: Session, sale_id: uuid.UUID, *, consigned: bool) -> int:
    """What a seller really earned of a sale, in rupiah: after the fee, and what went back of it."""
    about = Entry.consigned_id if consigned else Entry.seller_order_id
    owed = _owed(coalesce(sum_(Posting.amount), 0)).where(about == sale_id)
    return -int(session.scalar(owed) or 0)


def earned_of_all(session: Session, ids: Ids) -> dict[uuid.UUID, int]:
    """As `earned_of`, for many sales at once; those that earned nothing are left out."""
    earned = all_earned()
    rows = session.execute(select(earned.c.sale, earned.c.earned).where(earned.c.sale.in_(ids)))
    return {row.sale: int(row.earned) for row in rows}


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
            of_kinds(_EARNINGS),
        )
    )
