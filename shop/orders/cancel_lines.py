"""Staff call off some of the pieces of a part; the rest of it goes on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import ids
from shop.orders.decline import NoReason
from shop.orders.grant_back import Act
from shop.orders.models import SellerOrder
from shop.orders.states import IN_THE_HOUSE, SellerOrderState
from shop.orders.tell import CALLED_OFF, LESS, tell_sellers
from shop.orders.undo import undo_lines


def cancel_lines(
    session: Session,
    part_id: uuid.UUID,
    lines: Mapping[uuid.UUID, int],
    *,
    person_id: uuid.UUID | None,
    reason: str,
    seller_share: int | None = None,
    delivery: int | None = None,
    key: str = "",
) -> None:
    """Take so many pieces of these lines off a part that is not handed over yet.

    Where no piece is left the whole part is cancelled. The seller bears `seller_share` rupiah of
    what goes back (None: all), the programme the rest. `key` is the form's: pressing twice takes
    them off once. Raises `NoReason`, `IllegalMove` and the faults of `chosen_lines`.
    """
    if not reason.strip():
        raise NoReason
    done = undo_lines(
        session, part_id, lines, SellerOrderState.CANCELLED,
        Act("staff", person_id, reason.strip()[:300], seller_share, delivery),
        within=IN_THE_HOUSE, key=key or ids.new_token(),
    )  # fmt: skip
    if not done:
        return
    part = session.get_one(SellerOrder, part_id, populate_existing=True)
    kind = CALLED_OFF if part.state == SellerOrderState.CANCELLED else LESS
    tell_sellers(session, [part_id], kind, event=key or ids.new_token())
    audit.write(
        session, person_id, "order.cancel_lines", "seller_order", part_id,
        pieces=sum(lines.values()), reason=reason.strip(), seller=seller_share,
    )  # fmt: skip
