"""Parts that their sellers did not answer in time are called off by the clock."""

from __future__ import annotations

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.orders.grant_back import Act
from shop.orders.models import SellerOrder
from shop.orders.move import held_payments
from shop.orders.states import SellerOrderState
from shop.orders.tell import UNANSWERED, tell_sellers
from shop.orders.undo import undo_part
from shop.payments.reasons import NO_ANSWER

log = structlog.get_logger()


def call_off_unanswered(session: Session) -> int:
    """Cancel every part that waits for its seller's answer past its time; returns how many.

    What was paid becomes due back, the pieces are for sale again, seller and buyer are told. One
    that cannot be called off keeps no other from it.
    """
    late = session.scalars(
        select(SellerOrder.id)
        .where(
            SellerOrder.state == SellerOrderState.WAITING.value,
            SellerOrder.answer_by <= clock.now(),
        )
        .order_by(SellerOrder.answer_by, SellerOrder.id)
    ).all()
    held_payments(session, late)
    called_off = 0
    for part_id in late:
        try:
            with session.begin_nested():
                undo_part(
                    session, part_id, SellerOrderState.CANCELLED, Act("clock", None, NO_ANSWER)
                )
                tell_sellers(session, [part_id], UNANSWERED)
        except IllegalMove:
            log.info("answered at the last moment", part=str(part_id))
        except Exception as fault:  # noqa: BLE001 - the others must be called off all the same
            log.error("part not called off", part=str(part_id), error=type(fault).__name__)
        else:
            called_off += 1
    return called_off
