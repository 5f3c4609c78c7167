"""How much of a payment can still go back the way it came."""

from __future__ import annotations

import uuid

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import EntryKind
from shop.payments.models import Payment, Refund
from shop.payments.models_gateway import GatewayRefund
from shop.payments.models_stripe import CardRefund, Dispute
from shop.payments.states import AskedBack, Method
from shop.payments.ways import WAYS

_MOVED = (
    EntryKind.ORDER_PAID, EntryKind.LATE_PAYMENT, EntryKind.REFUND_PAID, EntryKind.REVERSAL,
)  # fmt: skip


class MoreThanCame(ValueError):
    """The rest was paid from credit or another way: `left` rupiah can go back this way."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


def left_there(session: Session, payment: Payment, besides: uuid.UUID) -> int:
    """What came by a payment and did not go back the same way, nor is asked to, in rupiah.

    The refund `besides` does not count as asked. What the buyer's bank took back is gone.
    """
    session.flush()
    moved = session.scalar(
        select(func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Entry.payment_id == payment.id,
            Entry.kind.in_(_MOVED),
            Account.kind == WAYS[Method(payment.method)].lies_in.value,
        )
    )
    waits = or_(
        *(
            exists().where(row.refund_id == Refund.id, row.state == AskedBack.ASKED.value)
            for row in (CardRefund, GatewayRefund)
        )
    )
    asked = session.scalar(
        select(func.sum(Refund.amount)).where(
            Refund.payment_id == payment.id, Refund.id != besides, waits
        )
    )
    taken = session.scalar(
        select(func.sum(Dispute.amount)).where(
            Dispute.payment_id == payment.id,
            Dispute.withdrawn_at.is_not(None),
            Dispute.reinstated_at.is_(None),
        )
    )
    return int(moved or 0) - int(asked or 0) - int(taken or 0)


def refuse_more(session: Session, payment: Payment, refund: Refund) -> None:
    """Whether all of a refund fits into what is left there. Raises `MoreThanCame`."""
    left = left_there(session, payment, refund.id)
    if refund.amount > left:
        raise MoreThanCame(max(0, left))
