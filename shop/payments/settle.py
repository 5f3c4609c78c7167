"""The money is there: into the books, and on to the orders."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.catalog.reserve import SoldOut
from shop.core import clock, events
from shop.core.lifecycle import IllegalMove
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments import credit
from shop.payments.arrivals import arrival_key
from shop.payments.deadline import put_off, too_late
from shop.payments.events import PaymentCameLate, PaymentChanged, PaymentSettled
from shop.payments.models import Payment
from shop.payments.models_stray import Stray
from shop.payments.move import fresh, move_payment
from shop.payments.move_stray import came_before, move_stray
from shop.payments.refund import return_late
from shop.payments.states import Method, PaymentState
from shop.payments.states_stray import StrayState
from shop.payments.tell_collector import tell_collector
from shop.payments.ways import WAYS

_DONE = frozenset({PaymentState.SETTLED, PaymentState.LATE})
MAY_BE_DRAWN = frozenset({StrayState.OPEN, StrayState.ASKED})


class AlreadySettled(Exception):
    """The money of this payment is in the books already."""


class Gone(Exception):
    """The order cannot be had any more, so the money that waits cannot pay for it."""


def claim(session: Session, payment_id: uuid.UUID) -> None:
    """The buyer says the money was sent. Saying it twice changes nothing.

    Only where a person looks for it: cash and cards speak for themselves. Raises `IllegalMove`.
    """
    payment = fresh(session, payment_id)
    if not WAYS[Method(payment.method)].needs_code:
        raise IllegalMove(f"{payment.method} payment", PaymentState.CLAIMED)
    if payment.state == PaymentState.CLAIMED:
        return
    move_payment(
        session, payment_id, PaymentState.CLAIMED,
        actor="buyer", person_id=None, claimed_at=clock.now(),
    )  # fmt: skip
    tell_collector(session, payment)


def settle(
    session: Session,
    payment_id: uuid.UUID,
    *,
    actor: Literal["staff", "provider", "seller"],
    person_id: uuid.UUID | None,
    evidence: str = "",
    waiting: int | None = None,
) -> PaymentState:
    """Book a transfer, QRIS or card payment and tell the orders; returns `settled` or `late`.

    What a seller collects by herself is hers with its code: the books have it without, in her own
    account. She says that it came (`actor` is `seller`), or staff do.
    Where the order had expired it is taken back if its goods are still there. Where they are not,
    the order ended more than `deadline.MAY_STILL_COME` ago, its credit is used otherwise, or this
    payment was called off, it is `late` and its whole sum is due back to the buyer. A payment for
    the rest of a sum draws what came before from where it waits.
    `waiting` rupiah came before, fitted no payment, and now pay for this one: at most its sum, at
    least its parts, so that only its code is less; what cannot be had raises `Gone` then.
    Raises `AlreadySettled`, `IllegalMove`.
    """
    payment = fresh(session, payment_id)
    state = PaymentState(payment.state)
    if state in _DONE:
        raise AlreadySettled(payment_id)
    if payment.method == Method.CASH or (actor == "seller" and payment.collector_id is None):
        raise IllegalMove(f"{payment.method} payment", PaymentState.SETTLED)
    before = came_before(session, payment_id)
    gone = _is_gone(session, payment, state, before)
    if gone and waiting is not None:
        raise Gone(payment_id)
    target = PaymentState.LATE if gone else PaymentState.SETTLED
    less = 0 if waiting is None else payment.amount - waiting
    move_payment(
        session, payment_id, target, actor=actor, person_id=person_id,
        settled_at=clock.now(), settled_by=person_id, evidence=evidence[:200],
        amount=payment.amount - less, unique_code=payment.unique_code - less,
    )  # fmt: skip
    session.refresh(payment)
    if actor != "provider":
        audit.write(
            session, person_id, "payment.confirm", "payment", payment_id,
            order=payment.order_number, amount=payment.amount, evidence=evidence, state=target,
        )  # fmt: skip
    lies_in = WAYS[Method(payment.method)].lies_in
    if gone:
        return_late(session, payment, lies_in, person_id)
    else:
        source = lies_in if waiting is None else AccountKind.SUSPENSE
        book_paid(session, payment, source, before, actor=actor, person_id=person_id)
        events.publish(session, PaymentSettled(payment_id))
    return target


def book_paid(
    session: Session,
    payment: Payment,
    source: AccountKind,
    before: Stray | None,
    *,
    actor: str,
    person_id: uuid.UUID | None,
) -> None:
    """Hold the money of a payment for its sellers: from `source`, what came `before`, her credit.

    What a seller collects by herself is in her own account.
    """
    if payment.collector_id is not None:
        own = [Leg(AccountKind.OWN, part.amount, part.seller_id) for part in payment.parts]
        _book(session, EntryKind.OWN_RECEIVED, payment, own, person_id)
        return
    legs = [Leg(source, payment.amount), *credit.legs_of(payment)]
    if before is not None:
        legs.append(Leg(AccountKind.SUSPENSE, before.amount))
        move_stray(session, before.id, StrayState.TOPPED_UP, actor=actor, person_id=person_id)
    entry_id = _book(session, EntryKind.ORDER_PAID, payment, legs, person_id)
    credit.write_lines(session, payment, entry_id)


def _is_gone(session: Session, payment: Payment, state: PaymentState, before: Stray | None) -> bool:
    """Whether what this payment was for cannot be had any more; an expired order is asked for."""
    if state is PaymentState.CANCELLED:
        return True
    if before is not None and before.state not in MAY_BE_DRAWN:
        return True
    return state is PaymentState.EXPIRED and (
        too_late(payment.expires_at)
        or not credit.still_there(session, payment)
        or not taken_back(session, payment.id)
    )


def settle_cash(session: Session, payment_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """The seller has the buyer's cash in her hand. Raises `AlreadySettled`, `IllegalMove`."""
    payment = fresh(session, payment_id)
    if payment.state in _DONE:
        raise AlreadySettled(payment_id)
    if payment.method != Method.CASH:
        raise IllegalMove(f"{payment.method} payment", PaymentState.SETTLED)
    move_payment(
        session, payment_id, PaymentState.SETTLED, actor="seller", person_id=person_id,
        settled_at=clock.now(), settled_by=person_id,
    )  # fmt: skip
    legs = [Leg(AccountKind.CASH, part.amount, part.seller_id) for part in payment.parts]
    _book(session, EntryKind.CASH_RECEIVED, payment, legs, person_id)
    events.publish(session, PaymentSettled(payment_id))


