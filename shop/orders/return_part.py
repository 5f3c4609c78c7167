"""Goods went back, or were no good: everything that was paid for them goes back too."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.catalog.take_back import take_back
from shop.orders.decline import NoReason
from shop.orders.grant_back import Act
from shop.orders.models import SellerOrder
from shop.orders.move import held_payments, move_part
from shop.orders.states import SellerOrderState
from shop.orders.undo import settle_undone
from shop.orders.worth import worth


def return_part(
    session: Session,
    part_id: uuid.UUID,
    *,
    seller_share: int,
    reason: str,
    person_id: uuid.UUID | None,
    restock: bool,
) -> None:
    """Bring a handed-over or disputed part to `returned`; all that is left of it is due back.

    The seller bears `seller_share` rupiah of it, and the programme makes the rest good to her.
    `restock`: the pieces are with her again and can be sold. Cash that nobody got is not asked for
    any more. Raises `NoReason`, `IllegalMove`, `chosen_lines.BadShare`.
    """
    if not reason.strip():
        raise NoReason
    payment = held_payments(session, [part_id]).get(part_id)
    part = session.get_one(SellerOrder, part_id, populate_existing=True)
    found = worth(session, part)
    move_part(
        session, part_id, SellerOrderState.RETURNED,
        actor="staff", person_id=person_id, reason=reason.strip()[:300],
    )  # fmt: skip
    if restock:
        pieces = {line.line.variant_id: line.live for line in found.lines.values() if line.live}
        take_back(session, pieces, key=f"returned:{part_id.hex}", person_id=person_id)
    settle_undone(
        session, found, payment, Act("staff", person_id, reason.strip(), seller_share),
        count="refunded", key=f"return:{part_id.hex}",
    )  # fmt: skip
    audit.write(
        session, person_id, "order.return", "seller_order", part_id,
        reason=reason.strip(), seller=seller_share, restock=restock,
    )  # fmt: skip
