"""A part becomes work to do: its money is there, or cash will be paid as it is handed over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.orders.models import SellerOrder
from shop.orders.move import move_part
from shop.orders.states import SellerOrderState
from shop.orders.tell import NEW, tell_sellers


def begin(session: Session, parts: Sequence[SellerOrder]) -> None:
    """Put these parts on their sellers' lists and tell them. Raises `IllegalMove`.

    The days to make a thing count from now: who pays a day later gets it a day later.
    """
    late = {part.id: clock.today() - clock.local_day(part.placed_at) for part in parts}
    for part in parts:
        move_part(
            session, part.id, SellerOrderState.WAITING, actor="payment", person_id=None,
            due_on=part.due_on + max(late[part.id], timedelta()),
        )  # fmt: skip
    tell_sellers(session, late, NEW)


def parts_in(
    session: Session, part_ids: Sequence[uuid.UUID], state: SellerOrderState
) -> Sequence[SellerOrder]:
    """Those of these parts that stand in `state` now."""
    return session.scalars(
        select(SellerOrder)
        .where(SellerOrder.id.in_(part_ids), SellerOrder.state == state.value)
        .order_by(SellerOrder.id)
        .execution_options(populate_existing=True)
    ).all()
