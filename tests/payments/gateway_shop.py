"""A shop that takes QRIS by code from a stand-in for Midtrans, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import clock
from shop.core.db import db
from shop.orders.models import Order
from shop.payments.check import check_payments
from shop.payments.check_gateway import check_gateway
from shop.payments.make_code import make_code
from shop.payments.models import Payment
from shop.payments.models_gateway import GatewayCode
from shop.payments.states import Method
from tests.factories.payments import make_payment
from tests.factories.sellers import make_seller
from tests.stand_ins.midtrans import SERVER_KEY, StandInMidtrans, running


@contextmanager
def with_midtrans(app: Flask) -> Iterator[StandInMidtrans]:
    """The shop, set up for a stand-in that runs meanwhile."""
    before: Config = app.extensions["config"]
    with running() as stand_in:
        app.extensions["config"] = replace(
            before, midtrans_server_key=SERVER_KEY, midtrans_api_base=stand_in.url
        )
        try:
            yield stand_in
        finally:
            app.extensions["config"] = before


def to_pay(session: Session, *, hours: float = 24) -> Payment:
    """A payment of Rp42.500 by code, for an order of two sellers, without a code yet."""
    payment = make_payment(
        session,
        (make_seller(session), 30_000),
        (make_seller(session, "Melur"), 12_500),
        method=Method.GATEWAY,
        expires_at=clock.now() + timedelta(hours=hours),
    )
    session.commit()
    return payment


def with_code(app: Flask, session: Session, payment: Payment) -> str:
    """Make its code; returns the reference."""
    payment_id = payment.id
    make_code(session, app.extensions["config"], payment_id)
    session.commit()
    return newest(session, payment_id).reference


def newest(session: Session, payment_id: object) -> GatewayCode:
    """The newest code of a payment as it stands now."""
    db.session.rollback()
    return (
        session.scalars(
            select(GatewayCode)
            .where(GatewayCode.payment_id == payment_id)
            .order_by(GatewayCode.made_at.desc(), GatewayCode.id.desc())
            .execution_options(populate_existing=True)
        ).first()
        or never()
    )


def never() -> GatewayCode:
    """What was looked for is not there."""
    raise AssertionError("no code")


def state(session: Session, payment: Payment) -> str:
    """How a payment stands now."""
    db.session.rollback()
    return session.get_one(Payment, payment.id, populate_existing=True).state


def address(session: Session, payment: Payment, act: str = "") -> str:
    """The order's page, or one of the acts on its code."""
    token = session.scalar(select(Order.token).where(Order.id == payment.order_id))
    return f"/o/{token}/{act}/{payment.id}" if act else f"/o/{token}"


def faults(session: Session) -> list[object]:
    """What the checks find."""
    session.expire_all()
    found = [*check_payments(session), *check_gateway(session)]
    return [finding for finding in found if finding.faults]
