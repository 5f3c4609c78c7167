"""Money that goes back: granted first, sent by a person later, both in the books."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock
from shop.core.money import Rupiah
from shop.ledger.earn import is_earned
from shop.ledger.pay_out import NoReference
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.models import Payment, PaymentPart, Refund
from shop.payments.move import move_refund
from shop.payments.states import Method, PaymentState, RefundState
from shop.payments.ways import WAYS


class NotPaid(Exception):
    """Nothing was paid, so nothing goes back."""


class TooMuch(ValueError):
    """More than was paid for this part; `left` rupiah can still go back."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class AlreadyEarned(Exception):
    """The part is completed, its money is the seller's."""


def grant(
    session: Session,
    *,
    payment_id: uuid.UUID,
    seller_order_id: uuid.UUID,
    seller_id: uuid.UUID,
    amount: int,
    reason: str,
    person_id: uuid.UUID | None,
    key: str,
) -> Refund:
    """Decide that `amount` rupiah of a seller's part go back to the buyer.

    The same `key` gives the refund it made before. Raises `NotPaid`, `AlreadyEarned`, `TooMuch`.
    """
    lock_books(session)
    known = session.scalars(select(Refund).where(Refund.key == key)).first()
    if known is not None:
        return known
    payment = session.get_one(Payment, payment_id, populate_existing=True)
    if payment.state != PaymentState.SETTLED:
        raise NotPaid(payment_id)
    if is_earned(session, seller_order_id):
        raise AlreadyEarned(seller_order_id)
    left = _paid_for(session, payment_id, seller_order_id) - _granted(session, seller_order_id)
    if not 0 < amount <= left:
        raise TooMuch(left)
    refund = Refund(
        key=key, payment_id=payment_id, seller_order_id=seller_order_id,
        amount=Rupiah(amount), reason=reason[:300], granted_by=person_id,
    )  # fmt: skip
    _due(session, refund, payment, Leg(AccountKind.HELD, amount, seller_id))
    return refund


def return_late(
    session: Session, payment: Payment, lies_in: AccountKind, person_id: uuid.UUID | None
) -> Refund:
    """Book money that came when its order was gone, and make all of it due back."""
    legs = [Leg(lies_in, payment.amount), Leg(AccountKind.SUSPENSE, -payment.amount)]
    about = About(person_id=person_id, order_id=payment.order_id, payment_id=payment.id)
    post(session, EntryKind.LATE_PAYMENT, f"paid:{payment.id.hex}", legs, about)
    refund = Refund(
        key=f"late:{payment.id.hex}", payment_id=payment.id, amount=payment.amount,
        reason="late", granted_by=person_id,
    )  # fmt: skip
    _due(session, refund, payment, Leg(AccountKind.SUSPENSE, payment.amount))
    return refund


def mark_paid(
    session: Session, refund_id: uuid.UUID, *, reference: str, person_id: uuid.UUID | None
) -> None:
    """Staff have sent the money back, under this reference. Raises `NoReference`, `IllegalMove`."""
    if not reference.strip():
        raise NoReference
    move_refund(
        session, refund_id, RefundState.PAID, person_id=person_id,
        reference=reference.strip()[:60], paid_at=clock.now(),
    )  # fmt: skip
    refund = session.get_one(Refund, refund_id, populate_existing=True)
    payment = session.get_one(Payment, refund.payment_id)
    source = WAYS[Method(payment.method)].goes_back_from
    legs = [Leg(AccountKind.REFUNDS, refund.amount), Leg(source, -refund.amount)]
    about = _about(refund, payment, person_id)
    post(session, EntryKind.REFUND_PAID, f"refund_paid:{refund_id.hex}", legs, about)
    audit.write(
        session, person_id, "refund.paid", "refund", refund_id,
        amount=refund.amount, reference=refund.reference,
    )  # fmt: skip


def _due(session: Session, refund: Refund, payment: Payment, source: Leg) -> None:
    session.add(refund)
    session.flush()  # the entry is keyed by the refund's id
    legs = [source, Leg(AccountKind.REFUNDS, -refund.amount)]
    about = _about(refund, payment, refund.granted_by)
    post(session, EntryKind.REFUND_DUE, f"refund_due:{refund.id.hex}", legs, about)


def _about(refund: Refund, payment: Payment, person_id: uuid.UUID | None) -> About:
    return About(
        person_id=person_id,
        order_id=payment.order_id,
        seller_order_id=refund.seller_order_id,
        payment_id=payment.id,
    )


def _paid_for(session: Session, payment_id: uuid.UUID, seller_order_id: uuid.UUID) -> int:
    paid = session.scalar(
        select(func.sum(PaymentPart.amount)).where(
            PaymentPart.payment_id == payment_id, PaymentPart.seller_order_id == seller_order_id
        )
    )
    return int(paid or 0)


def _granted(session: Session, seller_order_id: uuid.UUID) -> int:
    granted = session.scalar(
        select(func.sum(Refund.amount)).where(Refund.seller_order_id == seller_order_id)
    )
    return int(granted or 0)
