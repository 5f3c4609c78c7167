"""Staff let a seller's goods be shown, or say why not."""

from __future__ import annotations

import uuid
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import lifecycle
from shop.sellers.models import Seller, SellerEvent
from shop.sellers.queries import people_running
from shop.sellers.states import SELLER, SellerState

APPROVED = "seller_approved"
DECLINED = "seller_declined"
SUSPENDED = "seller_suspended"


class ReasonMissing(Exception):
    """Who is declined or suspended must be able to read why."""


def approve(session: Session, seller_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """Let their goods be shown, for the first time or again. Raises `IllegalMove`."""
    _move(session, seller_id, SellerState.APPROVED, person_id)
    _tell(session, seller_id, APPROVED)


def decline(
    session: Session, seller_id: uuid.UUID, person_id: uuid.UUID | None, reason: str
) -> None:
    """Send an application back with the reason. Raises `ReasonMissing`, `IllegalMove`."""
    if not reason.strip():
        raise ReasonMissing
    _move(session, seller_id, SellerState.DECLINED, person_id, reason.strip())
    _tell(session, seller_id, DECLINED, reason=reason.strip())


def suspend(
    session: Session, seller_id: uuid.UUID, person_id: uuid.UUID | None, reason: str
) -> None:
    """Take all their goods off the shelves for now. Raises `ReasonMissing`, `IllegalMove`."""
    if not reason.strip():
        raise ReasonMissing
    _move(session, seller_id, SellerState.SUSPENDED, person_id, reason.strip())
    _tell(session, seller_id, SUSPENDED, reason=reason.strip())


def apply_again(session: Session, seller_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """The seller asks once more after having been declined. Raises `IllegalMove`."""
    _move(session, seller_id, SellerState.APPLIED, person_id, actor="seller")


def _move(
    session: Session,
    seller_id: uuid.UUID,
    target: SellerState,
    person_id: uuid.UUID | None,
    reason: str | None = None,
    actor: str = "staff",
) -> None:
    session.flush()  # the guarded UPDATE must find the row
    lifecycle.move(
        session, SELLER, cast("Table", Seller.__table__), cast("Table", SellerEvent.__table__),
        seller_id, target, actor=actor, person_id=person_id, reason=reason,
    )  # fmt: skip
    session.refresh(session.get_one(Seller, seller_id))
    audit.write(session, person_id, f"seller.{target.value}", "seller", seller_id)


def _tell(session: Session, seller_id: uuid.UUID, kind: str, **detail: str) -> None:
    notify.tell(
        session,
        people_running(session, seller_id),
        kind,
        seller_id=seller_id,
        link="/sell/more",
        event=notify.just_now(seller_id),
        **detail,
    )
