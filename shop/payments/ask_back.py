"""Asking a gateway how its codes stand: the only way by which money of this kind is booked."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import clock
from shop.payments.book_code import book
from shop.payments.models import Payment
from shop.payments.models_gateway import GatewayCode
from shop.payments.providers.acquirer import (
    Acquirer,
    GatewayRefused,
    GatewayUnreachable,
    Standing,
)
from shop.payments.providers.gateway import ACQUIRERS
from shop.payments.states import Method, PaymentState

OPEN = (Standing.UNKNOWN.value, Standing.PENDING.value)
SOON = timedelta(minutes=1)
AT_ONCE = 50
_GIVE_UP_AFTER = 3
_NOT_AGAIN_FOR = timedelta(seconds=5)
log = structlog.get_logger()


def ask(session: Session, config: Config, code_id: uuid.UUID) -> Standing:
    """Ask how one code stands, and book what that says. Commits; no transaction is open meanwhile.

    A code that ran out, or whose payment is not waited for, is ended at the gateway first, so that
    its answer holds. Raises `GatewayUnreachable`; then it is asked again soon by the clock.
    """
    code = session.get_one(GatewayCode, code_id, populate_existing=True)
    payment = session.get_one(Payment, code.payment_id, populate_existing=True)
    acquirer, reference = _acquirer(config, code.provider), code.reference
    now = clock.now()
    ran_out = code.expires_at <= now or _over(payment.expires_at, now)
    unwanted = ran_out or payment.state != PaymentState.PENDING
    to_end = unwanted and code.standing in OPEN
    session.commit()
    try:
        if to_end:
            _end(acquirer, reference, ran_out=ran_out)
        status = acquirer.status(reference)
    except (GatewayRefused, GatewayUnreachable) as fault:
        log.warning("gateway not asked", reference=reference, error=f"{fault!r}")
        session.get_one(GatewayCode, code_id).ask_at = clock.now() + SOON
        session.commit()
        raise GatewayUnreachable(str(fault)) from None
    book(session, code_id, status)
    session.commit()
    return status.standing


def ask_all(session: Session, config: Config, payment_id: uuid.UUID) -> None:
    """Ask about every code of a payment that may still bring money. Raises `GatewayUnreachable`.

    Whoever presses the button again and again is not passed on to the gateway each time.
    """
    for code_id in _open_codes(session, payment_id, clock.now() - _NOT_AGAIN_FOR):
        ask(session, config, code_id)


def end_codes(session: Session, config: Config, payment_id: uuid.UUID) -> None:
    """The buyer pays another way: nobody shall pay these codes any more, as far as can be helped.

    One that was paid already is booked. Raises `GatewayUnreachable`.
    """
    for code_id in _open_codes(session, payment_id, clock.now()):
        code = session.get_one(GatewayCode, code_id)
        acquirer, reference = _acquirer(config, code.provider), code.reference
        session.commit()
        try:
            _end(acquirer, reference, ran_out=False)
        except GatewayRefused as fault:
            raise GatewayUnreachable(str(fault)) from None
        ask(session, config, code_id)


def ask_due(session: Session, config: Config) -> int:
    """Ask about the codes whose time it is, oldest first; returns how many answers came.

    Where the gateway is down it is left in peace until the next time.
    """
    answers = silent = 0
    for code_id in _due(session):
        try:
            ask(session, config, code_id)
        except GatewayUnreachable:
            silent += 1
            if silent == _GIVE_UP_AFTER:
                break
        except Exception as fault:  # noqa: BLE001 - the others must be asked about all the same
            session.rollback()
            log.error("code not booked", code=str(code_id), error=type(fault).__name__)
            session.get_one(GatewayCode, code_id).ask_at = clock.now() + timedelta(hours=1)
            session.commit()
        else:
            answers += 1
    return answers


def _due(session: Session) -> list[uuid.UUID]:
    unwanted = (Payment.state != PaymentState.PENDING.value) & GatewayCode.standing.in_(OPEN)
    not_lately = (GatewayCode.asked_at.is_(None)) | (
        GatewayCode.asked_at < clock.now() - timedelta(minutes=5)
    )
    rows = session.scalars(
        select(GatewayCode.id)
        .join(Payment, Payment.id == GatewayCode.payment_id)
        .where(
            Payment.method == Method.GATEWAY.value,
            GatewayCode.ask_at.is_not(None),
            or_(GatewayCode.ask_at <= clock.now(), unwanted & not_lately),
        )
        .order_by(GatewayCode.ask_at)
        .limit(AT_ONCE)
    )
    return list(rows)


def _open_codes(session: Session, payment_id: uuid.UUID, not_since: datetime) -> list[uuid.UUID]:
    return list(
        session.scalars(
            select(GatewayCode.id)
            .where(
                GatewayCode.payment_id == payment_id,
                GatewayCode.standing.in_(OPEN),
                or_(GatewayCode.asked_at.is_(None), GatewayCode.asked_at <= not_since),
            )
            .order_by(GatewayCode.made_at, GatewayCode.id)
        )
    )


def _end(acquirer: Acquirer, reference: str, *, ran_out: bool) -> None:
    """End it where it can be ended; where it cannot, its status says why."""
    try:
        acquirer.end(reference, ran_out=ran_out)
    except GatewayRefused as fault:
        log.info("code not ended", reference=reference, said=str(fault))


def _acquirer(config: Config, name: str) -> Acquirer:
    made = ACQUIRERS[name](config) if name in ACQUIRERS else None
    if made is None:
        raise GatewayUnreachable(f"{name} is not set up")
    return made


def _over(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
