"""A pooled product for one writer at a time: its open lot, and the pieces its weight makes."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog import stock
from shop.catalog.models import Variant
from shop.core import clock, ids
from shop.lots.models import Lot, PooledProduct
from shop.lots.states import LotState

LONGEST_KEY = 40


class NotPooled(LookupError):
    """Not a product that this cooperative sells by lots."""


class Settled(Exception):
    """The lot's money is shared: nothing about it can change any more."""


def hold(session: Session, seller_id: uuid.UUID, product_id: uuid.UUID) -> PooledProduct:
    """The pooled product; nobody else writes to its lots until this transaction ends.

    Raises `NotPooled`.
    """
    found = session.execute(
        select(PooledProduct)
        .where(PooledProduct.product_id == product_id, PooledProduct.seller_id == seller_id)
        .with_for_update(key_share=True, of=PooledProduct)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotPooled
    return found


def hold_lot(session: Session, lot: Lot) -> PooledProduct:
    """The same, for a lot that must still be open. Raises `Settled`."""
    pooled = hold(session, lot.seller_id, lot.product_id)
    session.refresh(lot, ["state"])
    if lot.state != LotState.OPEN:
        raise Settled
    return pooled


def open_lot(session: Session, pooled: PooledProduct) -> Lot:
    """The lot that goods go into now; a new one where the last is settled."""
    mine = Lot.product_id == pooled.product_id
    found = session.scalars(select(Lot).where(mine, Lot.state == LotState.OPEN.value)).first()
    if found is None:
        last = session.scalar(select(func.max(Lot.number)).where(mine)) or 0
        found = Lot(
            id=ids.new_id(), seller_id=pooled.seller_id, product_id=pooled.product_id,
            number=last + 1, state=LotState.OPEN.value, first=clock.today(),
        )  # fmt: skip
        session.add(found)
        session.flush()
    return found


def weigh(
    session: Session, pooled: PooledProduct, grams: int, *, key: str, person_id: uuid.UUID | None
) -> None:
    """So many grams more (or less) are there: whole pieces of them go into the product's stock.

    Pieces that are promised to buyers, or sold already, are not taken out again.
    """
    before, pooled.grams = pooled.grams, pooled.grams + grams
    session.flush()
    pieces = pooled.grams // pooled.piece_g - before // pooled.piece_g
    variant_id = session.scalars(
        select(Variant.id)
        .where(Variant.product_id == pooled.product_id)
        .order_by(Variant.position, Variant.id)
        .limit(1)
    ).one()
    if pieces > 0:
        stock.restock(session, variant_id, pieces, key=key, person_id=person_id)
    elif pieces < 0:
        variant = stock.locked(session, variant_id)
        if variant.on_hand is not None:
            left = max(variant.reserved, variant.on_hand + pieces)
            stock.count(session, variant_id, left, key=key, person_id=person_id)


def own_key(seller_id: uuid.UUID, key: str) -> str:
    """A form's key, as it is kept. Raises `ValueError` for one that no form of ours sends."""
    if not key or len(key) > LONGEST_KEY or ":" in key:
        raise ValueError("a key of 1 to 40 signs")
    return f"{seller_id.hex}:{key}"
