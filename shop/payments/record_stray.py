"""Writing down money that came and fits no open payment as it came."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, events, ids
from shop.core.money import Rupiah
from shop.ledger.insert_once import insert_once
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.deadline import put_off
from shop.payments.events import PaymentChanged
from shop.payments.models import Payment
from shop.payments.models_stray import Stray
from shop.payments.move import fresh
from shop.payments.settle import settle
from shop.payments.states import Method, PaymentState
from shop.payments.states_stray import StrayKind, StrayState
from shop.payments.ways import WAYS


class FitsExactly(ValueError):
    """It is just what was asked for: the payment itself is to be confirmed."""


class OtherWay(ValueError):
    """This payment is not made by transfer or QRIS to the programme: no such money is for it."""


@dataclass(frozen=True)
class Came:
    """Money as the bank or the acquirer shows it: `amount` rupiah, and the words beside it."""

    method: Method
    amount: int
    note: str = ""


def record(
    session: Session,
    came: Came,
    *,
    payment_id: uuid.UUID | None,
    person_id: uuid.UUID | None,
    key: str,
) -> Stray:
    """Book money that is there; `payment_id` is what it was meant for, where that is known.

    More than was asked for pays what was asked for, and only what is beyond it is stray. Where it
    is less, the buyer's time to pay is put off. The same `key` gives what it made before.
    Raises `FitsExactly`, `OtherWay`, and what `settle` raises.
    """
    if not WAYS[came.method].needs_code:
        raise OtherWay(came.method)
    known = _known(session, key)
    if known is not None:
        return known
    payment = fresh(session, payment_id) if payment_id else None
    kind, stray_amount = _kind(payment, came)
    if payment is not None and kind is StrayKind.OVER:
        settle(session, payment.id, actor="staff", person_id=person_id, evidence=came.note)
    stray = write(
        session, kind, came, stray_amount, payment=payment, person_id=person_id, key=key
    )  # fmt: skip
    if stray is None:
        return _known_one(session, key)
    legs = [
        Leg(WAYS[came.method].lies_in, stray.amount),
        Leg(AccountKind.SUSPENSE, -stray.amount),
    ]
    about = about_stray(stray, payment, person_id)
    post(session, EntryKind.STRAY, f"stray:{stray.id.hex}", legs, about)
    audit.write(
        session, person_id, "stray.record", "stray", stray.id,
        kind=kind, amount=stray.amount, order=payment.order_number if payment else None,
    )  # fmt: skip
    if payment is not None and kind is StrayKind.SHORT and payment.state == PaymentState.PENDING:
        payment.expires_at = put_off(payment.expires_at)
        session.flush()
        events.publish(session, PaymentChanged(payment.id))
    return stray


def write(
    session: Session,
    kind: StrayKind,
    came: Came,
    amount: int,
    *,
    payment: Payment | None,
    person_id: uuid.UUID | None,
    key: str,
    from_id: uuid.UUID | None = None,
) -> Stray | None:
    """The row of stray money, once for each key; None where it stands already."""
    stray_id = ids.new_id()
    written = insert_once(
        session,
        Stray,
        id=stray_id,
        key=key,
        kind=kind.value,
        state=StrayState.OPEN.value,
        method=came.method.value,
        amount=Rupiah(amount),
        payment_id=payment.id if payment else None,
        from_id=from_id,
        note=came.note[:200],
        came_at=clock.now(),
        recorded_by=person_id,
        reference="",
    )
    return session.get_one(Stray, stray_id) if written else None


def about_stray(stray: Stray, payment: Payment | None, person_id: uuid.UUID | None) -> About:
    """What its entries are about."""
    return About(
        person_id=person_id,
        order_id=payment.order_id if payment else None,
        payment_id=payment.id if payment else None,
        note=stray.note,
    )


def _kind(payment: Payment | None, came: Came) -> tuple[StrayKind, int]:
    """What is odd about this money, and how much of it is stray."""
    if payment is None:
        return StrayKind.WRONG, came.amount
    refuse_other(payment)
    if payment.state in (PaymentState.SETTLED, PaymentState.LATE):
        return StrayKind.DOUBLE, came.amount
    if came.amount == payment.amount:
        raise FitsExactly(payment.id)
    if came.amount < payment.amount:
        return StrayKind.SHORT, came.amount
    return StrayKind.OVER, came.amount - payment.amount


def refuse_other(payment: Payment) -> None:
    """Raise `OtherWay` where money that the programme got cannot be for this payment."""
    if payment.collector_id is not None or not WAYS[Method(payment.method)].needs_code:
        raise OtherWay(payment.method)


def _known(session: Session, key: str) -> Stray | None:
    return session.scalars(select(Stray).where(Stray.key == key)).first()


def _known_one(session: Session, key: str) -> Stray:
    return session.scalars(select(Stray).where(Stray.key == key)).one()
