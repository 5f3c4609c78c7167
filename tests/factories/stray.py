"""Money that fits no payment, as staff write it down."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.core import ids
from shop.payments.models import Payment
from shop.payments.models_stray import Stray
from shop.payments.record_stray import Came, record
from shop.payments.states import Method


def make_stray(
    session: Session,
    amount: int,
    payment: Payment | None = None,
    *,
    by: uuid.UUID | None = None,
    note: str = "TRSF DEWI",
    method: Method = Method.TRANSFER,
) -> Stray:
    """`amount` rupiah that came, for `payment` where that is known."""
    return record(
        session,
        Came(method, amount, note),
        payment_id=payment.id if payment else None,
        person_id=by,
        key=ids.new_token(),
    )
