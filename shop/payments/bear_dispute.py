"""Deciding who bears a dispute that was lost."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import clock, events
from shop.core.lifecycle import IllegalMove, move
from shop.core.money import rupiah
from shop.ledger.earn import is_earned
from shop.ledger.events import SaleEarned
from shop.ledger.post import Leg, lock_books, post
from shop.ledger.sales import sales
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.asked_elsewhere import AskedElsewhere
from shop.payments.hear_dispute import about_dispute, ended_key
from shop.payments.models import Payment, Refund
from shop.payments.models_stripe import CardRefund, Dispute, DisputeEvent
from shop.payments.refund import mark_paid
from shop.payments.states import AskedBack, PaymentState, RefundState
from shop.payments.states_stripe import DISPUTE, DisputeState
from shop.sellers.queries import people_running


class TooMuchBorne(ValueError):
    """A seller cannot bear more than her part, nor all of them more than is left: `most` rupiah."""

    def __init__(self, most: int, seller_id: uuid.UUID | None = None) -> None:
        super().__init__(most)
        self.most, self.seller_id = most, seller_id


class StillOpen(Exception):
    """Something of the order may still be called off, and go back to the buyer."""


class RestNotSent(ValueError):
    """A refund that was due is more than the bank took: `rest` rupiah of it have to be sent."""

    def __init__(self, rest: int) -> None:
        super().__init__(rest)
        self.rest = rest


def covered(session: Session, dispute: Dispute) -> list[tuple[Refund, int]]:
    """The refunds that were due anyway, each with what of it the buyer has by the dispute now, so
    that it is not sent besides. Of one at the most, the last, that is not all of it.
    """
    due = session.scalars(
        select(Refund)
        .where(Refund.payment_id == dispute.payment_id, Refund.state == RefundState.DUE.value)
        .order_by(Refund.granted_at, Refund.id)
    )
    found: list[tuple[Refund, int]] = []
    larger: list[Refund] = []
    left = int(dispute.amount)
    for refund in due:
        if refund.amount <= left:
            found.append((refund, refund.amount))
            left -= refund.amount
        else:
            larger.append(refund)
    return [*found, (larger[0], left)] if left and larger else found


def rest_of(refunds: Sequence[tuple[Refund, int]]) -> int:
    """What of such refunds the buyer does not have by the dispute, in rupiah."""
    return sum(refund.amount - has for refund, has in refunds)


def bear(
    session: Session,
    dispute_id: uuid.UUID,
    shares: Mapping[uuid.UUID, int],
    *,
    person_id: uuid.UUID | None,
    reference: str = "",
) -> None:
    """Each seller bears her share in rupiah, out of what she is owed; the programme the rest.

    Her share is earnings of that sale that she has not. Refunds of the payment that were due are
    done by it; what of one is more than the bank took was sent under this bank's `reference`.
    Raises `StillOpen`, `AskedElsewhere` while Stripe has not answered for a refund, `TooMuchBorne`,
    `RestNotSent`, `IllegalMove`, and `OwnGrant`: who granted such a refund cannot be who ends it.
    """
    lock_books(session)
    row = session.get_one(Dispute, dispute_id, populate_existing=True)
    if row.state != DisputeState.LOST:
        raise IllegalMove(DISPUTE.name, DisputeState.BORNE)
    payment = session.get_one(Payment, row.payment_id)
    _refuse_open(session, payment)
    refunds = covered(session, row)
    left = row.amount - sum(has for _, has in refunds)
    _refuse_too_much(payment, shares, left)
    if rest_of(refunds) and not reference.strip():
        raise RestNotSent(rest_of(refunds))
    for refund, has in refunds:
        rest = refund.amount - has
        mark_paid(
            session, refund.id, person_id=person_id, source=AccountKind.DISPUTED, by_bank=rest,
            reference=f"{reference.strip()[:30]} {row.provider_id}" if rest else row.provider_id,
        )  # fmt: skip
    _book(session, row, payment, shares, left, person_id)
    move(
        session, DISPUTE, cast("Table", Dispute.__table__),
        cast("Table", DisputeEvent.__table__), dispute_id, DisputeState.BORNE,
        actor="staff", person_id=person_id,
        extra={"borne_at": clock.now(), "borne_by": person_id},
    )  # fmt: skip
    named = {seller.hex: share for seller, share in shares.items()}
    audit.write(session, person_id, "dispute.bear", "dispute", dispute_id, shares=named)
    for seller, share in shares.items():
        if share:
            notify.tell(
                session, people_running(session, seller), "dispute_borne",
                seller_id=seller, link="/sell/money", event=f"{dispute_id.hex}:{seller.hex}",
                amount=rupiah(share), number=payment.order_number,
            )  # fmt: skip


def _refuse_open(session: Session, payment: Payment) -> None:
    """What is called off later, or what Stripe does not send after all, would go back to the buyer
    besides what her bank took.
    """
    asked = select(CardRefund.id).join(Refund, Refund.id == CardRefund.refund_id)
    waits = (Refund.payment_id == payment.id, CardRefund.state == AskedBack.ASKED.value)
    if session.scalar(asked.where(*waits)):
        raise AskedElsewhere(payment.id)
    parts = sales(session, [part.seller_order_id for part in payment.parts])
    if payment.state == PaymentState.SETTLED and not all(one.ended for one in parts.values()):
        raise StillOpen(payment.id)


def _book(
    session: Session,
    row: Dispute,
    payment: Payment,
    shares: Mapping[uuid.UUID, int],
    left: int,
    person_id: uuid.UUID | None,
) -> None:
    """What sellers bear is booked of their sales, so that groups share less of them."""
    about = about_dispute(session, row, person_id)
    key = ended_key(row.id)
    for part in payment.parts:
        if share := shares.get(part.seller_id, 0):
            legs = [
                Leg(AccountKind.PAYABLE, share, part.seller_id), Leg(AccountKind.DISPUTED, -share)
            ]  # fmt: skip
            own = replace(about, seller_order_id=part.seller_order_id)
            post(session, EntryKind.DISPUTE_ENDED, f"{key}:{part.seller_order_id.hex}", legs, own)
            if is_earned(session, part.seller_order_id):
                told = SaleEarned(part.seller_id, part.seller_order_id, person_id=person_id)
                events.publish(session, told)
    if ours := left - sum(shares.values()):
        legs = [Leg(AccountKind.GOODWILL, ours), Leg(AccountKind.DISPUTED, -ours)]
        post(session, EntryKind.DISPUTE_ENDED, key, legs, about)


def _refuse_too_much(payment: Payment, shares: Mapping[uuid.UUID, int], left: int) -> None:
    most = {part.seller_id: 0 for part in payment.parts}
    for part in payment.parts:
        most[part.seller_id] += part.amount
    for seller, share in shares.items():
        if not 0 <= share <= most.get(seller, 0):
            raise TooMuchBorne(most.get(seller, 0), seller)
    if sum(shares.values()) > left:
        raise TooMuchBorne(left)
