"""Photos of transfer slips, for the buyer, for staff, and for the seller who collects."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core.models import Picture
from shop.payments.models import Payment
from shop.payments.models_stray import PaymentSlip


def slips(
    session: Session, payment_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[tuple[PaymentSlip, Picture]]]:
    """The slips of these payments with their pictures, oldest first; no query for none."""
    found: dict[uuid.UUID, list[tuple[PaymentSlip, Picture]]] = {}
    if not payment_ids:
        return found
    rows = session.execute(
        select(PaymentSlip, Picture)
        .join(Picture, Picture.sha256 == PaymentSlip.sha256)
        .where(PaymentSlip.payment_id.in_(payment_ids))
        .order_by(PaymentSlip.sent_at, PaymentSlip.id)
    )
    for slip, picture in rows:
        found.setdefault(slip.payment_id, []).append((slip, picture))
    return found


def slip_picture(
    session: Session,
    slip_id: uuid.UUID,
    *,
    payment_id: uuid.UUID | None = None,
    collector_id: uuid.UUID | None = None,
) -> Picture | None:
    """The private picture of a slip, of this payment or this collecting seller where one is given.

    Staff, who may see all, give neither.
    """
    wanted = (
        select(Picture)
        .join(PaymentSlip, PaymentSlip.sha256 == Picture.sha256)
        .join(Payment, Payment.id == PaymentSlip.payment_id)
        .where(PaymentSlip.id == slip_id)
    )
    if payment_id is not None:
        wanted = wanted.where(Payment.id == payment_id)
    if collector_id is not None:
        wanted = wanted.where(Payment.collector_id == collector_id)
    return session.scalars(wanted).first()
