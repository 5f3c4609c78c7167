"""The buyer has what she ordered: the seller has earned it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import structlog
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.settings import load_settings
from shop.ledger.earn import earn
from shop.orders.models import SellerOrder
from shop.orders.move import held_payments, move_part
from shop.orders.states import SellerOrderState
from shop.orders.worth import worth
from shop.payments.models import Payment, PaymentPart
from shop.payments.states import Method, PaymentState

log = structlog.get_logger()


class CashNotReceived(Exception):
    """The seller has not yet said that she got the cash, so there is nothing to earn."""


def complete(
    session: Session,
    seller_order_id: uuid.UUID,
    actor: str,
    person_id: uuid.UUID | None = None,
) -> None:
    """Close a handed-over part and book what the seller earned of it, once.

    `actor` is `buyer`, `clock` or `staff`. Raises `IllegalMove`, `CashNotReceived`.
    """
    payment = held_payments(session, [seller_order_id]).get(seller_order_id)
    part = session.get_one(SellerOrder, seller_order_id, populate_existing=True)
    paid = payment is not None and payment.state == PaymentState.SETTLED
    in_own = payment is not None and payment.collector_id is not None
    found = worth(session, part)
    if part.state in (SellerOrderState.HANDED_OVER, SellerOrderState.DISPUTED) and not paid:
        raise CashNotReceived
    move_part(
        session, seller_order_id, SellerOrderState.COMPLETED,
        actor=actor, person_id=person_id, completed_at=clock.now(),
    )  # fmt: skip
    earn(
        session,
        seller_id=part.seller_id,
        order_id=part.order_id,
        seller_order_id=part.id,
        amount=found.stands,
        fee=found.fee,
        subsidy=found.subsidy,
        in_cash=part.order.method == Method.CASH and (payment is None or not payment.carrier_id),
        in_own=in_own,
        cash_taken=found.asked,
        person_id=person_id,
    )


def complete_due(session: Session) -> int:
    """Close every part that was handed over long enough ago without a word; returns how many.

    How long is the shop's setting. A part whose cash was not received waits for a person, and one
    that cannot close keeps no other from closing.
    """
    before = clock.now() - timedelta(days=load_settings(session).completed_after_days)
    paid = exists().where(
        PaymentPart.seller_order_id == SellerOrder.id,
        PaymentPart.payment_id == Payment.id,
        Payment.state == PaymentState.SETTLED.value,
    )
    due = session.scalars(
        select(SellerOrder.id)
        .where(
            SellerOrder.state == SellerOrderState.HANDED_OVER.value,
            SellerOrder.handed_over_at <= before,
            paid,
        )
        .order_by(SellerOrder.handed_over_at)
    ).all()
    held_payments(session, due)
    closed = 0
    for part_id in due:
        try:
            with session.begin_nested():
                complete(session, part_id, actor="clock")
        except Exception as fault:  # noqa: BLE001 - the others must close all the same
            log.error("part not completed", part=str(part_id), error=type(fault).__name__)
        else:
            closed += 1
    return closed
