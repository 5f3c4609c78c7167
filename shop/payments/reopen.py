"""Money that came late pays for its order after all: staff open it again if its goods are there."""

from __future__ import annotations

import uuid

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.catalog.reserve import SoldOut
from shop.core import events
from shop.core.lifecycle import IllegalMove
from shop.core.money import rupiah
from shop.ledger.models import Entry
from shop.ledger.post import lock_books
from shop.ledger.reverse import reverse
from shop.ledger.states import EntryKind
from shop.payments import credit
from shop.payments.arrivals import keep_tied, stands
from shop.payments.asked_elsewhere import AskedElsewhere, refuse_asked
from shop.payments.cannot_reopen import CannotReopen, Why
from shop.payments.events import PaymentChanged, PaymentReopened, PaymentSettled
from shop.payments.models import Payment, PaymentPart, Refund
from shop.payments.models_stray import Stray
from shop.payments.move import fresh, move_payment, move_refund
from shop.payments.move_stray import came_before
from shop.payments.reasons import LATE
from shop.payments.settle import MAY_BE_DRAWN, book_paid
from shop.payments.states import PAYMENT, Method, PaymentState, RefundState
from shop.payments.ways import WAYS

REOPENED = "order_reopened"
_UNDONE = (EntryKind.REFUND_DUE, EntryKind.CASH_OWED, EntryKind.LATE_PAYMENT)
"""What was booked because it was late, in the order in which it is reversed."""


def reopen(session: Session, payment_id: uuid.UUID, *, person_id: uuid.UUID | None) -> bool:
    """Sell the order of a late payment again and let its money pay for it; tell buyer and sellers.

    Its refund is withdrawn, which nobody has sent yet. False where that was done before. Raises
    `CannotReopen`, and `IllegalMove` where the payment is not late.
    """
    payment = fresh(session, payment_id)
    if payment.state == PaymentState.SETTLED:
        return False
    if payment.state != PaymentState.LATE:
        raise IllegalMove(PAYMENT.name, PaymentState.SETTLED)
    refund = _unsent(session, payment)
    before = came_before(session, payment_id)
    if before is not None and before.state not in MAY_BE_DRAWN:
        raise CannotReopen(Why.USED)
    if _paid_otherwise(session, payment):
        raise CannotReopen(Why.NOT_EXPIRED)
    if not credit.still_there(session, payment):
        raise CannotReopen(Why.USED)
    _sell_again(session, payment_id)
    _book(session, payment, refund, before, person_id)
    events.publish(session, PaymentChanged(payment_id))
    events.publish(session, PaymentSettled(payment_id))
    audit.write(
        session, person_id, "payment.reopen", "payment", payment_id,
        order=payment.order_number, amount=payment.amount,
    )  # fmt: skip
    notify.tell_buyer(
        session, payment.order_id, REOPENED, event=notify.just_now(payment_id),
        number=payment.order_number, amount=rupiah(payment.amount),
    )  # fmt: skip
    return True


def _unsent(session: Session, payment: Payment) -> Refund:
    """What is to go back of it and did not yet, held against who sends it."""
    refunds = session.scalars(
        select(Refund)
        .where(Refund.payment_id == payment.id, Refund.state != RefundState.WITHDRAWN.value)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(refunds) != 1 or refunds[0].state != RefundState.DUE:
        raise CannotReopen(Why.SENT)
    try:
        refuse_asked(session, refunds[0].id)
    except AskedElsewhere:
        raise CannotReopen(Why.SENT) from None
    if refunds[0].reason != LATE:  # it was paid twice: the order has its money
        raise CannotReopen(Why.NOT_EXPIRED)
    return refunds[0]


def _paid_otherwise(session: Session, payment: Payment) -> bool:
    """Whether another payment for the same things was made, is waited for, or may still come."""
    ended = (PaymentState.CANCELLED.value, PaymentState.LATE.value)
    same = select(PaymentPart.seller_order_id).where(PaymentPart.payment_id == payment.id)
    other = exists().where(
        PaymentPart.payment_id == Payment.id,
        PaymentPart.seller_order_id.in_(same),
        Payment.id != payment.id,
        Payment.state.not_in(ended),
    )
    return bool(session.scalar(select(other)))


def _sell_again(session: Session, payment_id: uuid.UUID) -> None:
    try:
        with session.begin_nested():
            events.publish(session, PaymentReopened(payment_id))
    except SoldOut:
        raise CannotReopen(Why.GOODS_GONE) from None


def _book(
    session: Session,
    payment: Payment,
    refund: Refund,
    before: Stray | None,
    person_id: uuid.UUID | None,
) -> None:
    """Undo that it was late, and hold it for its sellers."""
    lock_books(session)
    entries = session.scalars(
        select(Entry).where(Entry.payment_id == payment.id, Entry.kind.in_(_UNDONE), stands())
    ).all()
    for entry in sorted(entries, key=lambda one: _UNDONE.index(EntryKind(one.kind))):
        reverse(session, entry.id, person_id=person_id, note="reopened")
    move_refund(
        session, refund.id, RefundState.WITHDRAWN, person_id=person_id,
        key=f"withdrawn:{refund.id.hex}",
    )  # fmt: skip
    move_payment(
        session, payment.id, PaymentState.SETTLED,
        actor="staff", person_id=person_id, reason="reopened",
    )  # fmt: skip
    session.refresh(payment)
    source = WAYS[Method(payment.method)].lies_in
    book_paid(session, payment, source, before, actor="staff", person_id=person_id)
    for entry in entries:
        if entry.kind == EntryKind.LATE_PAYMENT:
            keep_tied(session, entry.id, payment.id)
    session.expire(refund)
