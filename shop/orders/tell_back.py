"""Telling the buyer in words what will not come, what goes back, and why."""

from __future__ import annotations

from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.core import ids
from shop.core.money import rupiah
from shop.orders.models import SellerOrder
from shop.payments.models import Refund
from shop.payments.reasons import NO_ANSWER

MONEY_BACK = "money_back"
PIECES_OFF = "pieces_off"
PART_OFF = "part_off"
NOT_ANSWERED = "part_not_answered"


def tell_back(
    session: Session,
    part: SellerOrder,
    granted: Refund | None,
    *,
    actor: str,
    reason: str,
    pieces: int = 0,
) -> None:
    """Tell of `pieces` that will not come (0: of the whole part), and of money that goes back.

    What a buyer did herself she is told only where money goes back.
    """
    told = {"number": part.order.number, "seller": part.seller.name, "reason": reason or "–"}
    link = f"/o/{part.order.token}"
    event = granted.id.hex if granted else ids.new_id().hex
    if reason == NO_ANSWER:
        notify.tell_buyer(session, part.order_id, NOT_ANSWERED, event=event, link=link, **told)
    elif granted is not None:
        notify.tell_buyer(
            session, part.order_id, MONEY_BACK, event=event, link=link,
            amount=rupiah(granted.amount), **told,
        )  # fmt: skip
    elif actor != "buyer":
        kind = PIECES_OFF if pieces else PART_OFF
        notify.tell_buyer(
            session, part.order_id, kind, event=event, link=link, pieces=pieces, **told
        )
