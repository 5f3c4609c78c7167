"""Deciding who bears a dispute that was lost."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import clock
from shop.core.lifecycle import IllegalMove, move
from shop.core.money import rupiah
from shop.ledger.post import Leg, lock_books, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.hear_dispute import about_dispute, ended_key
from shop.payments.models import Payment, Refund
from shop.payments.models_stripe import CardRefund, Dispute, DisputeEvent
from shop.payments.refund import mark_paid
from shop.payments.states import AskedBack, RefundState
from shop.payments.states_stripe import DISPUTE, DisputeState
from shop.sellers.queries import people_running


class TooMuchBorne(ValueError):
    """A seller cannot bear more than her part, nor all of them more than is left: `most` rupiah."""

    def __init__(self, most: int, seller_id: uuid.UUID | None = None) -> None:
        super().__init__(most)
        self.most, self.seller_id = most, seller_id


def covered(session: Session, dispute: Dispute) -> list[Refund]:
    """The refunds that were due anyway: the buyer has that money now, so it is not sent besides."""
    asked = select(CardRefund.refund_id).where(CardRefund.state == AskedBack.ASKED.value)
    due = session.scalars(
        select(Refund)
        .where(
            Refund.payment_id == dispute.payment_id,
            Refund.state == RefundState.DUE.value,
            Refund.id.not_in(asked),
        )
        .order_by(Refund.granted_at, Refund.id)
    )
    found: list[Refund] = []
    for refund in due:
        if refund.amount + sum(one.amount for one in found) <= dispute.amount:
            found.append(refund)
    return found


def bear(
    session: Session,
    dispute_id: uuid.UUID,
    shares: Mapping[uuid.UUID, int],
    *,
    person_id: uuid.UUID | None,
) -> None:
    """Each seller bears her share in rupiah, out of what she is owed; the programme the rest.

    Refunds of the payment that were due are done by it. Raises `TooMuchBorne`, `IllegalMove`,
    `OwnGrant`: who granted such a refund cannot be who ends it.
    """
    lock_books(session)
    row = session.get_one(Dispute, dispute_id, populate_existing=True)
    if row.state != DisputeState.LOST:
        raise IllegalMove(DISPUTE.name, DisputeState.BORNE)
    payment = session.get_one(Payment, row.payment_id)
    refunds = covered(session, row)
    left = row.amount - sum(refund.amount for refund in refunds)
    _refuse_too_much(payment, shares, left)
    for refund in refunds:
        mark_paid(
            session, refund.id, reference=row.provider_id, person_id=person_id,
            source=AccountKind.DISPUTED,
        )  # fmt: skip
    if left:
        legs = [Leg(AccountKind.PAYABLE, share, seller) for seller, share in shares.items()]
        legs.append(Leg(AccountKind.GOODWILL, left - sum(shares.values())))
        legs.append(Leg(AccountKind.DISPUTED, -left))
        about = about_dispute(session, row, person_id)
        post(session, EntryKind.DISPUTE_ENDED, ended_key(row.id), legs, about)
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


def _refuse_too_much(payment: Payment, shares: Mapping[uuid.UUID, int], left: int) -> None:
    most = {part.seller_id: 0 for part in payment.parts}
    for part in payment.parts:
        most[part.seller_id] += part.amount
    for seller, share in shares.items():
        if not 0 <= share <= most.get(seller, 0):
            raise TooMuchBorne(most.get(seller, 0), seller)
    if sum(shares.values()) > left:
        raise TooMuchBorne(left)
