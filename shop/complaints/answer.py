"""The seller says her word to a complaint, once."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.complaints.models import Complaint
from shop.complaints.move import move_complaint
from shop.complaints.states import ComplaintState, Offer
from shop.complaints.tell import tell_buyer
from shop.core import clock

ANSWERED = "complaint_answered"


def answer(
    session: Session,
    complaint_id: uuid.UUID,
    text: str,
    *,
    offer: Offer = Offer.NOTHING,
    person_id: uuid.UUID | None,
) -> Complaint:
    """Keep what the seller answers and offers; the buyer reads it, staff decide.

    Raises `IllegalMove` where she has answered already, or staff have decided.
    """
    complaint = move_complaint(
        session, complaint_id, ComplaintState.ANSWERED, actor="seller", person_id=person_id,
        answer=text, offer=offer.value, answered_at=clock.now(),
    )  # fmt: skip
    tell_buyer(session, complaint, ANSWERED)
    return complaint
