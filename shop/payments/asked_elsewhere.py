"""Keeping money from going back twice: by a gateway and by hand."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.payments.models_gateway import GatewayRefund
from shop.payments.states import AskedBack


class AskedElsewhere(Exception):
    """A gateway was asked to send it and has not answered: it could go back twice."""


def refuse_asked(session: Session, refund_id: uuid.UUID) -> None:
    """Whether a refund may be sent by hand; the refund is held already. Raises `AskedElsewhere`."""
    asked = select(GatewayRefund.id).where(
        GatewayRefund.refund_id == refund_id, GatewayRefund.state == AskedBack.ASKED.value
    )
    if session.scalar(asked):
        raise AskedElsewhere(refund_id)
