"""Staff pay sellers in batches; each seller sees her own money and nobody else's."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.core.ids import new_id
from shop.ledger.models import Payout, PayoutBatch
from shop.ledger.paid_out import mark_paid
from shop.payments.states import Method
from shop.sellers.models import MemberRole, Seller, SellerMember
from tests.factories.payments import make_earned, make_paid
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def finance(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))


def studio_of(app: Flask, session: Session, seller: Seller) -> FlaskClient:
    owner = session.scalars(
        select(Person)
        .join(SellerMember, SellerMember.person_id == Person.id)
        .where(SellerMember.seller_id == seller.id)
    ).one()
    return signed_in(app, owner)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.MANAGER, name="Suryani"))


def test_a_batch_goes_from_owed_to_paid(
    session: Session, finance: FlaskClient, manager: FlaskClient
):
    rohana, melur = make_seller(session), make_seller(session, "Melur")
    make_earned(session, rohana, 60_000, fee=1_800)
    make_earned(session, melur, 20_000)
    session.commit()
    page = finance.get("/staff/payouts").text
    assert "2 penjual bisa dibayar sekarang, Rp78.200" in page
    for _ in range(2):
        made = finance.post("/staff/payouts", data={"key": "pressed"})
    batch = session.scalars(select(PayoutBatch)).one()
    assert made.location == f"/staff/payouts/{batch.number}"
    shown = finance.get(made.location).text
    assert "2 penjual, Rp78.200" in shown
    assert "000000000003921" in shown
    early = finance.post(f"{made.location}/paid", data={"reference": "x"}, follow_redirects=True)
    assert "belum disetujui orang kedua" in early.text
    assert finance.get(f"{made.location}.csv").status_code == 303
    own = finance.post(f"{made.location}/approve", follow_redirects=True)
    assert "Orang lain yang menyetujuinya" in own.text
    assert manager.post(f"{made.location}/approve").status_code == 303
    assert "Disetujui" in finance.get(made.location).text
    assert finance.post(f"{made.location}/paid", data={"reference": " "}).status_code == 422
    assert finance.post(f"{made.location}/paid", data={"reference": "BRI 7"}).status_code == 303
    assert session.scalars(select(Payout.state)).all() == ["paid", "paid"]
    assert "BRI 7" in finance.get(made.location).text


def test_one_payout_is_paid_and_comes_back(session: Session, finance: FlaskClient):
    make_earned(session, make_seller(session), 60_000)
    make_earned(session, make_seller(session, "Melur"), 30_000)
    batch = approved_batch(session, "k")
    assert batch is not None
    payout = session.scalars(select(Payout).order_by(Payout.amount)).first()
    assert payout is not None
    session.commit()
    here = f"/staff/payouts/{batch.number}/{payout.id}"
    assert finance.post(f"{here}/paid", data={"reference": ""}).status_code == 422
    assert finance.post(f"{here}/paid", data={"reference": "x"}).status_code == 303
    assert finance.post(f"{here}/returned", data={"reason": ""}).status_code == 422
    finance.post(f"{here}/returned", data={"reason": "rekening tutup"})
    session.expire_all()
    assert payout.state == "returned"
    again = finance.post(f"{here}/paid", data={"reference": "y"}, follow_redirects=True)
    assert "sudah dicatat sebelumnya" in again.text
    assert "1 penjual bisa dibayar sekarang, Rp30.000" in finance.get("/staff/payouts").text


def test_the_bank_gets_a_table(session: Session, finance: FlaskClient):
    seller = make_seller(session, "=Rohana")
    make_earned(session, seller, 60_000)
    batch = approved_batch(session, "k")
    assert batch is not None
    session.commit()
    answer = finance.get(f"/staff/payouts/{batch.number}.csv")
    head, row = rows_of(answer.text)
    assert dict(zip(head, row, strict=True)) == {
        "seller": "'=Rohana",
        "bank": "BRI",
        "account": "000000000003921",
        "holder": "'=Rohana",
        "amount": "60000",
        "state": "claimed",
        "reference": "",
    }


def test_nothing_to_pay_is_said(session: Session, finance: FlaskClient):
    answer = finance.post("/staff/payouts", data={"key": "k"}, follow_redirects=True)
    assert "Belum ada yang bisa dibayarkan" in answer.text
    assert finance.post("/staff/payouts", data={}).status_code == 400


def test_a_batch_nobody_made_is_not_found(session: Session, finance: FlaskClient):
    make_earned(session, make_seller(session), 60_000)
    batch = approved_batch(session, "k")
    assert batch is not None
    session.commit()
    assert finance.get("/staff/payouts/2026-01-01-1").status_code == 404
    url = f"/staff/payouts/{batch.number}/{new_id()}/paid"
    assert finance.post(url, data={"reference": "x"}).status_code == 404


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_who_only_looks_pays_nobody(app: Flask, session: Session, role: Role):
    make_earned(session, make_seller(session), 60_000)
    person = signed_in(app, make_person(session, role))
    assert "Siapkan daftar bayar" not in person.get("/staff/payouts").text
    assert person.post("/staff/payouts", data={"key": "k"}).status_code == 403


def test_a_seller_sees_where_her_money_is(app: Flask, session: Session):
    seller = make_seller(session)
    make_earned(session, seller, 100_000, fee=3_000)
    approved_batch(session, "k")
    payout = session.scalars(select(Payout)).one()
    mark_paid(session, payout.id, reference="BRI 1", person_id=None)
    make_earned(session, seller, 60_000, fee=1_800)
    make_earned(session, seller, 30_000, method=Method.CASH, fee=900)
    make_paid(session, (seller, 25_000))
    page = studio_of(app, session, seller).get("/sell/money").text
    for words in (
        "Rp184.300",
        "dari 3 pesanan",
        "Rp127.000",
        "Rp57.300",
        "Rp25.000",
        "+58.200",
        "−900",
        "−97.000",
        "Pesanan Dewi",
        "Tunai dari Dewi",
        "Dibayar ke BRI …3921",
        "Rp30.000 sudah Anda pegang.",
    ):
        assert words in page, words


def test_a_fee_owed_for_cash_is_explained(app: Flask, session: Session):
    seller = make_seller(session)
    make_earned(session, seller, 30_000, method=Method.CASH, fee=900)
    page = studio_of(app, session, seller).get("/sell/money").text
    assert "Anda menanggung potongan Rp900" in page


def test_a_new_seller_sees_an_empty_purse(app: Flask, session: Session):
    page = studio_of(app, session, make_seller(session)).get("/sell/money")
    assert page.status_code == 200
    assert "Belum ada catatan" in page.text


def test_a_seller_sees_nothing_of_another(app: Flask, session: Session):
    rohana, melur = make_seller(session), make_seller(session, "Melur")
    make_earned(session, melur, 77_000)
    page = studio_of(app, session, rohana).get("/sell/money").text
    assert "77.000" not in page


def test_the_statement_is_a_table_too(app: Flask, session: Session):
    seller = make_seller(session)
    make_earned(session, seller, 60_000, fee=1_800)
    client = studio_of(app, session, seller)
    rows = rows_of(client.get("/sell/money/statement.csv").text)
    assert rows[1][1] == "opening"
    assert rows[2][3:] == ["60000", "1800", "0", "58200", "58200"]
    assert client.get("/sell/money/statement.csv?month=2020-01").status_code == 200
    assert client.get("/sell/money/statement.csv?month=yesterday").status_code == 404


def test_a_plain_member_may_look(app: Flask, session: Session):
    seller = make_seller(session)
    member = make_person(session, name="Yusni")
    session.add(
        SellerMember(
            seller_id=seller.id, person_id=member.id, name="Yusni", role=MemberRole.MEMBER.value
        )
    )
    assert signed_in(app, member).get("/sell/money").status_code == 200


def test_who_is_not_signed_in_signs_in_first(client: FlaskClient):
    for path in ("/sell/money", "/staff/payouts", "/staff/payments", "/staff/settings"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert "/sign-in" in answer.location
