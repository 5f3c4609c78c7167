"""Stray money becomes credit of the buyer who sent it, instead of going back to her."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core.lifecycle import IllegalMove
from shop.core.money import rupiah
from shop.ledger.post import Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.credit import write_line
from shop.payments.models import Payment
from shop.payments.models_credit import CreditKind
from shop.payments.move_stray import fresh_stray, move_stray
from shop.payments.record_stray import about_stray
from shop.payments.states_stray import STRAY, StrayKind, StrayState

CREDITED = "money_credited"


class NoAccount(Exception):
    """Its buyer ordered without signing in: credit would be nobody's."""


class OwnCredit(PermissionError):
    """Nobody gives credit to herself."""


def to_credit(
    session: Session,
    stray_id: uuid.UUID,
    *,
    person_id: uuid.UUID | None,
    payment_id: uuid.UUID | None = None,
) -> None:
    """What came twice, too much or for an unknown order is its buyer's credit from now on.

    `payment_id` says whose it is where that was not known; she is told. Raises `NoAccount`,
    `OwnCredit`, and `IllegalMove` where it is decided already, too little was sent, or nobody
    knows whose it is.
    """
    stray = fresh_stray(session, stray_id)
    payment = session.get(Payment, stray.payment_id or payment_id or stray_id)
    if stray.kind == StrayKind.SHORT or payment is None:
        raise IllegalMove(STRAY.name, StrayState.CREDITED)
    if payment.buyer_id is None:
        raise NoAccount(payment.id)
    if payment.buyer_id == person_id:
        raise OwnCredit(stray_id)
    move_stray(
        session, stray_id, StrayState.CREDITED,
        actor="staff", person_id=person_id, payment_id=payment.id,
    )  # fmt: skip
    legs = [Leg(AccountKind.SUSPENSE, stray.amount), Leg(AccountKind.CREDIT, -stray.amount)]
    about = about_stray(stray, payment, person_id)
    entry_id = post(session, EntryKind.STRAY_ENDED, f"stray_ended:{stray.id.hex}", legs, about)
    write_line(session, payment, entry_id, CreditKind.STRAY, stray.amount)
    audit.write(
        session, person_id, "stray.credit", "stray", stray_id,
        amount=stray.amount, order=payment.order_number,
    )  # fmt: skip
    notify.tell_buyer(
        session, payment.order_id, CREDITED, event=stray_id.hex,
        amount=rupiah(stray.amount), number=payment.order_number,
    )  # fmt: skip
    session.expire(stray)
