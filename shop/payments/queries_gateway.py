"""Reading gateways' codes, refunds through them, and their days, for pages."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.qr import qr_svg
from shop.ledger.post import balance
from shop.ledger.states import AccountKind
from shop.payments.make_code import live_code
from shop.payments.models import Payment, Refund
from shop.payments.models_gateway import Acquired, GatewayCode, GatewayRefund
from shop.payments.providers.acquirer import Standing
from shop.payments.qris import BadQris, picture_svg
from shop.payments.states import AskedBack, Method, PaymentState, RefundState

SHOWN_DAYS = 62


@dataclass(frozen=True)
class ShownCode:
    """A code on its order's page; without `text` it is being made at this moment."""

    text: str
    expires_at: datetime

    def picture(self, label: str) -> Markup:
        """The code as an inline picture; `label` is its spoken name."""
        try:
            return picture_svg(self.text, label)
        except BadQris:  # a gateway's test code; see `make_code.HARMLESS`
            return qr_svg(self.text, label)


def shown_code(session: Session, payment: Payment | None) -> ShownCode | None:
    """The code by which a payment can be made now."""
    if payment is None or payment.method != Method.GATEWAY:
        return None
    code = live_code(session, payment.id)
    return ShownCode(code.text, code.expires_at) if code else None


def asked_back(session: Session, refunds: Collection[Refund]) -> Mapping[uuid.UUID, str]:
    """How refunds stand that could go through a gateway: `can`, `asked` or `refused`."""
    wanted = [refund.id for refund in refunds]
    asked = select(GatewayRefund.refund_id, GatewayRefund.state).where(
        GatewayRefund.refund_id.in_(wanted), GatewayRefund.state != AskedBack.DONE.value
    )
    paid = exists().where(
        GatewayCode.payment_id == Refund.payment_id,
        GatewayCode.standing.in_((Standing.PAID.value, Standing.RETURNED.value)),
    )
    can = select(Refund.id).where(Refund.id.in_(wanted), paid)
    return dict.fromkeys(session.scalars(can), "can") | {
        row.refund_id: row.state for row in session.execute(asked)
    }


@dataclass(frozen=True)
class GatewayDay:
    """A day's sales by code, less what went back by the gateway, and what was booked for it.

    In rupiah. `difference` is what our books have more than the gateway paid for.
    """

    day: date
    came: int
    back: int
    booked: tuple[Acquired, ...]

    @property
    def gross(self) -> int:
        """What the gateway says was sold."""
        return sum(row.gross for row in self.booked)

    @property
    def difference(self) -> int:
        """0 where both say the same."""
        return self.came - self.back - self.gross


def gateway_days(session: Session) -> list[GatewayDay]:
    """The latest days on which something came, went back or was booked, newest first."""
    since = clock.today() - timedelta(days=SHOWN_DAYS)
    came: dict[date, int] = defaultdict(int)
    back: dict[date, int] = defaultdict(int)
    booked: dict[date, list[Acquired]] = defaultdict(list)
    for moment, amount in session.execute(
        select(Payment.settled_at, Payment.amount).where(
            Payment.method == Method.GATEWAY.value,
            Payment.state.in_((PaymentState.SETTLED.value, PaymentState.LATE.value)),
            Payment.settled_at >= clock.day_start(since),
        )
    ):
        came[_day(moment)] += amount
    for moment, amount in session.execute(
        select(Refund.paid_at, Refund.amount)
        .join(GatewayRefund, GatewayRefund.refund_id == Refund.id)
        .where(
            GatewayRefund.state == AskedBack.DONE.value,
            Refund.state == RefundState.PAID.value,
            Refund.paid_at >= clock.day_start(since),
        )
    ):
        back[_day(moment)] += amount
    for row in session.scalars(
        select(Acquired).where(Acquired.day >= since).order_by(Acquired.booked_at)
    ):
        booked[row.day].append(row)
    return [
        GatewayDay(day, came[day], back[day], tuple(booked[day]))
        for day in sorted({*came, *back, *booked}, reverse=True)
    ]


def _day(moment: datetime | None) -> date:
    return clock.local_day(moment or clock.now())


def lies_there(session: Session) -> int:
    """What gateways still have to pay into the bank by our books, in rupiah."""
    return balance(session, AccountKind.GATEWAY)
