"""The least a seller takes an order for."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core.money import Rupiah
from shop.sellers.models import Seller

HIGHEST = 1_000_000
"""Rupiah: nobody nearby orders groceries for more at a time."""


def set_minimum(session: Session, seller_id: uuid.UUID, rupiah: int, person_id: uuid.UUID) -> None:
    """From now on carts with less than this many rupiah of the seller's goods wait; 0: any order.

    Raises `ValueError` out of range.
    """
    if not 0 <= rupiah <= HIGHEST:
        raise ValueError(f"{rupiah} rupiah")
    seller = session.get_one(Seller, seller_id)
    if seller.minimum_order != rupiah:
        before, seller.minimum_order = seller.minimum_order, Rupiah(rupiah)
        audit.write(
            session, person_id, "seller.minimum", "seller", seller_id, before=before, now=rupiah
        )
