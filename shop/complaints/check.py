"""Proving that whatever is complained of waits, and nothing waits without a complaint."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.complaints.models import Complaint
from shop.complaints.states import WAITING
from shop.ledger.check import Finding, count, found
from shop.orders.models import SellerOrder
from shop.orders.states import SellerOrderState

_WAITING = sorted(state.value for state in WAITING)
_MONEY_WAITS = (SellerOrderState.DISPUTED.value, SellerOrderState.RETURNED.value)
"""Of a returned part staff may have returned the goods first, and closed its complaint later."""


def check_complaints(session: Session) -> list[Finding]:
    """Every rule of complaints, one finding each."""
    waiting = count(
        session, select(func.count()).select_from(Complaint).where(Complaint.state.in_(_WAITING))
    )
    disputed = SellerOrder.state == SellerOrderState.DISPUTED.value
    parts = count(session, select(func.count()).select_from(SellerOrder).where(disputed))
    return [
        found("the money of every complaint waits", waiting, _not_waiting(session)),
        found("every disputed part has its complaint", parts, _without_complaint(session)),
    ]


def _not_waiting(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Complaint.id, SellerOrder.state)
        .join(SellerOrder, SellerOrder.id == Complaint.seller_order_id)
        .where(Complaint.state.in_(_WAITING), SellerOrder.state.not_in(_MONEY_WAITS))
    )
    return (f"complaint {complaint}: its part is {state}" for complaint, state in rows)


def _without_complaint(session: Session) -> Iterator[str]:
    rows = session.scalars(
        select(SellerOrder.id)
        .outerjoin(
            Complaint,
            (Complaint.seller_order_id == SellerOrder.id) & Complaint.state.in_(_WAITING),
        )
        .where(SellerOrder.state == SellerOrderState.DISPUTED.value, Complaint.id.is_(None))
    )
    return (f"part {part}" for part in rows)
