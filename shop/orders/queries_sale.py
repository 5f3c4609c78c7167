"""What a checkout must know of things and terms: a few columns, by statements built once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from sqlalchemy import Date, Table, Uuid, bindparam, func, literal, select
from sqlalchemy.orm import Session

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import UtcDateTime
from shop.core.models import ShopSettings
from shop.core.money import Rupiah
from shop.core.settings import default_settings
from shop.ledger.fees import FeesNow, Kept, current_rule
from shop.ledger.models import FeeRule
from shop.sellers.models import Seller, ShareRule


class ForSale(NamedTuple):
    """A thing as a checkout sees it, with what its seller asks for; money in rupiah."""

    id: uuid.UUID
    product_id: uuid.UUID
    seller_id: uuid.UUID
    name: str
    name_en: str
    variant_name: str
    unit: str
    price: Rupiah
    on_hand: int | None
    reserved: int
    most_per_order: int
    lead_days: int
    weight_g: int | None
    product_state: str
    seller_state: str
    minimum_order: Rupiah
    arranges: bool
    category_slug: str

    @property
    def most(self) -> int:
        """How many of it one order can have now."""
        if self.on_hand is None:
            return self.most_per_order
        return min(self.most_per_order, self.on_hand - self.reserved)


@dataclass(frozen=True)
class Terms:
    """By what an order is placed now: what the programme keeps, how groups share, how long waits.

    `sellers_collect`: some may be paid directly. `codes_are_credit`: the programme does not keep
    what codes bring from who is signed in. `share_rules` names the rule of each seller that
    has one; the hours are those of `ShopSettings`.
    """

    fees: FeesNow
    unpaid_hours: int
    unaccepted_hours: int
    sellers_collect: bool
    codes_are_credit: bool
    share_rules: Mapping[uuid.UUID, uuid.UUID]


_VARIANTS = cast("Table", Variant.__table__).c
_PRODUCTS = cast("Table", Product.__table__).c
_SELLERS = cast("Table", Seller.__table__).c
_FEES = cast("Table", FeeRule.__table__).c
_SHARES = cast("Table", ShareRule.__table__).c
_SETTINGS = cast("Table", ShopSettings.__table__).c

_FOR_SALE = (
    select(
        _VARIANTS.id, _VARIANTS.product_id, _VARIANTS.seller_id, _PRODUCTS.name, _PRODUCTS.name_en,
        _VARIANTS.name, _PRODUCTS.unit, _VARIANTS.price, _VARIANTS.on_hand, _VARIANTS.reserved,
        _PRODUCTS.most_per_order, _PRODUCTS.lead_days, _PRODUCTS.weight_g, _PRODUCTS.state,
        _SELLERS.state, _SELLERS.minimum_order, _SELLERS.arranges,
        _PRODUCTS.category_slug,
    )
    .select_from(
        Variant.__table__
        .join(Product.__table__, _PRODUCTS.id == _VARIANTS.product_id)
        .join(Seller.__table__, _SELLERS.id == _PRODUCTS.seller_id)
    )
    .where(_VARIANTS.id.in_(bindparam("ids", expanding=True, type_=Uuid())))
)  # fmt: skip

_OF_SELLERS = bindparam("sellers", expanding=True, type_=Uuid())
_FEE = (
    select(
        _FEES.id, _FEES.basis_points, _FEES.flat, _FEES.seller_id, _FEES.category_slug, _FEES.ended,
        func.row_number()
        .over(partition_by=(_FEES.seller_id, _FEES.category_slug), order_by=_FEES.valid_from.desc())
        .label("place"),
    )
    .where(
        _FEES.valid_from <= bindparam("now", type_=UtcDateTime()),
        _FEES.seller_id.is_(None) | _FEES.seller_id.in_(_OF_SELLERS),
    )
    .subquery()
)  # fmt: skip
_TERMS = (
    select(
        _SETTINGS.unpaid_hours, _SETTINGS.unaccepted_hours, _SHARES.seller_id, _SHARES.id,
        _FEE.c.seller_id, _FEE.c.category_slug, _FEE.c.id, _FEE.c.basis_points, _FEE.c.flat,
        _FEE.c.ended, _SETTINGS.sellers_collect, _SETTINGS.codes_are_credit,
    )
    .select_from(
        _FEE
        .outerjoin(ShopSettings.__table__, _SETTINGS.id == literal(1))
        .outerjoin(
            ShareRule.__table__,
            _SHARES.seller_id.in_(_OF_SELLERS)
            & (_SHARES.valid_from <= bindparam("today", type_=Date())),
        )
    )
    .where(_FEE.c.place == 1)
    .order_by(_SHARES.valid_from)
)  # fmt: skip


def for_sale(session: Session, variant_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, ForSale]:
    """These things as they are at this moment; one that does not exist is left out."""
    session.flush()
    rows = session.execute(_FOR_SALE, {"ids": list(variant_ids)})
    return {row[0]: ForSale._make(row) for row in rows}


def terms(session: Session, seller_ids: Collection[uuid.UUID]) -> Terms:
    """The terms of this moment for an order from these sellers.

    A shop without a fee rule gets its first one; one without settings has those of a fresh shop.
    """
    asked = {"now": clock.now(), "today": clock.today(), "sellers": list(seller_ids)}
    rows = session.execute(_TERMS, asked).all()
    if not rows:
        current_rule(session)
        rows = session.execute(_TERMS, asked).all()
    unpaid, unaccepted = rows[0][:2]
    if unpaid is None:
        fresh = default_settings()
        unpaid, unaccepted = fresh.unpaid_hours, fresh.unaccepted_hours
    collect, credit = bool(rows[0][10]), bool(rows[0][11])
    shares = {row[2]: row[3] for row in rows if row[2] is not None}  # the last rule holds
    fees = FeesNow({(row[4], row[5]): Kept(*row[6:9]) for row in rows if not row[9]})
    return Terms(fees, unpaid, unaccepted, collect, credit, shares)
