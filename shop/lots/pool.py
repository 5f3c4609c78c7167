"""A cooperative sells a product by lots from now on, or changes what its grades count."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.catalog.models import Product
from shop.core import clock
from shop.ledger import sales
from shop.ledger.post import lock_books
from shop.lots.hold import NotPooled, hold
from shop.lots.models import PooledProduct
from shop.lots.states import Grade
from shop.sellers.models import Seller, SellerKind


class NotCooperative(Exception):
    """Lots are for cooperatives."""


class NoWeight(Exception):
    """The product does not say what a piece weighs, so kilograms make no pieces."""


@dataclass(frozen=True)
class Terms:
    """How much a kilogram of each grade counts, and how many ten-thousandths the fund keeps."""

    weights: Mapping[Grade, int]
    fee_basis_points: int


def pool(
    session: Session,
    seller_id: uuid.UUID,
    product_id: uuid.UUID,
    terms: Terms,
    *,
    person_id: uuid.UUID | None,
) -> PooledProduct:
    """Write down the terms; the same again changes nothing.

    Sales of the product go to its lots from today, or from tomorrow where today's are shared by the
    rule already. Notes keep what their grade counted when they were written; the fee is that of
    the day of settlement. Raises `NotCooperative`, `NoWeight`, `LookupError` for a product that is
    not hers.
    """
    with suppress(NotPooled):
        hold(session, seller_id, product_id)  # before the books, as a settlement does
    lock_books(session)  # no sale may be shared by the rule while this begins
    seller = session.get_one(Seller, seller_id)
    if seller.kind != SellerKind.COOPERATIVE:
        raise NotCooperative
    product = session.get(Product, product_id)
    if product is None or product.seller_id != seller_id:
        raise LookupError(product_id)
    known = session.get(PooledProduct, product_id)
    if known is None:
        if product.weight_g is None:
            raise NoWeight
        known = PooledProduct(
            product_id=product_id, seller_id=seller_id, since=_first_day(session, product_id),
            piece_g=product.weight_g, grams=0, person_id=person_id,
        )  # fmt: skip
        session.add(known)
    known.weight_a, known.weight_b, known.weight_c = (terms.weights[one] for one in Grade)
    known.fee_basis_points = terms.fee_basis_points
    session.flush()
    audit.write(
        session, person_id, "lot.terms", "product", product_id,
        fee=terms.fee_basis_points, weights=", ".join(str(terms.weights[one]) for one in Grade),
    )  # fmt: skip
    return known


def _first_day(session: Session, product_id: uuid.UUID) -> date:
    today = clock.today()
    return today + timedelta(days=1) if sales.of_product(session, product_id, today) else today
