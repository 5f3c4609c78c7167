"""Telling people that pieces will not come, or that money goes back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from shop.orders.models import SellerOrder
from shop.payments.models import Refund


def tell_back(
    session: Session,
    part: SellerOrder,
    granted: Refund | None,
    *,
    reason: str = "",
    pieces: int = 0,
) -> None:
    """Tell the buyer what goes back and why."""
