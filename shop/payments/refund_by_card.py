"""Money of a card payment that goes back to the card: asked by the outbox, booked once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.config import Config
from shop.core import clock, outbox
from shop.core.lifecycle import IllegalMove, move
from shop.core.money import rupiah
from shop.ledger.models import Entry
from shop.ledger.post import lock_books
from shop.ledger.reverse import reverse
from shop.ledger.states import AccountKind
from shop.payments.asked_elsewhere import refuse_disputed
from shop.payments.left_there import refuse_more
from shop.payments.models import Payment, Refund
from shop.payments.models_stripe import CardRefund, CardRefundEvent
from shop.payments.move import fresh, move_refund
from shop.payments.providers.stripe_back import ToldRefund, read_refund, send_back
from shop.payments.providers.stripe_connect import StripeRefused
from shop.payments.refund import check_sender, mark_paid
from shop.payments.states import REFUND, AskedBack, Method, RefundState
from shop.payments.states_stripe import CARD_REFUND

SEND = "card_refund"
"""The outbox's work of asking Stripe for one refund; its payload names `refund_id`."""
CAME_BACK = "card_refund_failed"
INTENT = "pi_"
"""How the ids of Stripe's payments begin: what such a card payment was settled with."""
_FAILED = ("failed", "canceled")
_PATIENCE = timedelta(hours=1)


class NotByCard(Exception):
    """The money did not come through Stripe, or Stripe said no before."""


def ask(session: Session, refund_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """Leave a refund of a card payment to the workers. Asked twice it goes once.

    Raises `NotByCard`, `OwnGrant`, `IllegalMove`, `InDispute`, and `MoreThanCame` for more than is
    left of what the card paid: the buyer may have paid some of it from her credit.
    """
    payment = fresh(session, session.get_one(Refund, refund_id).payment_id)
    check_sender(session, refund_id, person_id)
    refund = session.get_one(Refund, refund_id)
    if refund.state != RefundState.DUE:
        raise IllegalMove(REFUND.name, RefundState.PAID)
    if payment.method != Method.CARD or not payment.evidence.startswith(INTENT):
        raise NotByCard(refund_id)
    refuse_disputed(session, payment.id)
    known = of_refund(session, refund_id)
    if known is None:
        refuse_more(session, payment, refund)
        session.add(CardRefund(refund_id=refund_id, asked_by=person_id))
    elif known.state != AskedBack.ASKED:
        raise NotByCard(refund_id)
    outbox.send(session, SEND, refund_id=str(refund_id))


def carry_out(session: Session, payload: Mapping[str, Any], config: Config) -> None:
    """Ask Stripe for one refund and book its answer; an outbox handler, safe to repeat.

    What Stripe refuses for good stays due, with its reason, to be sent by hand. Raises
    `StripeUnavailable`: the outbox tries again later.
    """
    refund_id = uuid.UUID(str(payload["refund_id"]))
    known = of_refund(session, refund_id)
    if known is None or known.state != AskedBack.ASKED:
        return
    refund = session.get_one(Refund, refund_id)
    amount, intent = refund.amount, session.get_one(Payment, refund.payment_id).evidence
    session.rollback()  # no transaction stays open while Stripe answers
    try:
        thing = send_back(config, refund_id=refund_id, intent=intent, amount=amount)
    except StripeRefused as fault:
        lock_books(session)
        _end(session, refund_id, AskedBack.REFUSED, said=str(fault))
    else:
        hear_refund(session, read_refund(thing))


def hear_refund(session: Session, told: ToldRefund) -> str:
    """Book what Stripe says of a refund; returns why it could not be, or nothing.

    However often and in whatever order it is said: a failure is the last word.
    """
    lock_books(session)
    known = of_refund(session, told.refund_id) if told.refund_id else None
    if known is None:
        by_hand = select(Refund.id).where(Refund.reference == told.reference)
        return "" if session.scalar(by_hand) else f"{told.reference} was not asked for here"
    refund = session.get_one(Refund, known.refund_id, populate_existing=True)
    if told.amount != refund.amount:
        return f"{told.reference}: {told.amount} went back, {refund.amount} was asked for"
    known.reference = told.reference
    session.flush()
    if told.status in _FAILED:
        _end(session, refund.id, AskedBack.REFUSED, said=told.why)
    elif told.status == "succeeded":
        _end(session, refund.id, AskedBack.DONE)
    return ""


def of_refund(session: Session, refund_id: uuid.UUID) -> CardRefund | None:
    """What Stripe was asked for this refund."""
    return session.scalars(
        select(CardRefund)
        .where(CardRefund.refund_id == refund_id)
        .execution_options(populate_existing=True)
    ).first()


def _end(session: Session, refund_id: uuid.UUID, state: AskedBack, *, said: str = "") -> None:
    row = of_refund(session, refund_id)
    if row is None or AskedBack(row.state) not in CARD_REFUND.sources(state, "provider"):
        return
    was = move(
        session, CARD_REFUND, cast("Table", CardRefund.__table__),
        cast("Table", CardRefundEvent.__table__), row.id, state,
        actor="provider", person_id=None, reason=said or None, extra={"said": said[:200]},
    )  # fmt: skip
    if state is AskedBack.DONE:
        mark_paid(
            session, refund_id, reference=row.reference, person_id=row.asked_by,
            source=AccountKind.CARD,
        )  # fmt: skip
    elif was == AskedBack.DONE:
        _came_back(session, refund_id, said)


def _came_back(session: Session, refund_id: uuid.UUID, why: str) -> None:
    """What was sent did not arrive: it lies at Stripe again, and is due again."""
    move_refund(
        session, refund_id, RefundState.DUE, actor="provider", person_id=None, reason=why,
        reference="", paid_at=None,
    )  # fmt: skip
    refund = session.get_one(Refund, refund_id, populate_existing=True)
    payment = session.get_one(Payment, refund.payment_id)
    sent = session.scalars(
        select(Entry.id).where(Entry.key == f"refund_paid:{refund_id.hex}:card")
    ).one()
    reverse(session, sent, person_id=None, note=why)
    notify.tell_buyer(
        session, payment.order_id, CAME_BACK, event=refund_id.hex,
        amount=rupiah(refund.amount), number=payment.order_number,
    )  # fmt: skip


def overdue(session: Session) -> list[uuid.UUID]:
    """The refunds that Stripe was asked for more than an hour ago and that are not done."""
    return list(
        session.scalars(
            select(CardRefund.refund_id).where(
                CardRefund.state == AskedBack.ASKED.value,
                CardRefund.asked_at < clock.now() - _PATIENCE,
            )
        )
    )
