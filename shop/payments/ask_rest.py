"""Asking a buyer who sent too little for the rest."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import events
from shop.core.lifecycle import IllegalMove
from shop.core.money import rupiah
from shop.payments.credit import buyer_of
from shop.payments.deadline import put_off
from shop.payments.events import PaymentChanged
from shop.payments.match_stray import least_for
from shop.payments.models import Payment
from shop.payments.move import fresh, move_payment
from shop.payments.move_stray import fresh_stray, move_stray
from shop.payments.start import start_with_code
from shop.payments.states import Method, PaymentState
from shop.payments.states_stray import STRAY, StrayKind, StrayState

ASKED = "rest_asked"


def ask_rest(session: Session, stray_id: uuid.UUID, *, person_id: uuid.UUID | None) -> Payment:
    """Call the first payment off and ask for what is missing to the goods, with a code of its own.

    The buyer gets time to pay once more and is told. Returns the payment for the rest.
    Raises `IllegalMove` where nothing is missing but the code, or the order is not to be paid any
    more, and `start.NoFreeCode` with nothing changed.
    """
    stray = fresh_stray(session, stray_id)
    if stray.kind != StrayKind.SHORT or stray.state != StrayState.OPEN or not stray.payment_id:
        raise IllegalMove(STRAY.name, StrayState.ASKED)
    payment = fresh(session, stray.payment_id)
    missing = least_for(session, payment) - stray.amount
    if missing < 1 or stray.rest_id is not None:
        raise IllegalMove(STRAY.name, StrayState.ASKED)
    with session.begin_nested():
        move_payment(
            session, payment.id, PaymentState.CANCELLED,
            actor="staff", person_id=person_id, reason="the rest is asked for instead",
        )  # fmt: skip
        rest = start_with_code(
            session,
            order_id=payment.order_id,
            order_number=payment.order_number,
            method=Method(payment.method),
            parts=[(part.seller_order_id, part.seller_id, part.amount) for part in payment.parts],
            key=f"rest:{stray_id.hex}",
            expires_at=put_off(payment.expires_at),
            came_before=stray.amount,
            buyer=buyer_of(payment),
        )
        move_stray(
            session, stray_id, StrayState.ASKED,
            actor="staff", person_id=person_id, rest_id=rest.id,
        )  # fmt: skip
        events.publish(session, PaymentChanged(rest.id))
    session.expire(stray)
    audit.write(
        session, person_id, "stray.ask", "stray", stray_id,
        order=payment.order_number, amount=rest.amount,
    )  # fmt: skip
    notify.tell_buyer(
        session, payment.order_id, ASKED, event=stray_id.hex,
        number=payment.order_number, amount=rupiah(rest.amount),
    )  # fmt: skip
    return rest
