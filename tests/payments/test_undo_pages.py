"""Staff undo a match on the page of bank lines, and mark a batch as sent there."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.orders.models import SellerOrder
from shop.orders.states import SellerOrderState as S
from shop.payments import match_line
from tests.factories.orders import payment_of, placed_order
from tests.factories.payments import make_earned
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.factories.statement import make_line

URL = "/staff/payments/bank"


@pytest.fixture
def finance(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))


def test_a_match_is_undone_with_its_reason_once(finance: FlaskClient, session: Session):
    payment = payment_of(session, placed_order(session))
    line = make_line(session, payment.amount, "TRSF SALAH")
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    session.commit()
    assert "Salah cocok" in finance.get(f"{URL}?state=matched").text
    address = f"{URL}/lines/{line.id}/undo"
    nothing = finance.post(address, data={"why": "", "state": "matched"})
    assert nothing.status_code == 422
    assert 'id="why-fault-' in nothing.text
    typed = {"why": "Punya Budi", "state": "matched"}
    assert finance.post(address, data=typed).status_code == 303
    page = finance.get(URL).text
    assert "Pernah dicocokkan" in page
    assert "oleh Hendri: Punya Budi" in page
    assert finance.post(address, data=typed).status_code == 303
    session.expire_all()
    assert payment.state == "pending"


def test_what_cannot_be_undone_says_why_and_keeps_what_was_typed(
    finance: FlaskClient, session: Session
):
    order = placed_order(session)
    payment = payment_of(session, order)
    line = make_line(session, payment.amount)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    for part in session.scalars(select(SellerOrder).where(SellerOrder.order_id == order.id)):
        part.state = S.HANDED_OVER.value
    session.commit()
    refused = finance.post(
        f"{URL}/lines/{line.id}/undo", data={"why": "Punya Budi", "state": "matched"}
    )
    assert refused.status_code == 422
    assert "Barangnya sudah diserahkan" in refused.text
    assert 'value="Punya Budi"' in refused.text
    session.expire_all()
    assert (line.state, payment.state) == ("matched", "settled")


def test_a_whole_batch_is_marked_by_its_line(finance: FlaskClient, session: Session):
    for amount in (40_000, 25_000):
        make_earned(session, make_seller(session), amount)
    batch = approved_batch(session)
    assert batch
    line = make_line(session, -65_000, "TRF MASSAL")
    session.commit()
    page = finance.get(URL).text
    assert "Tandai semua terkirim" in page
    assert "2 penjual" in page
    for _ in range(2):
        finance.post(f"{URL}/lines/{line.id}/match", data={"batch": str(batch.id)})
    session.expire_all()
    assert {payout.state for payout in batch.payouts} == {"paid"}


def test_only_who_confirms_payments_undoes(app: Flask, session: Session):
    line = make_line(session, 10_000)
    match_line.unknown(session, line.id, person_id=None)
    session.commit()
    auditor = signed_in(app, make_person(session, Role.AUDITOR))
    answer = auditor.post(f"{URL}/lines/{line.id}/undo", data={"why": "x"})
    assert answer.status_code == 403
    assert "Salah cocok" not in auditor.get(f"{URL}?state=matched").text
