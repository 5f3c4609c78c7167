"""Proving that gateways' codes, refunds and settlements are in the books as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.models import Payment, Refund
from shop.payments.models_gateway import Acquired, GatewayCode, GatewayRefund
from shop.payments.providers.acquirer import Standing
from shop.payments.states import AskedBack, PaymentState, RefundState


def check_gateway(session: Session) -> list[Finding]:
    """Every rule of gateways, one finding each."""
    codes = count(session, select(func.count()).select_from(GatewayCode))
    asked = count(session, select(func.count()).select_from(GatewayRefund))
    days = count(session, select(func.count()).select_from(Acquired))
    return [
        found("every code that was paid settled its payment, alone", codes, _codes(session)),
        found("refunds through gateways are paid just where they are", asked, _refunds(session)),
        found("what gateways paid into the bank is in the books", days, _acquired(session)),
    ]


def _codes(session: Session) -> Iterator[str]:
    paid = Standing.PAID.value
    there = (PaymentState.SETTLED.value, PaymentState.LATE.value)
    for reference, state in session.execute(
        select(GatewayCode.reference, Payment.state)
        .join(Payment, Payment.id == GatewayCode.payment_id)
        .where(GatewayCode.standing == paid, Payment.state.not_in(there))
    ):
        yield f"{reference} is paid, its payment is {state}"
    for number, codes in session.execute(
        select(Payment.order_number, func.count())
        .join(GatewayCode, GatewayCode.payment_id == Payment.id)
        .where(GatewayCode.standing == paid)
        .group_by(Payment.id, Payment.order_number)
        .having(func.count() > 1)
    ):
        yield f"{number}: {codes} codes paid the same payment"


def _refunds(session: Session) -> Iterator[str]:
    for reference, state, paid in session.execute(
        select(GatewayCode.reference, GatewayRefund.state, Refund.state)
        .join(GatewayRefund, GatewayRefund.code_id == GatewayCode.id)
        .join(Refund, Refund.id == GatewayRefund.refund_id)
    ):
        done = state == AskedBack.DONE
        if (done and paid != RefundState.PAID) or (
            state == AskedBack.ASKED and paid == RefundState.PAID
        ):
            yield f"{reference}: {state} at the gateway, {paid} here"


def _acquired(session: Session) -> Iterator[str]:
    reversal = aliased(Entry)
    booked = {
        row.key: -int(row.amount)
        for row in session.execute(
            select(Entry.key, Posting.amount)
            .join(Posting, Posting.entry_id == Entry.id)
            .join(Account, Account.id == Posting.account_id)
            .where(
                Entry.kind == EntryKind.ACQUIRED.value,
                Account.kind == AccountKind.GATEWAY.value,
                ~exists().where(reversal.reverses_id == Entry.id),
            )
        )
    }
    for row in session.scalars(select(Acquired)):
        gross = booked.pop(f"{EntryKind.ACQUIRED.value}:{row.id.hex}", 0)
        if gross != row.gross:
            yield f"{row.day} {row.reference}: {row.gross}, booked {gross}"
    for key in booked:
        yield f"{key} speaks of a settlement that is not there"
