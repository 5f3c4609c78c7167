"""A code for a payment: written down first, then asked for, then kept to be drawn."""

from __future__ import annotations

import uuid
from datetime import timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import clock, ids
from shop.ledger.insert_once import insert_once
from shop.payments.models import Payment
from shop.payments.models_gateway import GatewayCode
from shop.payments.move import fresh
from shop.payments.providers.acquirer import (
    Code,
    GatewayRefused,
    GatewayUnreachable,
    Standing,
)
from shop.payments.providers.gateway import acquirer_of
from shop.payments.qris import BadQris, QrisFault, read
from shop.payments.states import Method, PaymentState

LIVES = timedelta(minutes=60)
"""How long a code can be paid, where its order stands that long."""
UNDER_WAY = timedelta(minutes=1)
"""How long nobody asks for another code while one is being made."""
HARMLESS = frozenset({QrisFault.BAD_FIELD, QrisFault.MISSING_FIELD})
"""Gateways' test codes break these rules. Their check sum fits and no real app pays them."""
log = structlog.get_logger()


class NoCode(Exception):
    """The gateway made no code; nothing was charged."""


class NotPayable(Exception):
    """This payment is not, or no longer, made with a code."""


def make_first(session: Session, config: Config, order_id: uuid.UUID) -> None:
    """A code for an order just placed, if it is paid so. Commits it; without a code it stands too.

    The buyer can ask for the code again on the order's page.
    """
    session.commit()  # nobody pays for an order that a crash could take back
    for payment_id in session.scalars(
        select(Payment.id).where(
            Payment.order_id == order_id,
            Payment.method == Method.GATEWAY.value,
            Payment.state == PaymentState.PENDING.value,
        )
    ).all():
        try:
            make_code(session, config, payment_id)
        except NoCode:
            log.warning("no code for an order", payment=str(payment_id))


def make_code(session: Session, config: Config, payment_id: uuid.UUID) -> None:
    """See that this payment has a code that can be paid; pressed twice it is the same one.

    The attempt is committed before the gateway is asked, so that a crash in between leaves its
    reference to be asked about. Raises `NotPayable`, `NoCode`.
    """
    payment, acquirer = fresh(session, payment_id), acquirer_of(config)
    now = clock.now()
    end = payment.expires_at or now + LIVES
    waits = payment.method == Method.GATEWAY and payment.state == PaymentState.PENDING
    if not waits or end <= now:
        raise NotPayable
    if acquirer is None:
        raise NoCode("no gateway")
    if live_code(session, payment_id) is not None:
        return
    minutes = max(1, int(min(LIVES, end - now) / timedelta(minutes=1)))
    amount, words = payment.amount, f"Pesanan {payment.order_number}"
    code_id, reference = _write_down(session, payment, acquirer.name, minutes)
    session.commit()
    try:
        made = acquirer.make(reference, amount, minutes, words)
        _check(made, amount)
    except (GatewayRefused, GatewayUnreachable, BadQris) as fault:
        log.warning("no code", reference=reference, error=f"{type(fault).__name__} {fault}")
        _without(session, code_id, refused=isinstance(fault, GatewayRefused))
        raise NoCode from fault
    row = session.get_one(GatewayCode, code_id, populate_existing=True, with_for_update=True)
    row.text, row.transaction_id = made.text, made.transaction_id
    if row.standing == Standing.UNKNOWN:  # or somebody asked already, and knows better
        row.standing = Standing.PENDING.value
    row.expires_at = min(made.expires_at or row.expires_at, end)
    session.flush()


def live_code(session: Session, payment_id: uuid.UUID) -> GatewayCode | None:
    """The newest code of a payment that can be paid now, or is being made at this moment."""
    now = clock.now()
    return session.scalars(
        select(GatewayCode)
        .where(
            GatewayCode.payment_id == payment_id,
            GatewayCode.expires_at > now,
            ((GatewayCode.standing == Standing.PENDING.value) & (GatewayCode.text != ""))
            | ((GatewayCode.standing == Standing.UNKNOWN.value) & (GatewayCode.ask_at > now)),
        )
        .order_by(GatewayCode.made_at.desc(), GatewayCode.id.desc())
    ).first()


def _write_down(
    session: Session, payment: Payment, provider: str, minutes: int
) -> tuple[uuid.UUID, str]:
    """The next attempt of this order: a gateway takes each reference once."""
    made = session.scalar(
        select(func.count())
        .select_from(GatewayCode)
        .join(Payment, Payment.id == GatewayCode.payment_id)
        .where(Payment.order_id == payment.order_id)
    )
    code_id, reference = ids.new_id(), f"{payment.order_number}-{(made or 0) + 1}"
    now = clock.now()
    written = insert_once(
        session, GatewayCode,
        id=code_id, payment_id=payment.id, provider=provider, reference=reference,
        amount=payment.amount, text="", transaction_id="", standing=Standing.UNKNOWN.value, said="",
        made_at=now, expires_at=now + timedelta(minutes=minutes), ask_at=now + UNDER_WAY,
    )  # fmt: skip
    if not written:
        raise NoCode("somebody else is making it")
    return code_id, reference


def _check(made: Code, amount: int) -> None:
    """Whether the code is sound and asks for this sum. Raises `BadQris`, `GatewayUnreachable`."""
    try:
        code = read(made.text)
    except BadQris as fault:
        if fault.fault not in HARMLESS:
            raise
        return
    if code.amount is not None and code.amount != amount:
        raise GatewayUnreachable("the code asks for another sum")


def _without(session: Session, code_id: uuid.UUID, *, refused: bool) -> None:
    """Nothing to show for this attempt; unless it was refused, it may exist all the same."""
    row = session.get_one(GatewayCode, code_id)
    row.ask_at = clock.now()  # from now on another one may be made
    if refused:
        row.standing, row.ask_at = Standing.ENDED.value, None
    session.flush()
