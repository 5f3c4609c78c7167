"""The seller takes on several parts at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core.lifecycle import IllegalMove
from shop.orders.accept import accept
from shop.orders.mark_seen import mark_all_seen
from shop.orders.models import SellerOrder
from shop.orders.states import SellerOrderState as S

MOST = 60
_TAKEN = (S.ACCEPTED, S.READY, S.HANDED_OVER, S.COMPLETED)


@dataclass(frozen=True)
class Answered:
    """How many were taken on now, had been before, and cannot be (or are not hers)."""

    accepted: int
    before: int
    gone: int


def accept_many(
    session: Session,
    seller_id: uuid.UUID,
    part_ids: Collection[uuid.UUID],
    person_id: uuid.UUID | None,
) -> Answered:
    """Accept those of the parts that wait for this seller; each of them stands for itself."""
    asked = set(part_ids)
    found = session.execute(
        select(SellerOrder.id, SellerOrder.state)
        .where(SellerOrder.seller_id == seller_id, SellerOrder.id.in_(sorted(asked)[:MOST]))
        .order_by(SellerOrder.id)
    )
    states = {part_id: state for part_id, state in found}  # noqa: C416 - rows are no plain pairs
    accepted = [part_id for part_id in states if _accept(session, part_id, person_id)]
    mark_all_seen(session, seller_id, accepted)
    rest = [state for part_id, state in states.items() if part_id not in accepted]
    before = sum(state in _TAKEN for state in rest)
    return Answered(len(accepted), before, len(asked) - len(accepted) - before)


def _accept(session: Session, part_id: uuid.UUID, person_id: uuid.UUID | None) -> bool:
    try:
        accept(session, part_id, person_id)
    except IllegalMove:
        return False
    return True
