"""Pages of couriers and points: staff keep the list, write down who has the cash, and hand-ins."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.ledger.fees import set_rule
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.complete import complete
from shop.orders.give_back import give_back
from shop.orders.models import SellerOrder
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.sellers.models import SellerMember
from shop.sellers.models_holder import CashHolder
from tests.factories.holders import carried_part, make_courier, sent_part
from tests.factories.orders import payment_of, ready_part
from tests.factories.people import make_person, signed_in
from tests.factories.points import make_point

PART = 40_000


@pytest.fixture
def finance(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FINANCE))


def only_holder(session: Session) -> CashHolder:
    session.expire_all()
    return session.scalars(select(CashHolder)).one()


def studio(app: Flask, session: Session, part: SellerOrder) -> FlaskClient:
    owner = session.scalars(
        select(Person)
        .join(SellerMember, SellerMember.person_id == Person.id)
        .where(SellerMember.seller_id == part.seller_id)
    ).one()
    return signed_in(app, owner)


def test_a_courier_is_added_changed_and_leaves(session: Session, finance: FlaskClient):
    fault = finance.post("/staff/couriers", data={"name": "", "phone": "x"})
    assert fault.status_code == 422
    assert "perlu diisi" in fault.text
    finance.post("/staff/couriers", data={"name": "Pak Jamal", "phone": "0812 3450 0001"})
    courier = only_holder(session)
    assert courier.phone == "+6281234500001"
    twice = finance.post("/staff/couriers", data={"name": "Pak Jamal", "phone": ""})
    assert twice.status_code == 422
    assert "Sudah ada kurir dengan nama ini." in twice.text
    at = f"/staff/couriers/{courier.id}"
    assert finance.post(at, data={"name": "", "phone": ""}).status_code == 422
    finance.post(at, data={"name": "Pak Jamal Idris", "phone": ""})
    finance.post(f"{at}/left")
    courier = only_holder(session)
    assert (courier.name, courier.phone, courier.left_at is None) == ("Pak Jamal Idris", "", False)
    finance.post(f"{at}/back")
    assert only_holder(session).left_at is None
    assert finance.get(f"/staff/couriers/{make_point(session).id}").status_code == 404


def test_a_point_is_let_take_cash_and_has_no_name_of_its_own(
    session: Session, finance: FlaskClient
):
    point = make_point(session)
    session.commit()
    front = finance.get("/staff/couriers").text
    assert "Boleh menerima tunai" in front
    assert front.count('<a class="chip" href="/staff/couriers" aria-current="page"') == 1
    assert finance.get("/staff/payments").text.count('<a class="chip" href="/staff/couriers"') == 1
    finance.post(f"/staff/couriers/points/{point.id}")
    holder = only_holder(session)
    assert holder.name == point.name
    assert "Boleh menerima tunai" not in finance.get("/staff/couriers").text
    assert finance.post(f"/staff/couriers/{holder.id}", data={"name": "X"}).status_code == 404


def test_the_ticked_orders_are_carried_and_what_is_handed_in_is_not(
    session: Session, finance: FlaskClient
):
    courier = make_courier(session)
    part, other = sent_part(session, courier), sent_part(session, courier)
    ticked = payment_of(session, part.order).id.hex
    session.commit()
    at = f"/staff/couriers/{courier.id}"
    assert finance.post(f"{at}/taken").status_code == 422
    stranger = finance.post(f"{at}/taken", data={"payments": make_courier(session).id.hex})
    assert stranger.status_code == 422
    finance.post(f"{at}/taken", data={"payments": ticked})
    session.expire_all()
    assert balance(session, A.CARRIED, holder_id=courier.id) == PART
    page = finance.get(at).text
    assert f"{courier.name} membawa Rp40.000" in page
    assert other.order.number in page
    much = finance.post(
        f"{at}/hand-in", data={"key": "k", "amount": "50.000", "to": "bank", "reference": "B1"}
    )
    assert much.status_code == 422
    assert "Paling banyak Rp40.000." in much.text
    assert 'value="50.000"' in much.text
    nameless = finance.post(f"{at}/hand-in", data={"key": "k", "amount": "40.000", "to": "bank"})
    assert nameless.status_code == 422
    assert "Tulis nomor setoran dari bank." in nameless.text
    good = {"key": "k", "amount": "30.000", "to": "bank", "reference": "BRI 77"}
    for _ in range(2):
        assert finance.post(f"{at}/hand-in", data=good).status_code == 303
    hers = {"key": "s", "amount": "10.000", "to": part.seller_id.hex, "reference": ""}
    finance.post(f"{at}/hand-in", data=hers)
    session.expire_all()
    assert balance(session, A.CARRIED, holder_id=courier.id) == 0
    assert balance(session, A.BANK) == 30_000
    assert balance(session, A.PAYABLE, part.seller_id) == 10_000
    page = finance.get(at).text
    assert "Semua sudah disetor." in page
    assert "BRI 77" in page


def test_a_hand_in_is_undone_from_its_page(session: Session, finance: FlaskClient):
    courier = make_courier(session)
    carried_part(session, courier)
    session.commit()
    at = f"/staff/couriers/{courier.id}"
    finance.post(
        f"{at}/hand-in", data={"key": "k", "amount": "40.000", "to": "bank", "reference": "B"}
    )
    page = finance.get(at).text
    undo = page.split(f'action="{at}/hand-in/', 1)[1].split('"', 1)[0]
    finance.post(f"{at}/hand-in/{undo}")
    session.expire_all()
    assert balance(session, A.CARRIED, holder_id=courier.id) == PART
    assert "Dibatalkan" in finance.get(at).text
    assert finance.post(f"{at}/hand-in/{courier.id}/undo").status_code == 404


def test_the_seller_says_who_takes_the_cash_as_she_hands_it_over(app: Flask, session: Session):
    courier = make_courier(session)
    part = ready_part(session, method=Method.CASH, delivery=DeliveryKind.DELIVERY)
    session.commit()
    client, at = studio(app, session, part), f"/sell/orders/{part.id}"
    assert "Kurir atau titik yang menerima uangnya" in client.get(at).text
    assert f"Kurir {courier.name}" in client.get(f"{at}/carrier").text
    wrong = client.post(f"{at}/carrier", data={"who": part.id.hex})
    assert wrong.status_code == 422
    client.post(f"{at}/carrier", data={"who": courier.id.hex})
    session.expire_all()
    assert part.state == "handed_over"
    page = client.get(at).text
    assert f"diterima oleh {courier.name}" in page
    assert f"Tunai lewat {courier.name}" in page
    back = client.post(f"{at}/carrier", data={"who": "me"})
    assert back.headers["Location"].endswith("/cash")
    client.post(f"{at}/cash", data={"amount": "40.000"})
    session.expire_all()
    assert balance(session, A.CASH, part.seller_id) == PART
    late = client.post(f"{at}/carrier", data={"who": courier.id.hex}, follow_redirects=True)
    assert "Itu sudah dilakukan" in late.text
    other = studio(app, session, ready_part(session, method=Method.CASH))
    assert other.get(f"{at}/carrier").status_code == 404


def test_the_statement_of_a_courier_has_every_order_and_its_paper_and_table(
    session: Session, finance: FlaskClient
):
    courier = make_courier(session)
    part = carried_part(session, courier)
    session.commit()
    at = f"/staff/couriers/{courier.id}"
    data = {"key": "k", "amount": "15.000", "to": "bank", "reference": "BRI 77"}
    finance.post(f"{at}/hand-in", data=data)
    assert f"holder={courier.id}" in finance.get("/staff/statements").text
    whole = f"/staff/statements/accounts/carried?holder={courier.id}"
    page = finance.get(whole).text
    for words in ("Saldo awal", part.order.number, "40.000", "−15.000", "25.000", "BRI 77"):
        assert words in page, words
    table = finance.get(whole.replace("carried", "carried.csv")).text
    rows = list(csv.reader(io.StringIO(table.lstrip("\ufeff"))))
    assert [row[-1] for row in rows[1:]] == ["0", "40000", "25000", "25000"]
    assert rows[2][2] == part.order.number
    assert finance.get(whole.replace("carried", "carried.pdf")).data.startswith(b"%PDF")
    for wrong in ("", "?holder=x", f"?holder={part.id}"):
        assert finance.get(f"/staff/statements/accounts/carried{wrong}").status_code == 404


def test_the_programmes_statement_runs_over_all_that_is_its_own(
    session: Session, finance: FlaskClient
):
    set_rule(session, 1_000, None)
    courier = make_courier(session)
    part = carried_part(session, courier)
    complete(session, part.id, actor="buyer")
    line = part.lines[0]
    give_back(
        session, part.id, lines={line.id: (1, 15_000)}, delivery=0, seller_share=0,
        reason="Pecah", person_id=None, key="g",
    )  # fmt: skip
    session.commit()
    front = finance.get("/staff/statements").text
    assert "/staff/statements/programme" in front
    assert 'href="/staff/payouts" aria-current="page"' in front
    page = finance.get("/staff/statements/programme").text
    for words in ("<span>Potongan program", "Ditanggung program: ", "+3.000", "−15.000", "−12.000"):
        assert words in page, words
    assert page.count(f"Pesanan {part.order.number}") >= 2
    table = finance.get("/staff/statements/programme.csv").text
    rows = list(csv.reader(io.StringIO(table.lstrip("\ufeff"))))
    assert [row[1] for row in rows[1:]] == ["opening", "fee", "goodwill", "closing"]
    assert [row[-1] for row in rows[1:]] == ["0", "3000", "-12000", "-12000"]
    assert {row[3] for row in rows[2:-1]} == {part.order.number}
    assert finance.get("/staff/statements/programme.pdf").data.startswith(b"%PDF")
    assert finance.get("/staff/statements/programme?month=2020-01").status_code == 200
