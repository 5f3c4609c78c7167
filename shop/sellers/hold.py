"""Holding a seller, so that two presses of a button come one by one."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.sellers.models import Seller


def one_at_a_time(session: Session, seller_id: uuid.UUID) -> Seller:
    """The seller, held until this transaction ends: two presses of a button come one by one.

    Rows that refer to the seller (orders) can still be written. Raises `NoResultFound`.
    """
    return session.execute(
        select(Seller)
        .where(Seller.id == seller_id)
        .with_for_update(key_share=True, of=Seller)
        .execution_options(populate_existing=True)
    ).scalar_one()
