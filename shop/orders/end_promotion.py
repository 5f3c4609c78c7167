"""A promotion is ended before its time."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock
from shop.orders.add_promotion import NotHers
from shop.orders.models_promotion import Promotion


def end_promotion(
    session: Session,
    promotion_id: uuid.UUID,
    *,
    person_id: uuid.UUID | None,
    by_seller: uuid.UUID | None = None,
) -> None:
    """From now on nothing goes off any more; orders that were placed keep what they have.

    Ended twice changes nothing. `by_seller` is the seller who ends it (None: staff do). Raises
    `NotHers`, and `NoResultFound` where there is no such promotion.
    """
    found = session.get_one(Promotion, promotion_id)
    if by_seller is not None and (found.seller_id != by_seller or not found.by_seller):
        raise NotHers
    ended = session.execute(
        update(Promotion)
        .where(Promotion.id == promotion_id, Promotion.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(Promotion.id)
        .execution_options(synchronize_session=False)
    )
    if ended.first() is None:
        return
    session.expire(found)
    audit.write(session, person_id, "promotion.end", "promotion", promotion_id, name=found.name)
