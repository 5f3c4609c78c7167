"""Leaving goods at a point: they are the seller's until somebody buys them there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from shop.catalog import consign
from shop.catalog.models import Product, Variant
from shop.catalog.states import ProductState
from shop.consignment.models import Consignment, ConsignmentLine
from shop.consignment.states import ConsignmentState
from shop.core import clock, ids
from shop.core.money import Rupiah
from shop.ledger.fees import rule_for
from shop.ledger.insert_once import insert_once
from shop.sellers.models import PickupPoint, Seller
from shop.sellers.share_rules import share_rule_now
from shop.sellers.states import SellerState

MOST_PIECES = 1_000
MOST_LINES = 40
LONGEST_KEY = 40


class NoPoint(Exception):
    """This place takes no goods for sale (any more)."""


class NotForSale(Exception):
    """Not hers, not on the shelf, or she may not sell now."""


class ShareTooBig(Exception):
    """The point would get more of a piece than it costs."""


@dataclass(frozen=True)
class Left:
    """Pieces of one variant, and what the point keeps of each, in rupiah."""

    variant_id: uuid.UUID
    quantity: int
    point_share: int


def leave(
    session: Session,
    seller_id: uuid.UUID,
    point_id: uuid.UUID,
    things: Sequence[Left],
    *,
    key: str,
    person_id: uuid.UUID | None,
    note: str = "",
) -> Consignment:
    """Write down what lies at a point now; it is off the shelf at once.

    Price, programme's share and share rule are kept as they are now. The same `key` gives the
    consignment it made before. Raises `NoPoint`, `NotForSale`, `ShareTooBig`,
    `catalog.reserve.SoldOut`, and `ValueError` for what no form of ours sends.
    """
    _check(things, key)
    own_key = f"{seller_id.hex}:{key}"
    known = _known(session, own_key)
    if known is not None:
        return known
    point = session.get(PickupPoint, point_id, populate_existing=True)
    if point is None or not point.consigns or point.closed_at is not None:
        raise NoPoint
    variants = _on_sale(session, seller_id, things)
    with session.begin_nested():
        values: dict[str, Any] = {
            "id": ids.new_id(), "key": own_key, "seller_id": seller_id, "point_id": point_id,
            "state": ConsignmentState.OPEN.value, "left_on": clock.today(), "note": note,
            "person_id": person_id, "created_at": clock.now(),
        }  # fmt: skip
        while not insert_once(session, Consignment, number=ids.new_number(), **values):
            known = _known(session, own_key)  # else the number was taken: draw another
            if known is not None:
                return known
        made = session.get_one(Consignment, values["id"])
        _write_lines(session, made, things, variants)
        pieces = {thing.variant_id: thing.quantity for thing in things}
        consign.take_out(session, pieces, key=f"consign:{made.id.hex}", person_id=person_id)
    return made


def _check(things: Sequence[Left], key: str) -> None:
    if not key or len(key) > LONGEST_KEY:
        raise ValueError("a key of 1 to 40 signs")
    if not 0 < len(things) <= MOST_LINES or len({t.variant_id for t in things}) != len(things):
        raise ValueError("each thing once, and at least one")
    if any(not 1 <= t.quantity <= MOST_PIECES or t.point_share < 0 for t in things):
        raise ValueError("pieces or share out of range")


def _known(session: Session, key: str) -> Consignment | None:
    return session.scalars(select(Consignment).where(Consignment.key == key)).first()


def _on_sale(
    session: Session, seller_id: uuid.UUID, things: Sequence[Left]
) -> dict[uuid.UUID, Variant]:
    rows = session.scalars(
        select(Variant)
        .join(Variant.product)
        .join(Seller, Product.seller_id == Seller.id)
        .where(
            Variant.id.in_([thing.variant_id for thing in things]),
            Variant.seller_id == seller_id,
            Product.state == ProductState.LIVE.value,
            Seller.state == SellerState.APPROVED.value,
        )
        .options(joinedload(Variant.product))
        .execution_options(populate_existing=True)
    )
    found = {variant.id: variant for variant in rows}
    if len(found) != len(things):
        raise NotForSale
    if any(thing.point_share > found[thing.variant_id].price for thing in things):
        raise ShareTooBig
    return found


def _write_lines(
    session: Session,
    made: Consignment,
    things: Sequence[Left],
    variants: dict[uuid.UUID, Variant],
) -> None:
    share = share_rule_now(session, made.seller_id)
    for position, thing in enumerate(things):
        variant = variants[thing.variant_id]
        name = variant.product.name
        rule = rule_for(session, made.seller_id, variant.product.category_slug)
        session.add(
            ConsignmentLine(
                consignment_id=made.id,
                seller_id=made.seller_id,
                variant_id=variant.id,
                position=position,
                name=f"{name}, {variant.name}" if variant.name else name,
                unit_price=variant.price,
                point_share=Rupiah(thing.point_share),
                basis_points=rule.basis_points,
                fee_rule_id=rule.id,
                share_rule_id=share,
                quantity=thing.quantity,
            )
        )
    session.flush()
    session.expire(made, ["lines"])
