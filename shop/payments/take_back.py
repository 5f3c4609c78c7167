"""A payment whose money turned out to be somebody else's waits for its own again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import cast

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import events
from shop.core.money import Rupiah
from shop.ledger.models import Entry
from shop.ledger.reverse import reverse
from shop.ledger.states import EntryKind
from shop.payments.arrivals import stands
from shop.payments.cannot_undo import CannotUndo, Why
from shop.payments.credit import AlreadyUsed, undo_lines
from shop.payments.deadline import put_off
from shop.payments.events import PaymentChanged, PaymentTakenBack
from shop.payments.models import Payment, PaymentEvent, Refund
from shop.payments.move import move_payment, move_refund
from shop.payments.move_stray import came_before, move_stray
from shop.payments.start import HIGHEST_CODE, NoFreeCode, code_for
from shop.payments.states import Method, PaymentState, RefundState
from shop.payments.states_stray import StrayState

NOT_THERE = "money_not_there"
_OURS = (EntryKind.ORDER_PAID.value, EntryKind.STRAY.value)
_OURS_LATE = (EntryKind.LATE_PAYMENT.value, EntryKind.REFUND_DUE.value, EntryKind.STRAY.value)
_OPEN = (PaymentState.PENDING.value, PaymentState.CLAIMED.value)
_TRIES = 4


def take_back(
    session: Session, payment: Payment, *, reason: str, person_id: uuid.UUID | None
) -> None:
    """Undo that this transfer came; the payment is held already. It waits again, its time put off.

    One that came late is over again as it was before. Raises `CannotUndo` where its goods left the
    house, some of it goes back, or it was used otherwise.
    """
    if payment.state == PaymentState.LATE:
        _late(session, payment, reason, person_id)
    else:
        _settled(session, payment, reason, person_id)
    audit.write(
        session, person_id, "payment.take_back", "payment", payment.id,
        order=payment.order_number, amount=payment.amount, reason=reason,
    )  # fmt: skip


def _settled(session: Session, payment: Payment, reason: str, person_id: uuid.UUID | None) -> None:
    if _refunds(session, payment):
        raise CannotUndo(Why.GOES_BACK)
    entries = _entries(session, payment, _OURS)
    events.publish(session, PaymentTakenBack(payment.id, person_id))
    _reverse(session, payment, entries, EntryKind.ORDER_PAID, reason, person_id)
    before = came_before(session, payment.id)
    if before is not None and before.state == StrayState.TOPPED_UP:
        move_stray(session, before.id, StrayState.ASKED, actor="staff", person_id=person_id)
    target = PaymentState.CLAIMED if payment.claimed_at else PaymentState.PENDING
    _ask_again(session, payment, target, before.amount if before else 0, reason, person_id)
    session.refresh(payment)
    events.publish(session, PaymentChanged(payment.id))
    notify.tell_buyer(
        session, payment.order_id, NOT_THERE,
        event=notify.just_now(payment.id), number=payment.order_number,
    )  # fmt: skip


def _late(session: Session, payment: Payment, reason: str, person_id: uuid.UUID | None) -> None:
    """Nothing is due to its buyer any more; the books keep that it was."""
    refunds = _refunds(session, payment)
    if any(refund.state != RefundState.DUE for refund in refunds):
        raise CannotUndo(Why.GOES_BACK)
    entries = _entries(session, payment, _OURS_LATE)
    _reverse(session, payment, entries, EntryKind.REFUND_DUE, reason, person_id)
    _reverse(session, payment, entries, EntryKind.LATE_PAYMENT, reason, person_id)
    for refund in refunds:
        move_refund(
            session, refund.id, RefundState.WITHDRAWN, person_id=person_id,
            key=f"withdrawn:{refund.id.hex}",
        )  # fmt: skip
        session.expire(refund)
    was = session.scalars(
        select(PaymentEvent.source)
        .where(PaymentEvent.thing_id == payment.id, PaymentEvent.target == PaymentState.LATE.value)
        .order_by(PaymentEvent.happened_at.desc(), PaymentEvent.id.desc())
    ).first()
    move_payment(
        session, payment.id, PaymentState(cast("str", was)), actor="system", person_id=person_id,
        reason=reason, settled_at=None, settled_by=None, evidence="",
    )  # fmt: skip
    session.refresh(payment)


def _refunds(session: Session, payment: Payment) -> Sequence[Refund]:
    """What goes back of it or went, held."""
    return session.scalars(
        select(Refund)
        .where(Refund.payment_id == payment.id, Refund.state != RefundState.WITHDRAWN.value)
        .with_for_update()
    ).all()


def _entries(session: Session, payment: Payment, ours: tuple[str, ...]) -> list[Entry]:
    """What stands in the books of it. Raises `CannotUndo` where more came of it than it came."""
    found = list(
        session.scalars(
            select(Entry)
            .where(Entry.payment_id == payment.id, Entry.reverses_id.is_(None), stands())
            .order_by(Entry.occurred_at, Entry.id)
        )
    )
    if any(entry.kind not in ours for entry in found):
        raise CannotUndo(Why.USED)
    return found


def _reverse(
    session: Session,
    payment: Payment,
    entries: list[Entry],
    kind: EntryKind,
    reason: str,
    person_id: uuid.UUID | None,
) -> None:
    for entry in entries:
        if entry.kind == kind:
            reversal_id = reverse(session, entry.id, person_id=person_id, note=reason)
            try:
                undo_lines(session, payment, entry.id, reversal_id)
            except AlreadyUsed:
                raise CannotUndo(Why.USED) from None


def _ask_again(
    session: Session,
    payment: Payment,
    target: PaymentState,
    before: int,
    reason: str,
    person_id: uuid.UUID | None,
) -> None:
    """Wait for its sum again, with a new code where another payment waits for the old sum.

    What came without its whole code was lowered to it; it gets a new one, too.
    """
    total = sum(part.amount for part in payment.parts) - before - payment.credit
    code = payment.unique_code
    for _ in range(_TRIES):
        if not code or _waited_for(session, total + code):
            code = _new_code(session, payment, total)
        try:
            with session.begin_nested():
                move_payment(
                    session, payment.id, target, actor="system", person_id=person_id,
                    reason=reason, settled_at=None, settled_by=None, evidence="",
                    expires_at=put_off(payment.expires_at),
                    amount=Rupiah(total + code), unique_code=code,
                )  # fmt: skip
        except IntegrityError:  # a checkout took this sum a moment ago
            continue
        return
    raise CannotUndo(Why.NO_CODE)


def _waited_for(session: Session, amount: int) -> bool:
    return bool(
        session.scalar(
            select(
                exists().where(
                    Payment.amount == amount, Payment.state.in_(_OPEN),
                    Payment.method.in_((Method.TRANSFER.value, Method.QRIS.value)),
                    Payment.collector_id.is_(None),
                )
            )
        )
    )  # fmt: skip


def _new_code(session: Session, payment: Payment, total: int) -> int:
    """A code that fits beside those of the order's other payments. Raises `CannotUndo`."""
    others = session.scalar(
        select(func.sum(Payment.unique_code)).where(
            Payment.order_id == payment.order_id, Payment.id != payment.id
        )
    )
    try:
        return code_for(
            session, Method(payment.method), total, highest=HIGHEST_CODE - int(others or 0)
        )
    except NoFreeCode:
        raise CannotUndo(Why.NO_CODE) from None
