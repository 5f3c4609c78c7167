"""By which rule a group shares what it earns now."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.sellers.models import ShareRule


def share_rule_now(session: Session, seller_id: uuid.UUID) -> uuid.UUID | None:
    """The rule of today, to be kept with a sale; None for a seller who need not share."""
    return session.scalar(
        select(ShareRule.id)
        .where(ShareRule.seller_id == seller_id, ShareRule.valid_from <= clock.today())
        .order_by(ShareRule.valid_from.desc())
        .limit(1)
    )
