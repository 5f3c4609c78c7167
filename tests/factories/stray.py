"""Money that fits no payment, as staff write it down."""

from __future__ import annotations

import uuid

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.core import ids
from shop.core.images import normalise
from shop.core.pictures import keep_picture
from shop.payments.add_slip import add_slip
from shop.payments.models import Payment
from shop.payments.models_stray import PaymentSlip, Stray
from shop.payments.record_stray import Came, record
from shop.payments.states import Method
from shop.sellers.models import Seller
from tests.factories.orders import payment_of, placed_order
from tests.photos import lively, saved

OF_SLIP = ("slip", "send_slip", "photo")
"""Routes of a slip under the order's secret link."""


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


def stray_things(session: Session, seller: Seller, variant: Variant) -> dict[str, str]:
    """For addresses: money that waits, and a slip beside a payment that this seller collects."""
    order = placed_order(session, (variant, 1))
    payment = payment_of(session, order)
    picture = keep_picture(
        session, current_app.extensions["storage"],
        normalise(saved(lively(400, 500), "JPEG")), private=True,
    )  # fmt: skip
    add_slip(session, payment.id, picture.sha256)
    payment.collector_id = seller.id
    session.flush()
    slip_id = session.scalars(
        select(PaymentSlip.id).where(PaymentSlip.payment_id == payment.id)
    ).one()
    return {
        "stray_id": str(make_stray(session, 55_000).id),
        "slip_id": str(slip_id),
        **{f"slips.{name}:token": order.token for name in OF_SLIP},
        **{f"slips.{name}:payment_id": str(payment.id) for name in OF_SLIP},
    }
