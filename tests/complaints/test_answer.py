"""The seller says her word once."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.complaints.answer import answer
from shop.complaints.decide import refuse
from shop.complaints.models import ComplaintEvent
from shop.complaints.report import withdraw
from shop.complaints.states import Offer
from shop.core.lifecycle import IllegalMove
from tests.factories.complaints import ANSWERED, answered_complaint, open_complaint
from tests.factories.people import make_person

pytestmark = pytest.mark.both


def test_her_answer_and_offer_are_kept_and_the_buyer_is_told(session: Session):
    complaint, rohana = open_complaint(session), make_person(session)
    answer(session, complaint.id, ANSWERED, offer=Offer.MONEY_BACK, person_id=rohana.id)
    assert (complaint.state, complaint.answer, complaint.offer) == (
        "answered", ANSWERED, "money_back",
    )  # fmt: skip
    assert complaint.answered_at is not None
    assert complaint.part.state == "disputed"
    event = session.scalars(select(ComplaintEvent)).one()
    assert (event.actor, event.person_id, event.target) == ("seller", rohana.id, "answered")
    news = select(Notification.order_id).where(Notification.kind == "complaint_answered")
    assert session.scalars(news).all() == [complaint.part.order_id]


def test_a_second_answer_changes_nothing(session: Session):
    complaint = answered_complaint(session)
    with pytest.raises(IllegalMove):
        answer(session, complaint.id, "Tidak jadi saya ganti", person_id=None)
    assert complaint.answer == ANSWERED


def test_after_the_decision_or_the_withdrawal_it_is_too_late(session: Session):
    decided, solved = open_complaint(session), open_complaint(session)
    refuse(session, decided.id, reason="Fotonya barang lain", person_id=None)
    withdraw(session, solved.id)
    for complaint in (decided, solved):
        with pytest.raises(IllegalMove):
            answer(session, complaint.id, ANSWERED, person_id=None)
        assert complaint.answer == ""
