"""Stray money that finds its payment after all."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import events
from shop.core.lifecycle import IllegalMove
from shop.payments.events import PaymentChanged
from shop.payments.models import Payment
from shop.payments.models_stray import Stray
from shop.payments.move import fresh
from shop.payments.move_stray import came_before, fresh_stray, move_stray
from shop.payments.record_stray import Came, refuse_other, write
from shop.payments.settle import settle
from shop.payments.states import Method, PaymentState
from shop.payments.states_stray import STRAY, StrayKind, StrayState

_ENDED = (PaymentState.EXPIRED, PaymentState.CANCELLED)
_DONE = (PaymentState.SETTLED, PaymentState.LATE)


def match(
    session: Session, stray_id: uuid.UUID, payment_id: uuid.UUID, *, person_id: uuid.UUID | None
) -> StrayState:
    """Let money that waits pay for this; returns how the money stands then.

    An order that had run out is taken back if its goods are there (`reopened`). Where only (some
    of) the code is missing, it is enough. What is beyond the sum is stray money of its own from
    now on. Less than the goods cost, or money for what is paid already, stays `open` and is known
    to be `short` or `double` for this payment. Raises `IllegalMove`, `record_stray.OtherWay`,
    `settle.Gone`.
    """
    stray = fresh_stray(session, stray_id)
    if stray.state != StrayState.OPEN:
        raise IllegalMove(STRAY.name, StrayState.MATCHED)
    payment = fresh(session, payment_id)
    refuse_other(payment)
    audit.write(
        session, person_id, "stray.match", "stray", stray_id,
        order=payment.order_number, amount=stray.amount,
    )  # fmt: skip
    if payment.state in _DONE:
        return _known_to_be(session, stray, payment, StrayKind.DOUBLE)
    if stray.amount < least_for(session, payment):
        return _known_to_be(session, stray, payment, StrayKind.SHORT)
    return _pay(session, stray, payment, person_id)


def least_for(session: Session, payment: Payment) -> int:
    """How many rupiah pay for the goods themselves: the sum without its code."""
    before = came_before(session, payment.id)
    there = (before.amount if before else 0) + payment.credit
    return sum(part.amount for part in payment.parts) - there


def _pay(
    session: Session, stray: Stray, payment: Payment, person_id: uuid.UUID | None
) -> StrayState:
    ended = payment.state in _ENDED
    asked = payment.amount
    came = Came(Method(stray.method), stray.amount, stray.note)
    settle(
        session, payment.id, actor="staff", person_id=person_id, evidence=stray.note,
        waiting=min(stray.amount, asked),
    )  # fmt: skip
    if stray.amount < asked:
        events.publish(session, PaymentChanged(payment.id))
    if stray.amount > asked:
        write(
            session, StrayKind.OVER, came, stray.amount - asked, payment=payment,
            person_id=person_id, key=f"left:{stray.id.hex}", from_id=stray.id,
        )  # fmt: skip
    target = StrayState.REOPENED if ended else StrayState.MATCHED
    move_stray(session, stray.id, target, actor="staff", person_id=person_id, payment_id=payment.id)
    session.expire(stray)
    return target


def _known_to_be(session: Session, stray: Stray, payment: Payment, kind: StrayKind) -> StrayState:
    stray.kind, stray.payment_id = kind.value, payment.id
    session.flush()
    return StrayState.OPEN
