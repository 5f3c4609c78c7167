"""Staff undo a part, line by line, on a page."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.orders.models import SellerOrder
from shop.orders.states import DeliveryKind
from shop.payments.models import Payment, Refund
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import (
    accepted_part,
    completed_part,
    handed_over_part,
    placed_order,
)
from tests.factories.people import make_person, signed_in

pytestmark = pytest.mark.both
WHY = "Kotaknya penyok di jalan"


def page_of(part: SellerOrder) -> str:
    return f"/staff/orders/{part.order_id}/parts/{part.id}/undo"


def typed(part: SellerOrder, verb: str, pieces: object, **more: object) -> dict[str, object]:
    line = part.lines[0].id.hex
    return {
        "verb": verb, f"pieces_{line}": pieces, "bearer": "seller", "reason": WHY, "key": "k1",
        **more,
    }  # fmt: skip


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    person = make_person(session, Role.MANAGER)
    session.commit()
    return signed_in(app, person)


def test_staff_cancel_some_pieces_and_see_the_sum_before(session: Session, manager: FlaskClient):
    part = accepted_part(session, (offer(session, on_hand=9), 4))
    session.commit()
    assert WHY not in manager.get(page_of(part)).text
    answer = manager.post(page_of(part), data=typed(part, "cancel", "3") | {"preview": "1"})
    assert answer.status_code == 200
    assert "Rp45.000 kembali ke pembeli: penjual menanggung Rp45.000" in answer.text
    assert WHY in answer.text
    assert session.scalars(select(Refund)).all() == []
    for _ in range(2):
        assert manager.post(page_of(part), data=typed(part, "cancel", "3")).status_code == 303
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.seller_share, refund.reason) == (45_000, 45_000, WHY)
    order = manager.get(f"/staff/orders/{part.order_id}").text
    for words in ("3 batal", "Dikembalikan Rp45.000", WHY):
        assert words in order


def test_what_is_done_is_chosen_by_a_person(session: Session, manager: FlaskClient):
    part = handed_over_part(session, (offer(session, on_hand=9), 4))
    session.commit()
    shown = manager.get(page_of(part)).text
    verbs = re.findall(r'<input[^>]*name="verb"[^>]*>', shown)
    assert len(verbs) == 2
    assert not [verb for verb in verbs if "checked" in verb]
    data = typed(part, "", "1")
    del data["verb"]
    assert manager.post(page_of(part), data=data).status_code == 422
    session.expire_all()
    assert part.state == "handed_over"
    assert session.scalar(select(func.count()).select_from(Refund)) == 0


def test_staff_give_money_back_and_split_the_cost(session: Session, manager: FlaskClient):
    part = completed_part(session, (offer(session, on_hand=9), 4))
    session.commit()
    line = part.lines[0].id.hex
    data = typed(part, "refund", "2", bearer="split", share="20.000") | {f"rupiah_{line}": "25.000"}
    assert manager.post(page_of(part), data=data).status_code == 303
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.seller_share) == (25_000, 20_000)
    assert "Program menanggung Rp5.000, penjual Rp20.000" in manager.get(
        f"/staff/orders/{part.order_id}"
    ).text  # fmt: skip


def test_staff_take_a_part_back(session: Session, manager: FlaskClient):
    variant = offer(session, on_hand=9)
    part = handed_over_part(session, (variant, 4))
    session.commit()
    data = typed(part, "return", "", bearer="programme", restock="y")
    assert manager.post(page_of(part), data=data).status_code == 303
    session.expire_all()
    assert (part.state, variant.on_hand) == ("returned", 9)
    assert session.scalars(select(Refund.seller_share)).one() == 0


def test_cash_that_is_not_paid_is_asked_for_less(session: Session, manager: FlaskClient):
    part = placed_order(session, (offer(session, on_hand=9), 4), method=Method.CASH).parts[0]
    session.commit()
    page = manager.get(page_of(part)).text
    assert "Belum dibayar" in page
    assert "Siapa yang menanggung" not in page
    answer = manager.post(page_of(part), data=typed(part, "cancel", "1") | {"preview": "1"})
    assert "Tagihan tunai berkurang Rp15.000" in answer.text
    manager.post(page_of(part), data=typed(part, "cancel", "1"))
    assert session.scalars(select(Payment.amount)).one() == 45_000
    assert session.scalars(select(Refund)).all() == []


@pytest.mark.parametrize("pieces", ["-1", "1000000000", "1.5", "5", "dua"])
@pytest.mark.parametrize("verb", ["cancel", "refund"])
def test_pieces_that_are_not_there_are_refused_beside_their_field(
    session: Session, manager: FlaskClient, pieces: str, verb: str
):
    part = accepted_part(session, (offer(session, on_hand=9), 4))
    session.commit()
    answer = manager.post(page_of(part), data=typed(part, verb, pieces))
    assert answer.status_code == 422
    assert f'aria-describedby="pieces_{part.lines[0].id.hex}-fault"' in answer.text
    assert WHY in answer.text
    assert session.scalars(select(Refund)).all() == []


def test_what_does_not_fit_is_said_beside_its_field(session: Session, manager: FlaskClient):
    part = handed_over_part(session, (offer(session, on_hand=9), 4), delivery=DeliveryKind.DELIVERY)
    house = accepted_part(session, (offer(session, on_hand=9), 4))
    session.commit()
    line = part.lines[0].id.hex
    for data, fault in (
        (typed(part, "refund", "1") | {f"rupiah_{line}": "60001"}, f"rupiah_{line}-fault"),
        (typed(part, "refund", "1", delivery="999999"), "delivery-fault"),
        (typed(part, "refund", "1", bearer="split"), "share-fault"),
        (typed(part, "refund", "1", bearer="split", share="15001"), "share-fault"),
        (typed(part, "refund", ""), f"pieces_{line}-fault"),
        (typed(part, "refund", "1", reason=" "), "reason-fault"),
        (typed(part, "cancel", "1"), "verb-fault"),
        (typed(part, "refund", "1", bearer="me"), "bearer-fault"),
    ):
        answer = manager.post(page_of(part), data=data)
        assert (answer.status_code, fault in answer.text) == (422, True), fault
    answer = manager.post(page_of(house), data=typed(house, "refund", "1"))
    assert (answer.status_code, "Belum diserahkan" in answer.text) == (422, True)
    assert session.scalars(select(Refund)).all() == []


def test_a_line_of_another_order_changes_nothing(session: Session, manager: FlaskClient):
    part, other = (accepted_part(session, (offer(session, on_hand=9), 4)) for _ in range(2))
    session.commit()
    data = typed(other, "cancel", "2")
    assert manager.post(page_of(part), data=data).status_code == 422
    foreign = f"/staff/orders/{part.order_id}/parts/{other.id}/undo"
    for page in (foreign, f"/staff/orders/{part.order_id}/parts/{uuid.uuid4()}/undo"):
        assert manager.post(page, data=data).status_code == 404
        assert manager.get(page).status_code == 404
    session.expire_all()
    assert [line.cancelled for line in (part.lines[0], other.lines[0])] == [0, 0]


def test_what_changed_meanwhile_is_told(session: Session, manager: FlaskClient):
    part = accepted_part(session, (offer(session, on_hand=9), 4))
    session.commit()
    manager.post(page_of(part), data=typed(part, "cancel", "4"))
    manager.post(page_of(part), data=typed(part, "cancel", "4"))
    answer = manager.post(page_of(part), data=typed(part, "cancel", "4", key="k2"))
    assert answer.status_code == 422  # nothing is left that could be cancelled
    assert "Tidak ada lagi yang bisa dibatalkan" in manager.get(page_of(part)).text
    assert session.scalar(select(func.count()).select_from(Refund)) == 1


def test_who_may_not_undo_is_refused(app: Flask, session: Session):
    part = accepted_part(session)
    session.commit()
    for role in (Role.FINANCE, Role.AUDITOR, Role.FACILITATOR):
        staff = signed_in(app, make_person(session, role))
        assert staff.get(page_of(part)).status_code == 403
        assert staff.post(page_of(part), data=typed(part, "cancel", "1")).status_code == 403
    assert app.test_client().post(page_of(part)).status_code in (302, 303, 401, 403)


def test_two_people_give_money_back(app: Flask, session: Session):
    """Granted by one permission, sent by another, and never by the same person."""
    part = handed_over_part(session)
    admin, finance = make_person(session, Role.ADMIN), make_person(session, Role.FINANCE)
    session.commit()
    signed_in(app, admin).post(page_of(part), data=typed(part, "refund", "1"))
    refund = session.scalars(select(Refund)).one()
    paid = f"/staff/refunds/{refund.id}/paid"
    own = signed_in(app, admin)
    page = own.get("/staff/payments/refunds").text
    assert (WHY in page, "Anda yang memutuskan" in page, paid in page) == (True, True, False)
    answer = own.post(paid, data={"reference": "BRI 1"}, follow_redirects=True)
    assert "Minta orang lain" in answer.text
    session.expire_all()
    assert refund.state == "due"
    other = signed_in(app, finance)
    page = other.get("/staff/payments/refunds").text
    assert (f"Diputuskan {admin.name}" in page, paid in page) == (True, True)
    assert other.post(paid, data={"reference": "BRI 1"}).status_code == 303
    session.expire_all()
    assert refund.state == "paid"
    manager = signed_in(app, make_person(session, Role.MANAGER))
    assert manager.post(paid, data={"reference": "BRI 2"}).status_code == 403


def test_the_buyer_reads_what_goes_back_and_why(app: Flask, session: Session, manager: FlaskClient):
    part = handed_over_part(session, (offer(session, on_hand=9), 4))
    session.commit()
    manager.post(page_of(part), data=typed(part, "refund", "1"))
    page = app.test_client().get(f"/o/{part.order.token}").text
    for words in ("Uang kembali", "Rp15.000 dikembalikan", WHY, "1 dikembalikan"):
        assert words in page
