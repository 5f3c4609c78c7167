"""Stray money that goes back to its buyer, or to the programme's fund."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.core.money import rupiah
from shop.ledger.paid_out import NoReference
from shop.ledger.post import Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.models import Payment
from shop.payments.models_stray import Stray
from shop.payments.move_stray import fresh_stray, move_stray
from shop.payments.record_stray import about_stray
from shop.payments.refund import SENT, OwnGrant
from shop.payments.states import Method
from shop.payments.states_stray import STRAY, StrayKind, StrayState
from shop.payments.ways import WAYS


def send_back(session: Session, stray_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """Decide that it goes back; somebody else sends it. Raises `IllegalMove`."""
    move_stray(
        session, stray_id, StrayState.DUE,
        actor="staff", person_id=person_id, decided_at=clock.now(), decided_by=person_id,
    )  # fmt: skip
    audit.write(session, person_id, "stray.send_back", "stray", stray_id)


def keep(session: Session, stray_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """It was not right that it goes back: it waits again. Raises `IllegalMove`."""
    if fresh_stray(session, stray_id).state != StrayState.DUE:
        raise IllegalMove(STRAY.name, StrayState.OPEN)
    move_stray(
        session, stray_id, StrayState.OPEN,
        actor="staff", person_id=person_id, decided_at=None, decided_by=None,
    )  # fmt: skip
    audit.write(session, person_id, "stray.keep", "stray", stray_id)


def mark_sent(
    session: Session, stray_id: uuid.UUID, *, reference: str, person_id: uuid.UUID | None
) -> None:
    """It was sent back, under this reference, by somebody else than who decided so.

    Raises `NoReference`, `OwnGrant`, `IllegalMove`.
    """
    if not reference.strip():
        raise NoReference
    stray = fresh_stray(session, stray_id)
    if stray.decided_by is not None and stray.decided_by == person_id:
        raise OwnGrant(stray_id)
    move_stray(
        session, stray_id, StrayState.REFUNDED,
        actor="staff", person_id=person_id, sent_at=clock.now(), reference=reference.strip()[:60],
    )  # fmt: skip
    source = WAYS[Method(stray.method)].goes_back_from
    payment = _end(session, stray, Leg(source, -stray.amount), person_id)
    audit.write(
        session, person_id, "stray.sent", "stray", stray_id,
        amount=stray.amount, reference=reference.strip()[:60],
    )  # fmt: skip
    if payment is not None:
        notify.tell_buyer(
            session, payment.order_id, SENT, event=stray_id.hex, amount=rupiah(stray.amount),
            number=payment.order_number, reference=reference.strip()[:60],
        )  # fmt: skip


def to_fund(session: Session, stray_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """The programme keeps what somebody paid beyond her order, as it keeps the codes.

    Raises `IllegalMove`, also for money that is not the rest of a paid order.
    """
    stray = fresh_stray(session, stray_id)
    if stray.kind != StrayKind.OVER:
        raise IllegalMove(STRAY.name, StrayState.FUND)
    move_stray(session, stray_id, StrayState.FUND, actor="staff", person_id=person_id)
    _end(session, stray, Leg(AccountKind.SURPLUS, -stray.amount), person_id)
    audit.write(session, person_id, "stray.fund", "stray", stray_id, amount=stray.amount)


def _end(session: Session, stray: Stray, leg: Leg, person_id: uuid.UUID | None) -> Payment | None:
    payment = session.get(Payment, stray.payment_id) if stray.payment_id else None
    legs = [Leg(AccountKind.SUSPENSE, stray.amount), leg]
    about = about_stray(stray, payment, person_id)
    post(session, EntryKind.STRAY_ENDED, f"stray_ended:{stray.id.hex}", legs, about)
    session.expire(stray)
    return payment