def not_arrived(
    session: Session,
    payment_id: uuid.UUID,
    *,
    person_id: uuid.UUID | None,
    reason: str = "",
    actor: Literal["staff", "seller"] = "staff",
) -> datetime:
    """Who looked did not find what the buyer says was sent; returns the new deadline.

    Her time may have run out meanwhile, so she gets some more. `actor` is `seller` for what she
    collects by herself. Raises `IllegalMove`.
    """
    payment = fresh(session, payment_id)
    mine = actor == "staff" or payment.collector_id is not None
    if payment.state != PaymentState.CLAIMED or not mine:
        raise IllegalMove(f"{payment.method} payment", PaymentState.PENDING)
    until = put_off(payment.expires_at)
    move_payment(
        session, payment_id, PaymentState.PENDING, actor=actor, person_id=person_id,
        reason=reason or None, claimed_at=None, expires_at=until,
    )  # fmt: skip
    audit.write(session, person_id, "payment.not_arrived", "payment", payment_id, reason=reason)
    events.publish(session, PaymentChanged(payment_id))
    return until


def taken_back(session: Session, payment_id: uuid.UUID) -> bool:
    """Ask the orders to take an expired order back; False where its goods are gone."""
    try:
        with session.begin_nested():
            events.publish(session, PaymentCameLate(payment_id))
    except SoldOut:
        return False
    return True


def _book(
    session: Session,
    kind: EntryKind,
    payment: Payment,
    legs: list[Leg],
    person_id: uuid.UUID | None,
) -> uuid.UUID:
    held = [Leg(AccountKind.HELD, -part.amount, part.seller_id) for part in payment.parts]
    about = About(
        person_id=person_id,
        order_id=payment.order_id,
        seller_order_id=payment.parts[0].seller_order_id if len(payment.parts) == 1 else None,
        payment_id=payment.id,
    )
    return post(session, kind, arrival_key(session, payment.id), legs + held, about)
