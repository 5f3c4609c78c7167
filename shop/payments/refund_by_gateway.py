"""Money that goes back the way it came, where the gateway and the buyer's app can do that."""

from __future__ import annotations

import uuid
from typing import Any, cast

import structlog
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import clock
from shop.core.lifecycle import IllegalMove, move
from shop.ledger.states import AccountKind
from shop.payments.left_there import refuse_more
from shop.payments.models import Payment, Refund
from shop.payments.models_gateway import GatewayCode, GatewayRefund, GatewayRefundEvent
from shop.payments.move import fresh
from shop.payments.providers.acquirer import (
    Acquirer,
    GatewayRefused,
    GatewayUnreachable,
    Standing,
)
from shop.payments.providers.gateway import ACQUIRERS
from shop.payments.refund import check_sender, mark_paid
from shop.payments.states import ASKED_BACK, REFUND, AskedBack, RefundState

log = structlog.get_logger()


class NotThroughGateway(Exception):
    """No gateway took this money, it is not set up any more, or it said no before."""


def send_back(
    session: Session, config: Config, refund_id: uuid.UUID, *, person_id: uuid.UUID | None
) -> AskedBack:
    """Ask the gateway to send a refund back, and book it once that is done.

    `refused` is for good: a person sends it by hand then. Without an answer nobody can send it
    another way; pressed again, the gateway is asked first what became of it. The refund's id is
    its key there. Raises `NotThroughGateway`, `OwnGrant`, `IllegalMove`, `GatewayUnreachable`, and
    `MoreThanCame` for more than is left of what came by code, before it is asked.
    """
    payment = fresh(session, session.get_one(Refund, refund_id).payment_id)
    check_sender(session, refund_id, person_id)
    refund = session.get_one(Refund, refund_id)
    code = paid_code(session, payment.id)
    make = ACQUIRERS.get(code.provider) if code else None
    acquirer = make(config) if make else None
    if refund.state != RefundState.DUE:
        raise IllegalMove(REFUND.name, RefundState.PAID)
    if code is None or acquirer is None:
        raise NotThroughGateway
    asked, first = _asked(session, payment, refund, code.id, person_id)
    if asked.state != AskedBack.ASKED:
        raise NotThroughGateway
    asked_id, reference, key, amount = asked.id, code.reference, refund_id.hex, refund.amount
    number = payment.order_number
    session.commit()
    said = _carry_out(acquirer, reference, key, amount, f"Pesanan {number}", first=first)
    check_sender(session, refund_id, person_id)
    state = AskedBack.REFUSED if said else AskedBack.DONE
    _move(session, asked_id, state, person_id, said=said)
    if state is AskedBack.DONE:
        mark_paid(
            session, refund_id, reference=f"{acquirer.name} {reference}"[:60],
            person_id=person_id, source=AccountKind.GATEWAY,
        )  # fmt: skip
    return state


def paid_code(session: Session, payment_id: uuid.UUID) -> GatewayCode | None:
    """The code by which a payment's money came."""
    return session.scalars(
        select(GatewayCode).where(
            GatewayCode.payment_id == payment_id,
            GatewayCode.standing.in_((Standing.PAID.value, Standing.RETURNED.value)),
        )
    ).first()


def _asked(
    session: Session,
    payment: Payment,
    refund: Refund,
    code_id: uuid.UUID,
    person_id: uuid.UUID | None,
) -> tuple[GatewayRefund, bool]:
    known = session.scalars(
        select(GatewayRefund)
        .where(GatewayRefund.refund_id == refund.id)
        .execution_options(populate_existing=True)
    ).first()
    if known is not None:
        return known, False
    refuse_more(session, payment, refund)
    row = GatewayRefund(refund_id=refund.id, code_id=code_id, asked_by=person_id)
    session.add(row)
    session.flush()
    return row, True


def _carry_out(
    acquirer: Acquirer, reference: str, key: str, amount: int, words: str, *, first: bool
) -> str:
    """Have it sent, once; returns why the gateway refused for good, or nothing.

    Raises `GatewayUnreachable`.
    """
    try:
        if not first and key in acquirer.status(reference).refunds:
            return ""
        acquirer.refund(reference, key, amount, words)
    except GatewayRefused as fault:
        log.warning("refund refused", reference=reference, said=str(fault))
        try:
            done = key in acquirer.status(reference).refunds
        except GatewayRefused:
            raise GatewayUnreachable("it does not say what became of it") from None
        return "" if done else (str(fault) or "refused")
    return ""


def _move(
    session: Session, asked_id: uuid.UUID, state: AskedBack, person_id: uuid.UUID | None, said: str
) -> None:
    more: dict[str, Any] = {"said": said[:80], "asked_at": clock.now()}
    move(
        session, ASKED_BACK, cast("Table", GatewayRefund.__table__),
        cast("Table", GatewayRefundEvent.__table__), asked_id, state,
        actor="provider", person_id=person_id, reason=said or None, extra=more,
    )  # fmt: skip
