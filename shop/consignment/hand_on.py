"""A point hands on the money of what it sold: to the seller, or to the programme's bank."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.consignment.models import (
    Consignment,
    ConsignmentCount,
    ConsignmentLine,
    ConsignmentPayment,
    standing,
)
from shop.consignment.states import PaidBy
from shop.core import ids
from shop.core.money import Rupiah, rupiah
from shop.ledger.consigned import book_handed_on
from shop.sellers.models import PickupPoint
from shop.sellers.queries import people_running

LONGEST_KEY = 40
RECEIVED = "consignment_received"


class TooMuch(Exception):
    """The point does not hold so much of this consignment: `outstanding` rupiah."""

    def __init__(self, outstanding: int) -> None:
        super().__init__(f"only {outstanding} outstanding")
        self.outstanding = outstanding


def outstanding(session: Session, consignment_id: uuid.UUID) -> int:
    """How many rupiah of the seller the point still holds of this consignment."""
    owed = session.scalar(
        select(func.sum(standing(ConsignmentCount.amount)))
        .join(ConsignmentLine, ConsignmentLine.id == ConsignmentCount.line_id)
        .where(
            ConsignmentLine.consignment_id == consignment_id,
            ConsignmentCount.paid_by == PaidBy.POINT.value,
        )
    )
    paid = session.scalar(
        select(func.sum(ConsignmentPayment.amount)).where(
            ConsignmentPayment.consignment_id == consignment_id
        )
    )
    return int(owed or 0) - int(paid or 0)


def hand_on(
    session: Session,
    consignment_id: uuid.UUID,
    amount: int,
    *,
    paid_to: PaidBy,
    key: str,
    person_id: uuid.UUID | None,
) -> bool:
    """Book `amount` rupiah that the point handed on; False where this `key` has done so before.

    To the programme: staff saw it on the bank's list. Raises `TooMuch`, and `ValueError` for what
    no form of ours sends.
    """
    if amount < 1 or paid_to is PaidBy.POINT or not 0 < len(key) <= LONGEST_KEY:
        raise ValueError("nothing, to nobody, or without a key")
    consignment = session.scalars(
        select(Consignment)
        .where(Consignment.id == consignment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    own_key = f"{consignment_id.hex}:{key}"
    known = select(ConsignmentPayment.id).where(ConsignmentPayment.key == own_key)
    if session.scalar(known) is not None:
        return False
    still = outstanding(session, consignment_id)
    if amount > still:
        raise TooMuch(still)
    payment = ConsignmentPayment(
        id=ids.new_id(),
        key=own_key,
        consignment_id=consignment_id,
        seller_id=consignment.seller_id,
        amount=Rupiah(amount),
        paid_to=paid_to.value,
        person_id=person_id,
    )
    session.add(payment)
    session.flush()
    to_bank = paid_to is PaidBy.PROGRAMME
    book_handed_on(
        session, seller_id=consignment.seller_id, payment_id=payment.id, amount=amount,
        to_bank=to_bank, person_id=person_id,
    )  # fmt: skip
    if to_bank:
        _tell(session, consignment, payment, person_id)
    return True


def _tell(
    session: Session,
    consignment: Consignment,
    payment: ConsignmentPayment,
    person_id: uuid.UUID | None,
) -> None:
    audit.write(
        session, person_id, "consignment.received", "consignment", consignment.id,
        amount=payment.amount,
    )  # fmt: skip
    point = session.get_one(PickupPoint, consignment.point_id)
    notify.tell(
        session, people_running(session, consignment.seller_id), RECEIVED,
        seller_id=consignment.seller_id, link=f"/sell/consignment/{consignment.id}",
        event=payment.id.hex, amount=rupiah(payment.amount), point=point.name,
    )  # fmt: skip
