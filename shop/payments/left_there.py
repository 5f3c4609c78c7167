"""How much of a payment can still go back: the way it came, or at all after a lost dispute."""

from __future__ import annotations

import uuid

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.models import Payment, PaymentPart, Refund
from shop.payments.models_gateway import GatewayRefund
from shop.payments.models_stripe import CardRefund, Dispute
from shop.payments.states import AskedBack, Method, RefundState
from shop.payments.ways import WAYS

_MOVED = (
    EntryKind.ORDER_PAID, EntryKind.LATE_PAYMENT, EntryKind.REFUND_PAID, EntryKind.REVERSAL,
)  # fmt: skip


class MoreThanCame(ValueError):
    """The rest was paid from credit or another way: `left` rupiah can go back this way."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class LostAlready(Exception):
    """The buyer has this money through her bank, and it is decided who bears that."""


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


def refuse_lost(session: Session, payment_id: uuid.UUID, amount: int) -> None:
    """Whether so many rupiah can go back besides what lost disputes took. Raises `LostAlready`."""
    lost = session.scalar(
        select(func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Entry.payment_id == payment_id,
            Entry.kind == EntryKind.DISPUTE_ENDED.value,
            Account.kind.in_((AccountKind.PAYABLE.value, AccountKind.GOODWILL.value)),
        )
    )
    if not lost:
        return
    paid = session.scalar(
        select(func.sum(PaymentPart.amount)).where(PaymentPart.payment_id == payment_id)
    )
    back = session.scalar(
        select(func.sum(Refund.amount)).where(
            Refund.payment_id == payment_id, Refund.state != RefundState.WITHDRAWN.value
        )
    )
    if amount > int(paid or 0) - int(back or 0) - int(lost):
        raise LostAlready(payment_id)
