"""How many of a seller's parts lie where, counted only as far as it tells somebody something."""

from __future__ import annotations

import uuid

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from shop.orders.models import SellerOrder
from shop.orders.queries_studio import GROUPS
from shop.orders.states import SellerOrderState as S

MOST_COUNTED = 100
"""From here on a corner of the list is only said to be long: counting all would take its time."""


def counts(session: Session, seller_id: uuid.UUID) -> dict[str, int]:
    """How many parts lie in each corner, `MOST_COUNTED` at most."""
    states = [state for group in GROUPS.values() for state in group]
    numbers = session.execute(select(*[_counted(seller_id, state) for state in states])).one()
    by_state = dict(zip(states, numbers, strict=True))
    return {
        group: min(sum(by_state[state] for state in states), MOST_COUNTED)
        for group, states in GROUPS.items()
    }


def _counted(seller_id: uuid.UUID, state: S) -> ScalarSelect[int]:
    mine = (SellerOrder.seller_id == seller_id, SellerOrder.state == state.value)
    # In the order of an index, or PostgreSQL gathers the places of all before it counts some.
    some = select(SellerOrder.id).where(*mine).order_by(SellerOrder.placed_at)
    return select(func.count()).select_from(some.limit(MOST_COUNTED).subquery()).scalar_subquery()


def new_orders(session: Session, seller_id: uuid.UUID) -> int:
    """How many parts wait for the seller's answer."""
    return session.scalar(select(_counted(seller_id, S.WAITING))) or 0
