"""Batches of payouts for tests."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger.models import Payout, PayoutBatch
from shop.ledger.paid_out import mark_signed
from shop.ledger.pay_out import approve_batch, make_batch
from shop.ledger.states import PayoutWay
from shop.sellers.models import Seller
from tests.factories.complaints import kept_photo
from tests.factories.payments import make_earned


def approved_batch(session: Session, key: str = "k") -> PayoutBatch | None:
    """A batch of everybody who is owed something, prepared and approved; None for nobody."""
    batch = make_batch(session, key=key, person_id=None, everybody=True)
    if batch is not None:
        approve_batch(session, batch.id, person_id=None)
    return batch


def signed_payout(session: Session, seller: Seller) -> Payout:
    """A payout in cash that the seller has signed for on a photo."""
    make_earned(session, seller, 20_000)
    seller.payout_way = PayoutWay.CASH.value
    batch = approved_batch(session, f"signed-{seller.slug}")
    assert batch is not None
    payout = session.scalars(
        select(Payout).where(Payout.batch_id == batch.id, Payout.seller_id == seller.id)
    ).one()
    mark_signed(session, payout.id, signature=kept_photo(session), person_id=None)
    seller.payout_way = PayoutWay.BANK.value
    return payout
