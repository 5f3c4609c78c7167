"""Proving that payments, refunds and the books say the same."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.post import balance
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.arrivals import stands
from shop.payments.check_credit import check_credit
from shop.payments.check_stray import check_strays
from shop.payments.models import Payment, PaymentPart, Refund
from shop.payments.models_stray import Stray
from shop.payments.states import Method, PaymentState, RefundState
from shop.payments.states_stray import StrayState


def check_payments(session: Session) -> list[Finding]:
    """Every rule between payments, refunds and the books, one finding each."""
    payments = count(session, select(func.count()).select_from(Payment))
    refunds = count(session, select(func.count()).select_from(Refund))
    return [
        found("every payment is the sum of its parts and code", payments, _parts(session)),
        found("every settled payment is in the books once", payments, _settled(session)),
        found("no more goes back than was paid", refunds, _too_much_back(session)),
        found("every refund is in the books as it stands", refunds, _refunds(session)),
        found("what is to go back is on its account", refunds, _to_go_back(session)),
        *check_strays(session),
        *check_credit(session),
    ]


def _parts(session: Session) -> Iterator[str]:
    before = select(Stray.amount).where(Stray.rest_id == Payment.id).scalar_subquery()
    whole = (
        func.coalesce(func.sum(PaymentPart.amount), 0)
        + Payment.unique_code
        - Payment.credit
        - func.coalesce(before, 0)
    )
    rows = session.execute(
        select(Payment.order_number, Payment.amount, whole)
        .outerjoin(PaymentPart, PaymentPart.payment_id == Payment.id)
        .group_by(
            Payment.id, Payment.order_number, Payment.amount, Payment.unique_code, Payment.credit
        )
        .having(Payment.amount != whole)
    )
    return (f"{number}: {amount} is not {parts}" for number, amount, parts in rows)


_ARRIVALS = (
    EntryKind.ORDER_PAID, EntryKind.CASH_RECEIVED, EntryKind.OWN_RECEIVED, EntryKind.LATE_PAYMENT,
    EntryKind.CARRIED,
)  # fmt: skip


def _wanted(payment: Payment) -> str | None:
    """The kind of entry by which this payment's money came, if it came."""
    if payment.state == PaymentState.LATE:
        return EntryKind.LATE_PAYMENT
    if payment.state != PaymentState.SETTLED:
        return None
    if payment.collector_id is not None:
        return EntryKind.OWN_RECEIVED
    if payment.carrier_id is not None:
        return EntryKind.CARRIED
    return EntryKind.CASH_RECEIVED if payment.method == Method.CASH else EntryKind.ORDER_PAID


def _settled(session: Session) -> Iterator[str]:
    booked: dict[uuid.UUID | None, list[tuple[str, int]]] = {}
    for payment_id, kind, amount in session.execute(
        select(Entry.payment_id, Entry.kind, func.sum(Posting.amount))
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.kind.in_(_ARRIVALS), Posting.amount > 0, stands())
        .group_by(Entry.id, Entry.payment_id, Entry.kind)
    ):
        booked.setdefault(payment_id, []).append((kind, amount))
    rows = session.execute(
        select(Stray.rest_id, Stray.amount).where(Stray.state == StrayState.TOPPED_UP.value)
    )
    before = {row[0]: row[1] for row in rows}
    for payment in session.scalars(select(Payment)):
        wanted = _wanted(payment)
        amount = payment.amount + before.get(payment.id, 0)
        if wanted == EntryKind.ORDER_PAID:
            kept = payment.unique_code if payment.code_is_credit else 0
            amount += max(0, payment.credit - kept)
        if wanted == EntryKind.OWN_RECEIVED:
            amount -= payment.unique_code  # hers, and in no book of the programme
        expected = [(wanted, amount)] if wanted else []
        entries = booked.pop(payment.id, [])
        if entries != expected:
            yield f"{payment.order_number}: {payment.state} {payment.amount}, booked {entries}"
    for payment_id, entries in booked.items():
        yield f"entries of a payment {payment_id} that is not there: {entries}"


def _too_much_back(session: Session) -> Iterator[str]:
    """By part; a late payment goes back as a whole."""
    paid = (
        select(
            PaymentPart.seller_order_id.label("part"),
            func.sum(PaymentPart.amount).label("amount"),
        )
        .join(Payment)
        .where(Payment.state == PaymentState.SETTLED.value)
        .group_by(PaymentPart.seller_order_id)
        .subquery()
    )
    most = func.coalesce(paid.c.amount, 0)
    by_part = (
        select(Refund.seller_order_id, func.sum(Refund.amount), most)
        .outerjoin(paid, paid.c.part == Refund.seller_order_id)
        .where(Refund.seller_order_id.is_not(None))
        .group_by(Refund.seller_order_id, paid.c.amount)
        .having(func.sum(Refund.amount) > most)
    )
    for part, back, amount in session.execute(by_part):
        yield f"part {part}: {back} of {amount} goes back"
    late = (
        select(Payment.order_number, func.sum(Refund.amount), Payment.amount)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.seller_order_id.is_(None), Refund.state != RefundState.WITHDRAWN.value)
        .group_by(Payment.id, Payment.order_number, Payment.amount)
        .having(func.sum(Refund.amount) > Payment.amount)
    )
    for number, back, amount in session.execute(late):
        yield f"{number}: {back} of {amount} goes back"


def _refunds(session: Session) -> Iterator[str]:
    booked: dict[str, int] = {
        row.key: row.amount
        for row in session.execute(
            select(Entry.key, func.sum(Posting.amount).label("amount"))
            .join(Posting, Posting.entry_id == Entry.id)
            .join(Account, Account.id == Posting.account_id)
            .where(
                Entry.kind.in_((EntryKind.REFUND_DUE, EntryKind.REFUND_PAID)),
                # What the programme takes back of a promotion comes from the seller's leg.
                or_(Posting.amount > 0, Account.kind == AccountKind.PROMOTION.value),
                stands(),
            )
            .group_by(Entry.id, Entry.key)
        )
    }
    for refund in session.scalars(select(Refund)):
        keys = [f"{EntryKind.REFUND_DUE.value}:{refund.id.hex}"]
        if refund.state == RefundState.WITHDRAWN:
            keys = []
        if refund.state == RefundState.PAID:
            by_hand = f"{EntryKind.REFUND_PAID.value}:{refund.id.hex}"
            keys.append(by_hand if by_hand in booked else f"{by_hand}:card")
        entries = [booked.pop(key, 0) for key in keys]
        if entries != [refund.amount] * len(keys):
            yield f"refund {refund.id} ({refund.state}, {refund.amount}) is booked as {entries}"
    for key in booked:
        yield f"{key} speaks of a refund that is not there, or not paid"


def _to_go_back(session: Session) -> Iterator[str]:
    due = count(
        session, select(func.sum(Refund.amount)).where(Refund.state == RefundState.DUE.value)
    )
    booked = -balance(session, AccountKind.REFUNDS)
    if due != booked:
        yield f"{due} is due, the account says {booked}"
