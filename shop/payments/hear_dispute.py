"""What Stripe says of disputes: their state, and the money that goes and comes back."""

from __future__ import annotations

import uuid
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.accounts.models import Role
from shop.accounts.people import staff
from shop.core import clock
from shop.core.lifecycle import move
from shop.core.money import Rupiah, rupiah
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.models import Payment
from shop.payments.models_stripe import Dispute, DisputeEvent
from shop.payments.providers.stripe_back import ToldDispute
from shop.payments.states import Method
from shop.payments.states_stripe import DISPUTE, DisputeState
from shop.sellers.queries import people_running

NOT_YET = "no card payment known for this dispute"
"""A dispute may be told of before its payment: it is heard again once that is settled."""
PAGE = "/staff/payments/disputes"
STATES = {
    "warning_needs_response": DisputeState.INQUIRY,
    "warning_under_review": DisputeState.INQUIRY,
    "warning_closed": DisputeState.CLOSED,
    "prevented": DisputeState.CLOSED,
    "needs_response": DisputeState.OPEN,
    "under_review": DisputeState.REVIEW,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}
"""Stripe's words for how a dispute stands."""


def hear_dispute(session: Session, told: ToldDispute) -> str:
    """Book what Stripe says of a dispute; returns why it could not be, or nothing.

    However often and in whatever order it is said: a dispute never goes back to a state that it
    left, and each move of its money is booked once.
    """
    lock_books(session)
    payment = _payment(session, told.intent)
    if payment is None:
        return NOT_YET
    if told.amount is None or not 0 < told.amount <= payment.amount:
        return f"{payment.order_number}: {told.amount} disputed, {payment.amount} was paid"
    if told.status not in STATES:
        return f"{payment.order_number}: nobody knows a dispute that is {told.status}"
    row = _row(session, told, payment)
    if row.amount != told.amount:
        return f"{payment.order_number}: {told.amount} disputed now, {row.amount} before"
    if row.state == DisputeState.BORNE and told.reinstated and row.reinstated_at is None:
        return f"{payment.order_number}: the money came back after it was decided who bears it"
    _book(session, row, told)
    _move(session, row, STATES[told.status])
    if told.evidence_by is not None:
        row.evidence_by = told.evidence_by
    return ""


def _payment(session: Session, intent: str) -> Payment | None:
    if not intent:
        return None
    wanted = select(Payment).where(Payment.method == Method.CARD.value, Payment.evidence == intent)
    return session.scalars(wanted).first()


def _row(session: Session, told: ToldDispute, payment: Payment) -> Dispute:
    known = session.scalars(
        select(Dispute)
        .where(Dispute.provider_id == told.provider_id)
        .execution_options(populate_existing=True)
    ).first()
    if known is not None:
        return known
    row = Dispute(
        provider_id=told.provider_id, payment_id=payment.id, amount=Rupiah(told.amount or 0),
        reason=told.reason,
    )  # fmt: skip
    session.add(row)
    session.flush()
    amount, number = rupiah(row.amount), payment.order_number
    notify.tell_buyer(
        session, payment.order_id, "card_disputed",
        event=row.id.hex, amount=amount, number=number,
    )  # fmt: skip
    notify.tell(
        session, staff(session, Role.FINANCE, Role.ADMIN), "dispute_new",
        link=PAGE, event=row.id.hex, amount=amount, number=number,
    )  # fmt: skip
    tell_sellers(session, row, "sale_disputed")
    return row


def tell_sellers(session: Session, row: Dispute, kind: str) -> None:
    """Let those who run the studios of this payment's sellers know."""
    payment = session.get_one(Payment, row.payment_id)
    for seller_id in sorted({part.seller_id for part in payment.parts}):
        notify.tell(
            session, people_running(session, seller_id), kind,
            seller_id=seller_id, link="/sell/money", event=f"{row.id.hex}:{seller_id.hex}",
            number=payment.order_number,
        )  # fmt: skip


def _move(session: Session, row: Dispute, target: DisputeState) -> None:
    """Bring it there, unless that is old news."""
    if row.state not in DISPUTE.sources(target, "provider"):
        return
    move(
        session, DISPUTE, cast("Table", Dispute.__table__),
        cast("Table", DisputeEvent.__table__), row.id, target, actor="provider", person_id=None,
    )  # fmt: skip
    session.refresh(row)
    if target is DisputeState.WON:
        tell_sellers(session, row, "dispute_won")
    elif target is DisputeState.LOST:
        notify.tell(
            session, staff(session, Role.FINANCE, Role.ADMIN), "dispute_lost",
            link=PAGE, event=row.id.hex,
            number=session.get_one(Payment, row.payment_id).order_number,
        )  # fmt: skip


def _book(session: Session, row: Dispute, told: ToldDispute) -> None:
    """Post what moved and is not in the books yet."""
    amount, about = row.amount, about_dispute(session, row)
    if told.withdrawn and row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        legs = [Leg(AccountKind.DISPUTED, amount), Leg(AccountKind.CARD, -amount)]
        post(session, EntryKind.DISPUTED, f"disputed:{row.id.hex}", legs, about)
    if told.moves > row.moves:  # an older message tells of fewer moves
        more = told.fee - row.fee
        row.moves, row.fee = told.moves, Rupiah(told.fee)
        if more:
            legs = [Leg(AccountKind.ACQUIRING, more), Leg(AccountKind.CARD, -more)]
            key = f"dispute_fee:{row.id.hex}:{told.moves}"
            post(session, EntryKind.DISPUTED, key, legs, about)
    if told.reinstated and row.reinstated_at is None:
        row.reinstated_at = clock.now()
        legs = [Leg(AccountKind.CARD, amount), Leg(AccountKind.DISPUTED, -amount)]
        post(session, EntryKind.DISPUTE_ENDED, ended_key(row.id), legs, about)
    session.flush()


def about_dispute(session: Session, row: Dispute, person_id: uuid.UUID | None = None) -> About:
    """What an entry about a dispute is about."""
    payment = session.get_one(Payment, row.payment_id)
    note = f"{payment.order_number} {row.provider_id}"
    return About(person_id=person_id, order_id=payment.order_id, payment_id=payment.id, note=note)


def ended_key(dispute_id: uuid.UUID) -> str:
    """The key of the entry by which the disputed money found its end."""
    return f"dispute_ended:{dispute_id.hex}"
