"""`shop check` finds money that moves under a complaint, or waits without one."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.complaints.check import check_complaints
from shop.complaints.models import Complaint
from shop.orders.models import SellerOrder
from shop.orders.return_part import return_part
from tests.factories.complaints import answered_complaint, open_complaint

pytestmark = pytest.mark.both


def faulty(session: Session) -> list[str]:
    return [finding.name for finding in check_complaints(session) if finding.faults]


def test_sound_ones_are_looked_at(session: Session):
    open_complaint(session)
    returned = answered_complaint(session)
    return_part(
        session, returned.seller_order_id, seller_share=0, reason="Barang diambil lagi",
        person_id=None, restock=False,
    )  # fmt: skip
    assert faulty(session) == []
    assert [finding.looked_at for finding in check_complaints(session)] == [2, 1]


def test_money_that_moved_is_found(session: Session):
    complaint = open_complaint(session)
    session.execute(
        update(SellerOrder)
        .where(SellerOrder.id == complaint.seller_order_id)
        .values(state="completed")
    )
    assert faulty(session) == ["the money of every complaint waits"]


def test_money_that_waits_for_nobody_is_found(session: Session):
    complaint = open_complaint(session)
    session.execute(update(Complaint).where(Complaint.id == complaint.id).values(state="withdrawn"))
    assert faulty(session) == ["every disputed part has its complaint"]
