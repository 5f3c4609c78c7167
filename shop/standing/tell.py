"""Telling buyer and seller what happened to a standing order."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.sellers.models import Seller
from shop.sellers.queries import people_running
from shop.standing.models import StandingOrder, StandingRun

NEW = "standing_new"
CHANGED = "standing_changed"
FAILED = "standing_failed"
PAUSED = "standing_paused"
RESUMED = "standing_resumed"
ENDED = "standing_ended"
PLACED = "standing_placed"


def tell_seller(
    session: Session, standing: StandingOrder, kind: str, *, event: str, **detail: Any
) -> None:
    """Let those who run the studio know; `event` names what happened, so that it is told once."""
    notify.tell(
        session, people_running(session, standing.seller_id), kind,
        seller_id=standing.seller_id, link=f"/sell/standing/{standing.id}",
        event=_event(standing.id, event), name=standing.buyer_name, **detail,
    )  # fmt: skip


def tell_buyer(
    session: Session,
    standing: StandingOrder,
    kind: str,
    *,
    event: str,
    link: str = "",
    **detail: Any,
) -> None:
    """Let the buyer know: who signs in by her news, others by the ways of their last order.

    Who has neither reads it on the page of the standing order.
    """
    seller = session.get_one(Seller, standing.seller_id)
    more = {
        "link": link or f"/l/{standing.token}",
        "event": _event(standing.id, event),
        "name": seller.name,
        **detail,
    }
    if standing.buyer_id is not None:
        notify.tell(session, [standing.buyer_id], kind, **more)
        return
    last = session.scalar(
        select(StandingRun.order_id)
        .where(StandingRun.standing_id == standing.id, StandingRun.order_id.is_not(None))
        .order_by(StandingRun.due_on.desc())
        .limit(1)
    )
    if last is not None:
        notify.tell_buyer(session, last, kind, **more)


def _event(standing_id: uuid.UUID, event: str) -> str:
    return f"{standing_id.hex}:{event}"
