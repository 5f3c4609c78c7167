"""The seller cannot make some of the pieces; the rest of the part goes on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from shop.core import ids
from shop.orders.decline import NoReason
from shop.orders.grant_back import Act
from shop.orders.states import BEFORE_READY, SellerOrderState
from shop.orders.undo import undo_lines


def decline_lines(
    session: Session,
    part_id: uuid.UUID,
    lines: Mapping[uuid.UUID, int],
    *,
    person_id: uuid.UUID | None,
    reason: str,
    key: str = "",
) -> None:
    """Say no to so many pieces of these lines, with the reason the buyer reads.

    Where no piece is left the whole part is declined. `key` is the form's: pressing twice takes
    them off once. Raises `NoReason`, `IllegalMove` where it is ready already, and the faults of
    `chosen_lines`.
    """
    if not reason.strip():
        raise NoReason
    undo_lines(
        session, part_id, lines, SellerOrderState.DECLINED,
        Act("seller", person_id, reason.strip()[:300]),
        within=BEFORE_READY, key=key or ids.new_token(),
    )  # fmt: skip
