"""Promotions that run, made by the use case."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from shop.core import ids
from shop.orders.add_promotion import NewPromotion, add_promotion
from shop.orders.models_promotion import Promotion
from shop.sellers.models import Seller


def own_promotion(session: Session, seller: Seller) -> Promotion:
    """One that this seller made, with a word that nobody types by chance."""
    wanted = NewPromotion(
        "Pelanggan", amount=1_000, seller_id=seller.id, word=ids.new_id().hex[:20]
    )
    return add_promotion(session, wanted, key=ids.new_token(), person_id=None, by_seller=seller.id)


def make_promotion(
    session: Session, name: str = "Hari jadi", *, off: int | None = None, **more: Any
) -> Promotion:
    """One for everything, borne by the programme: `off` rupiah, else a tenth of the goods.

    Further keywords are fields of `NewPromotion`.
    """
    fields: dict[str, Any] = {"subsidy_points": 10_000, "amount": off} | more
    if off is None and "basis_points" not in fields:
        fields["basis_points"] = 1_000
    return add_promotion(session, NewPromotion(name, **fields), key=ids.new_token(), person_id=None)
