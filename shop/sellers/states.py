"""The life of a seller in the shop."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class SellerState(StrEnum):
    """Whether a seller's goods are shown."""

    APPLIED = "applied"
    APPROVED = "approved"
    DECLINED = "declined"
    SUSPENDED = "suspended"


SELLER = LifeCycle(
    "seller",
    SellerState.APPLIED,
    moves(
        (SellerState.APPLIED, SellerState.APPROVED, "staff"),
        (SellerState.APPLIED, SellerState.DECLINED, "staff"),
        (SellerState.DECLINED, SellerState.APPLIED, "staff seller"),
        (SellerState.APPROVED, SellerState.SUSPENDED, "staff"),
        (SellerState.SUSPENDED, SellerState.APPROVED, "staff"),
    ),
)
