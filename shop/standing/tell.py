"""Telling buyer and seller what happened to a standing order."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.sellers.models import Seller
from shop.sellers.queries import people_running
from shop.standing.models import StandingOrder

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
    """Let the buyer know, where she is somebody who signs in; others read it on their own page."""
    if standing.buyer_id is None:
        return
    seller = session.get_one(Seller, standing.seller_id)
    notify.tell(
        session, [standing.buyer_id], kind, link=link or f"/l/{standing.token}",
        event=_event(standing.id, event), name=seller.name, **detail,
    )  # fmt: skip


def _event(standing_id: uuid.UUID, event: str) -> str:
    return f"{standing_id.hex}:{event}"
