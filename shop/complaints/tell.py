"""Telling the buyer what became of her complaint."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.complaints.models import Complaint
from shop.orders.models import Order, SellerOrder


def tell_buyer(session: Session, complaint: Complaint, kind: str, **detail: Any) -> None:
    """Leave word of `kind` for whoever ordered, once for each complaint."""
    part = session.get_one(SellerOrder, complaint.seller_order_id)
    order = session.get_one(Order, part.order_id)
    notify.tell_buyer(
        session, order.id, kind, event=complaint.id.hex, link=f"/o/{order.token}",
        number=order.number, **detail,
    )  # fmt: skip
