"""What a gateway's answer means for the books. Asks nobody: `ask_back` does, and hands it here."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.ledger.insert_once import insert_once
from shop.payments.credit import buyer_of
from shop.payments.deadline import MAY_STILL_COME
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.models_gateway import GatewayCode, GatewayRefund
from shop.payments.move import fresh, move_payment
from shop.payments.providers.acquirer import Standing, Status
from shop.payments.reasons import DOUBLE
from shop.payments.settle import AlreadySettled, settle
from shop.payments.start import start
from shop.payments.states import Method, PaymentState

WHILE_WAITING = timedelta(minutes=2)
_UNDER_WAY = timedelta(minutes=1)
_AFTERWARDS = (
    (timedelta(hours=1), timedelta(minutes=5)),
    (timedelta(days=1), timedelta(hours=1)),
    (MAY_STILL_COME, timedelta(days=1)),
)
"""How often a code that stays pending past its time is asked about: up to which age, how often."""
_FINAL = frozenset({Standing.PAID, Standing.ENDED, Standing.RETURNED})


def book(session: Session, code_id: uuid.UUID, status: Status) -> None:
    """Take in what the gateway said of a code, and book its money once it is there.

    It counts only where name, sum and currency are those of the code; else a person has to look.
    What was paid once stays paid.
    """
    known = session.get_one(GatewayCode, code_id, populate_existing=True)
    payment = fresh(session, known.payment_id)
    code = session.get_one(GatewayCode, code_id, populate_existing=True, with_for_update=True)
    now = clock.now()
    code.asked_at, code.said = now, status.said
    if status.standing is Standing.UNKNOWN:
        _unheard_of(code, now)
        return
    fault = _mismatch(code, status)
    if fault:
        code.ask_at = _next(code, now)
        flag(session, code, "mismatch", fault)
        return
    before, code.standing = Standing(code.standing), status.standing.value
    code.transaction_id = code.transaction_id or status.transaction_id
    if before in (Standing.PAID, Standing.RETURNED) and status.standing is not Standing.RETURNED:
        code.standing = before.value
    elif status.standing is Standing.PAID:
        _settle(session, payment, code)
    elif status.standing is Standing.RETURNED:
        _came_back(session, code, before)
    code.ask_at = None if status.standing in _FINAL else _next(code, now)
    session.flush()


def flag(session: Session, code: GatewayCode, kind: str, fault: str) -> None:
    """Put before a person, once, what a gateway says and the shop does not book."""
    insert_once(
        session, WebhookEvent,
        id=ids.new_id(), provider=code.provider, provider_event_id=f"{code.reference}:{kind}",
        kind=code.said, payload={"order_id": code.reference}, received_at=clock.now(),
        handled_at=clock.now(), fault=f"{code.reference}: {fault}"[:200],
    )  # fmt: skip


def _mismatch(code: GatewayCode, status: Status) -> str:
    if status.reference != code.reference:
        return "the answer is about another code"
    if code.transaction_id and status.transaction_id != code.transaction_id:
        return "the answer is about another transaction"
    if status.amount != code.amount:
        return f"{status.amount} came, {code.amount} was asked for"
    return ""


def _settle(session: Session, payment: Payment, code: GatewayCode) -> None:
    evidence = f"{code.provider} {code.reference}"
    try:
        settle(session, payment.id, actor="provider", person_id=None, evidence=evidence)
    except AlreadySettled:
        if _paid_by_another(session, code):
            _book_double(session, payment, code, evidence)


def _paid_by_another(session: Session, code: GatewayCode) -> bool:
    return bool(
        session.scalar(
            select(GatewayCode.id).where(
                GatewayCode.payment_id == code.payment_id,
                GatewayCode.id != code.id,
                GatewayCode.standing.in_((Standing.PAID.value, Standing.RETURNED.value)),
            )
        )
    )


def _book_double(session: Session, payment: Payment, code: GatewayCode, evidence: str) -> None:
    """A second code of the same payment was paid: a payment of its own, all of it due back."""
    again = start(
        session,
        order_id=payment.order_id,
        order_number=payment.order_number,
        method=Method.GATEWAY,
        parts=[(part.seller_order_id, part.seller_id, part.amount) for part in payment.parts],
        key=f"double:{code.id.hex}",
        buyer=buyer_of(payment),
    )
    move_payment(
        session, again.id, PaymentState.CANCELLED,
        actor="clock", person_id=None, reason="paid by another code already",
    )  # fmt: skip
    settle(session, again.id, actor="provider", person_id=None, evidence=evidence)
    session.scalars(select(Refund).where(Refund.payment_id == again.id)).one().reason = DOUBLE
    code.payment_id = again.id


def _came_back(session: Session, code: GatewayCode, before: Standing) -> None:
    """Money went back at the gateway: by our own refund, or somebody must look."""
    if before in (Standing.UNKNOWN, Standing.PENDING, Standing.ENDED):
        flag(session, code, "returned", "paid and returned before the shop heard of it")
    elif not session.scalar(select(GatewayRefund.id).where(GatewayRefund.code_id == code.id)):
        flag(session, code, "returned", "money went back at the gateway, not by this shop")


def _unheard_of(code: GatewayCode, now: datetime) -> None:
    """It never came to be, or is on its way at this moment; one that was drawn is asked for on."""
    if code.text:
        code.ask_at = _next(code, now)
    elif code.made_at > now - _UNDER_WAY:
        code.ask_at = code.made_at + _UNDER_WAY
    else:
        code.ask_at = None
    if code.ask_at is None and code.standing in (Standing.UNKNOWN, Standing.PENDING):
        code.standing = Standing.ENDED.value


def _next(code: GatewayCode, now: datetime) -> datetime | None:
    if now < code.expires_at:
        return min(now + WHILE_WAITING, code.expires_at)
    age = now - code.expires_at
    return next((now + pause for until, pause in _AFTERWARDS if age < until), None)
